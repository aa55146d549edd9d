package dev.modelfetch.internal.store;

import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.store.partial.Ranges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * What the hub cache has of a repository that is wanted in plain files elsewhere. The cache itself is only read.
 */
final class CachedCopy {

    /** So much at a time, that an interrupt is seen; the system may share the blocks instead of copying them. */
    private static final long STEP = 64L << 20;

    private static final int BUFFER = 1 << 20;

    /** How a file comes to another folder, to be given its name there. */
    interface Taking {
        Path into(Path scratch, Path from) throws IOException;
    }

    private final HubCache cache;
    private final Taking taking;

    CachedCopy(HubCache cache, Taking taking) {
        this.cache = cache;
        this.taking = taking;
    }

    /** Whether {@link #of} is likely to find it. */
    boolean seems(String commit, RepoFile file) {
        return isThere() && cache.at(commit).seems(file);
    }

    /**
     * Where it is and what proves it.
     *
     * @param vouched as in {@link SnapshotStore#find(RepoFile, Verification, IntConsumer)}, like the last one
     */
    Optional<CacheSnapshot.Found> of(String commit, RepoFile file, Verification vouched, IntConsumer hashed)
            throws IOException {
        return isThere() ? new CacheSnapshot(cache, commit).lookup(file, vouched, hashed) : Optional.empty();
    }

    /** In that folder, to be given its name. */
    Path taken(Path from, Path scratch) throws IOException {
        return taking.into(scratch, from);
    }

    /** The same file by another name, as nobody writes to either; a copy where that cannot be. */
    static Path linked(Path scratch, Path from) throws IOException {
        Path fresh = AtomicFile.temporary(scratch);
        try {
            return Files.createLink(fresh, from);
        } catch (IOException | UnsupportedOperationException e) {
            return copied(scratch, from);
        }
    }

    /** A file of its own, as people change what is in their directories. */
    static Path copied(Path scratch, Path from) throws IOException {
        Path fresh = AtomicFile.temporary(scratch);
        try (FileChannel in = FileChannel.open(from);
                FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            long size = in.size();
            for (long at = 0; at < size; ) {
                long more = in.transferTo(at, Math.min(STEP, size - at), out);
                if (more <= 0) {
                    throw new IOException(from + " became shorter while it was copied");
                }
                at += more;
            }
            return fresh;
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    /** Bytes of a download begun there that could be gone on with. */
    long partialBytes(String commit, RepoFile file) {
        return isThere() ? cache.books().partialBytes(file, commit) : 0;
    }

    /** Takes over what was begun there, unless somebody is at work on it. */
    void continueIn(Partial partial, String commit, RepoFile file) throws IOException {
        if (partialBytes(commit, file) == 0) {
            return;
        }
        Optional<Partial> begun = cache.books().partial(file, commit);
        if (begun.isEmpty()) {
            return;
        }
        try (Partial there = begun.get()) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            for (Ranges.Range range : there.ranges().all()) {
                for (long at = range.start(); at < range.end(); ) {
                    buffer.clear().limit((int) Math.min(BUFFER, range.end() - at));
                    int read = there.read(at, buffer);
                    if (read <= 0) {
                        return;
                    }
                    partial.write(at, buffer.flip(), range.source());
                    at += read;
                }
            }
        }
    }

    private boolean isThere() {
        return Files.isDirectory(cache.folder());
    }
}
