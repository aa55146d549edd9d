package dev.modelfetch;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One commit of a repository in a hub cache.
 *
 * @param commit name of its folder
 * @param path of that folder, absolute
 * @param refs branches and tags that point to it
 * @param files that are there, by path
 * @param size in bytes, those with several names counted once
 * @param lastAccessed when it was used last, as far as the disk or our own record tells
 * @param lastModified when a file of it was stored last
 * @param source that listed it for us; empty if another program stored it
 * @param missing how many files the listing has that are not there; empty if nobody left one
 */
public record CachedRevision(
        String commit,
        Path path,
        List<String> refs,
        List<CachedFile> files,
        long size,
        Instant lastAccessed,
        Instant lastModified,
        Optional<String> source,
        OptionalInt missing)
        implements Evictable {

    public CachedRevision {
        refs = List.copyOf(refs);
        files = List.copyOf(files);
    }

    /** The weakest that any of its files has; empty if it has none, or one of which we know nothing. */
    public Optional<Verification> verified() {
        return files.stream().allMatch(file -> file.verified().isPresent())
                ? files.stream().map(file -> file.verified().orElseThrow()).max(Comparator.naturalOrder())
                : Optional.empty();
    }
}
