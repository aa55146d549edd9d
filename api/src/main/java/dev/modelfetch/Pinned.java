package dev.modelfetch;

import java.time.Instant;
import java.util.Objects;

/**
 * A revision of a repository, pinned to a commit for one caller.
 *
 * @param repo as asked for
 * @param manifest what the commit consists of, as a source lists it
 * @param known when a source has last said that the revision means this commit; for a commit, when it was asked for
 * @param stale whether that is longer ago than it should be, as nobody could be reached or the answer is still to come
 * @param identity whether it is the repository asked for
 * @param caller for whom
 * @param open whether everybody may read it
 */
public record Pinned(
        Repo repo, Manifest manifest, Instant known, boolean stale, Identity identity, Caller caller, boolean open) {

    public Pinned {
        Objects.requireNonNull(repo, "repo");
        Objects.requireNonNull(manifest, "manifest");
    }

    public String commit() {
        return manifest.commit();
    }

    /** Who has listed it. */
    public String source() {
        return manifest.source();
    }
}
