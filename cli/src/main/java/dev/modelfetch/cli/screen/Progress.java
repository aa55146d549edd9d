package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchException;

/** How a job is shown on stderr. */
public enum Progress {
    /** Bars on a terminal, lines elsewhere. */
    AUTO,
    BAR,
    PLAIN,
    JSON,
    NONE;

    /**
     * Reads the word for one, in any case.
     *
     * @throws FetchException.Usage if it is none of them
     */
    public static Progress parse(String text) {
        for (Progress kind : values()) {
            if (kind.name().equalsIgnoreCase(text)) {
                return kind;
            }
        }
        throw new FetchException.Usage(
                "\"" + text + "\" is not a way to show progress.", "Use auto, bar, plain, json or none.");
    }
}
