package dev.modelfetch;

import java.util.Locale;

/**
 * Who vouches for the bytes of a file, strongest first. A digest was compared at every level but
 * {@link #SIZE}; what differs is whom it came from.
 */
public enum Verification {
    /** A lock file or the caller named the digest. */
    PINNED,
    /** A listing fetched from Hugging Face itself named it. */
    ORIGIN,
    /** Two independent hubs agree on it. */
    CROSS,
    /** Only the hub that sent the bytes, or one of its own kind, named it. */
    SELF,
    /** No listing names a digest; only the length was checked. */
    SIZE;

    /**
     * Reads the word, in any case.
     *
     * @throws FetchException.Usage if it is none of them
     */
    public static Verification parse(String text) {
        for (Verification level : values()) {
            if (level.word().equals(text.trim().toLowerCase(Locale.ROOT))) {
                return level;
            }
        }
        throw new FetchException.Usage(
                Message.of("bad-level", "\"{0}\" is not a level of verification.", text),
                Hint.plain("Use pinned, origin, cross, self or size."));
    }

    /** Whether that one says more, or as much. */
    public boolean isMetBy(Verification other) {
        return other.compareTo(this) <= 0;
    }

    /** The word used in JSON and on screen. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
