package dev.modelfetch;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Something in a cache that is not as it should be; everything else in it is shown all the same.
 *
 * @param path absolute
 * @param detail for people: what the system said, or what was found; may be empty
 */
public record CacheWarning(Path path, Kind kind, String detail) {

    /** What is the matter. */
    public enum Kind {
        /** Neither a repository nor anything else that belongs into a cache. */
        NOT_A_REPOSITORY,
        /** The system does not let us read it. */
        UNREADABLE,
        /** The folder of a repository that has no revisions. */
        NO_SNAPSHOTS,
        /** A file where only folders of revisions should be. */
        NOT_A_REVISION,
        /** A file of a revision whose content is not there. */
        BROKEN_LINK,
        /** A branch or tag that names no commit. */
        BAD_REF,
        /** A branch or tag of a commit that is not stored. */
        DANGLING_REF,
        /** A link to somewhere outside the cache, where nothing is ever deleted. */
        OUTSIDE;

        /** The word used in JSON and on screen. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
