package dev.modelfetch;

import java.util.Locale;

/** Whether the repository that was listed is the one that was asked for. */
public enum Identity {
    /** The source's family owns the spelling that was asked for. */
    SAME,
    /** Another catalogue, and weight files have the SHA-256 a Hub listing names. */
    PROVED,
    /** Another catalogue, and no Hub listing could be had to compare with. */
    UNPROVED;

    /** The word used in JSON and on screen. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
