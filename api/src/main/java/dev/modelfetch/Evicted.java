package dev.modelfetch;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What became of an {@link Eviction}.
 *
 * @param bytes that really became free
 * @param deleted files, and folders with everything below them, in the order in which they went
 * @param skipped what had to stay
 */
public record Evicted(long bytes, List<Path> deleted, List<Skipped> skipped) {

    /**
     * Something that was planned and not done.
     *
     * @param path of a repository's folder, or of what could not be deleted
     * @param detail for people; what the system said where it failed
     */
    public record Skipped(Path path, Reason reason, String detail) {}

    /** Why something was not deleted. */
    public enum Reason {
        /** Somebody is fetching into it. */
        IN_USE,
        /** It is not what it was when the plan was made. */
        CHANGED,
        /** The system does not let us, or it lies outside the cache. */
        FAILED;

        /** The word used in JSON and on screen. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Evicted {
        deleted = List.copyOf(deleted);
        skipped = List.copyOf(skipped);
    }
}
