package dev.modelfetch.spi;

/** What a source's listing is worth. */
public enum Trust {
    /** The hub where repositories are born. */
    ORIGIN,
    /** Independent catalogue of its own. */
    INDEPENDENT,
    /** Passes on another hub's answers and could change them. */
    MIRROR
}
