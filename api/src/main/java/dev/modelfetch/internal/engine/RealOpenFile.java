package dev.modelfetch.internal.engine;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.OpenFile;
import dev.modelfetch.Pinned;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.StoredFile;
import dev.modelfetch.internal.transfer.LiveFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A file of a depot: stored when it was opened, or filled when it is first read. */
final class RealOpenFile implements OpenFile {

    /** What is there. */
    private record Stored(Path path, Digest digest, Verification verified) {}

    private final RepoFile row;
    private final Supplier<Flight> flights;
    private final Closeable inside;
    private volatile @Nullable Stored stored;

    // Guarded by this.
    private @Nullable Flight flight;
    private boolean closed;

    private RealOpenFile(RepoFile row, Supplier<Flight> flights, Closeable inside, @Nullable Stored stored) {
        this.row = row;
        this.flights = flights;
        this.inside = inside;
        this.stored = stored;
    }

    static OpenFile of(RealDepot depot, Pinned pinned, RepoFile row) throws IOException {
        Optional<StoredFile> found = depot.store(pinned).find(row);
        Closeable inside = found.isPresent() ? depot.enter(pinned).orElse(() -> {}) : () -> {};
        return new RealOpenFile(
                row,
                () -> depot.flight(pinned, row),
                inside,
                found.map(file -> new Stored(file.path(), row.digest().orElse(file.sha256()), file.verified()))
                        .orElse(null));
    }

    /** One that is found by its content. */
    static OpenFile stored(HubCache cache, Digest digest, Path blob) throws IOException {
        RepoFile row = RepoFile.of(digest.hex(), Files.size(blob))
                .withSha256(digest.hex())
                .asLfs();
        return new RealOpenFile(
                row,
                () -> {
                    throw new IllegalStateException("stored");
                },
                cache.enter().orElse(() -> {}),
                new Stored(blob, digest, Verification.SELF));
    }

    @Override
    public RepoFile row() {
        return row;
    }

    @Override
    public Optional<Digest> digest() {
        Stored now = stored;
        return now == null ? row.digest() : Optional.of(now.digest());
    }

    @Override
    public Optional<Path> path() {
        return Optional.ofNullable(stored).map(Stored::path);
    }

    @Override
    public Verification verification() {
        Stored now = stored;
        return now != null ? now.verified() : row.digest().isPresent() ? Verification.SELF : Verification.SIZE;
    }

    @Override
    public void transferTo(long position, long count, WritableByteChannel channel) throws IOException {
        if (position < 0 || count < 0 || position > row.size() - count) {
            throw new IndexOutOfBoundsException(position + "+" + count + " is outside of " + row.size() + " bytes");
        }
        Stored now = stored;
        if (now != null) {
            LiveFile.send(now.path(), position, position + count, channel);
            return;
        }
        try {
            Flight joined = joined();
            joined.send(position, count, channel);
            if (joined.end().isDone() && !joined.end().isCompletedExceptionally()) {
                arrived(joined);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        }
    }

    private void arrived(Flight done) {
        Snapshot.Item item = done.end().join();
        done.path()
                .ifPresent(path ->
                        stored = new Stored(path, row.digest().orElse(Digest.sha256(item.sha256())), item.verified()));
    }

    private synchronized Flight joined() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (flight == null) {
            flight = flights.get();
        }
        return flight;
    }

    @Override
    public void close() {
        Flight left;
        synchronized (this) {
            left = closed ? null : flight;
            closed = true;
        }
        if (left != null) {
            left.leave();
        }
        try {
            inside.close();
        } catch (IOException e) {
            throw StorageErrors.of(e, Path.of(row.path()));
        }
    }
}
