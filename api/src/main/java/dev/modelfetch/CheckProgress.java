package dev.modelfetch;

/**
 * How far {@link Cache#verify} is.
 *
 * @param repo whose file is being hashed; there may be others at the same time
 * @param file its path in the repository
 * @param done bytes hashed so far, of all files
 * @param total bytes to be hashed
 */
public record CheckProgress(CachedRepo repo, String file, long done, long total) {}
