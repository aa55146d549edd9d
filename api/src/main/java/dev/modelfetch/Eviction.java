package dev.modelfetch;

import java.nio.file.Path;
import java.util.List;

/**
 * What would be deleted from a cache, and what that would free; making one deletes nothing. Done by {@link Cache#evict}.
 *
 * @param root of the cache it was planned for
 * @param repositories of which something would go
 * @param shared content that no repository would use any more, from the store that several of them share
 */
public record Eviction(Path root, List<Share> repositories, List<Deletion> shared) {

    /**
     * What would go of one repository.
     *
     * @param repo as it was found
     * @param whole whether its folder would go, with everything in it
     * @param revisions that would go
     * @param deletions in the order in which they would be done
     */
    public record Share(CachedRepo repo, boolean whole, List<CachedRevision> revisions, List<Deletion> deletions) {
        public Share {
            revisions = List.copyOf(revisions);
            deletions = List.copyOf(deletions);
        }

        /** What would become free. */
        public long bytes() {
            return sum(deletions);
        }
    }

    /**
     * A file, or a folder with everything below it.
     *
     * @param bytes that become free with it; 0 for a link, and for bytes that have another name
     */
    public record Deletion(Path path, long bytes) {}

    public Eviction {
        repositories = List.copyOf(repositories);
        shared = List.copyOf(shared);
    }

    /** What would become free. */
    public long bytes() {
        return repositories.stream().mapToLong(Share::bytes).sum() + sum(shared);
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return repositories.isEmpty() && shared.isEmpty();
    }

    private static long sum(List<Deletion> deletions) {
        return deletions.stream().mapToLong(Deletion::bytes).sum();
    }
}
