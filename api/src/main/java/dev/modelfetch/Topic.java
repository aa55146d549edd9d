package dev.modelfetch;

/** What a hub says of a repository beside what it consists of. */
public enum Topic {
    /** Licence, tags, author, when it was changed: an object. What is said of a commit is stored with it. */
    CARD,
    /** Its branches and tags: an object. */
    REFS,
    /** The commits up to the one that is pinned, newest first: an array, in pages. */
    HISTORY
}
