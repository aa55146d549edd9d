package dev.modelfetch.cli.screen;

import java.util.Locale;

/** How a job is shown on stderr. */
public enum Progress {
    /** Bars on a terminal, lines elsewhere. */
    AUTO,
    BAR,
    PLAIN,
    JSON,
    NONE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
