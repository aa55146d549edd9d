package dev.modelfetch;

import java.nio.file.Path;
import java.util.List;

/**
 * What a hub cache holds.
 *
 * @param root the directory, absolute
 * @param bytes on the disk below it, those with several names counted once; without our records, which are small
 * @param repositories by key
 * @param leftovers that belong to no repository
 * @param warnings about what belongs to no repository; each {@link CachedRepo} has its own
 */
public record CacheContents(
        Path root, long bytes, List<CachedRepo> repositories, List<Leftover> leftovers, List<CacheWarning> warnings) {

    public CacheContents {
        repositories = List.copyOf(repositories);
        leftovers = List.copyOf(leftovers);
        warnings = List.copyOf(warnings);
    }
}
