package dev.modelfetch.internal.store;

import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where commits of a repository are kept: its folder in a hub cache, or a plain directory. */
public sealed interface RepoStore permits HubCache, LocalDir, FromCache {

    /** The folder that has all of it, absolute: to be named and measured when something goes wrong. May not exist. */
    Path folder();

    /**
     * Keeps evictions out while a job relies on what is there. Where that cannot be had, as nothing may be written or the
     * file system knows no locks, jobs come in all the same, and evictions look for other signs of them.
     *
     * @return to be closed by the job; empty while an eviction is at work
     */
    Optional<Closeable> enter();

    /**
     * The store of one commit.
     *
     * @throws IllegalArgumentException if the commit could not name a file
     */
    SnapshotStore at(String commit);

    /** Whether files come from a folder alone, and what that lacks is left out instead of fetched. */
    default boolean takesOnly() {
        return false;
    }

    /** Whether that folder seems to have the file, by its length. */
    default boolean gives(RepoFile file) {
        return false;
    }

    /** The commit a branch or tag pointed at when it was last fetched; a commit that is stored is its own. */
    Optional<String> ref(String revision);

    /**
     * What is known about a commit without asking anybody: the manifest remembered by an earlier job, else the one that
     * the Python library left, else the files that are there ({@link Manifest#complete()} is false then).
     */
    Optional<Manifest> manifest(String commit);

    /** Commits with anything stored, the most recent first. */
    List<String> commits();
}
