package dev.modelfetch.internal.store;

import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Locks;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who is at work in the folder of a repository: any number of jobs, or one eviction. The locks are in a folder of the cache
 * that evictions leave alone and other programs pass over, as they have to outlive the folders of repositories.
 */
public final class Occupancy {

    private final Path folder;

    /** @param cacheRoot the directory that holds {@code models--…} */
    public Occupancy(Path cacheRoot) {
        this.folder = cacheRoot.resolve(".locks").resolve("modelfetch");
    }

    /**
     * Lets a job in.
     *
     * @param repository name of its folder
     * @return what lets it out again; empty while there is an eviction
     * @throws IOException if nothing can be written there, or the file system knows no locks
     */
    public Optional<Closeable> enter(String repository) throws IOException {
        AtomicFile.directories(folder);
        return Locks.share(folder, repository);
    }

    /** As {@link #enter}, alone: empty while anybody is in. */
    public Optional<Closeable> seize(String repository) throws IOException {
        AtomicFile.directories(folder);
        return Locks.take(folder, repository);
    }
}
