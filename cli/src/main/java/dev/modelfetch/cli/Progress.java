package dev.modelfetch.cli;

import java.util.Locale;

/** How a job is shown on stderr. */
enum Progress {
    /** Bars on a terminal, lines elsewhere. */
    AUTO,
    BAR,
    PLAIN,
    JSON,
    NONE;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
