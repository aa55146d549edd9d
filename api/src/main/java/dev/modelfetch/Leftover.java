package dev.modelfetch;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;

/**
 * Something in a cache that belongs to no revision.
 *
 * @param bytes on the disk; of a download with holes, those that are there
 * @param lastModified when it was written to last
 */
public record Leftover(Path path, Kind kind, long bytes, Instant lastModified) {

    /** What it is. */
    public enum Kind {
        /** An unfinished download of ours, which a later job goes on with. */
        PARTIAL,
        /** An unfinished download of another program. */
        INCOMPLETE,
        /** Complete content to which no revision refers. */
        UNREFERENCED,
        /** What a process of ours left when it was killed. */
        TEMPORARY;

        /** The word used in JSON and on screen. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
