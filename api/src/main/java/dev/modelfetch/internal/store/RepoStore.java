package dev.modelfetch.internal.store;

import dev.modelfetch.Manifest;
import java.util.List;
import java.util.Optional;

/** Where commits of a repository are kept: its folder in a hub cache, or a plain directory. */
public sealed interface RepoStore permits HubCache, LocalDir {

    /**
     * The store of one commit.
     *
     * @throws IllegalArgumentException if the commit could not name a file
     */
    SnapshotStore at(String commit);

    /** The commit a branch or tag pointed at when it was last fetched; a commit that is stored is its own. */
    Optional<String> ref(String revision);

    /**
     * What is known about a commit without asking anybody: the listing remembered by an earlier job, else the one that
     * the Python library left, else the files that are there ({@link Manifest#complete()} is false then).
     */
    Optional<Manifest> listing(String commit);

    /** Commits with anything stored, the most recent first. */
    List<String> commits();
}
