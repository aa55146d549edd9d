package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;

/** How a job is shown on stderr. */
public enum Progress {
    /** {@link #BAR} on a terminal, {@link #PLAIN} elsewhere. */
    AUTO,
    /** A line for the whole and one for each source. */
    BAR,
    /** The same with one for each file. */
    FILES,
    PLAIN,
    JSON,
    NONE;

    /** Whether lines are redrawn in place. */
    boolean draws() {
        return this == BAR || this == FILES;
    }

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
                Message.of("bad-progress", "\"{0}\" is not a way to show progress.", text),
                Hint.plain("Use auto, bar, files, plain, json or none."));
    }
}
