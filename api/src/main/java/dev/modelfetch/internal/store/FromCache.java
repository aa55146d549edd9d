package dev.modelfetch.internal.store;

import dev.modelfetch.Manifest;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A plain directory to be filled from the hub cache alone: what revisions are and commits consist of is known there, and
 * files are taken from there.
 *
 * @param directory that takes files from this cache
 */
public record FromCache(LocalDir directory, HubCache cache) implements RepoStore {

    @Override
    public Path folder() {
        return directory.folder();
    }

    @Override
    public Optional<Closeable> enter() {
        return cache.enter();
    }

    @Override
    public SnapshotStore at(String commit) {
        return directory.at(commit);
    }

    @Override
    public Optional<String> ref(String revision) {
        return cache.ref(revision);
    }

    @Override
    public Optional<Manifest> manifest(String commit) {
        return cache.manifest(commit);
    }

    @Override
    public List<String> commits() {
        return cache.commits();
    }
}
