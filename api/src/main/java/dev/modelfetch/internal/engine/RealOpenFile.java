package dev.modelfetch.internal.engine;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.FileReceiver;
import dev.modelfetch.OpenFile;
import dev.modelfetch.Pinned;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.Stock;
import dev.modelfetch.internal.store.StoredFile;
import dev.modelfetch.internal.transfer.LiveFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file of a depot: stored when it was opened, filled when it is first read, or passed through as there is no room. */
final class RealOpenFile implements OpenFile {

    /** What is there. */
    private record Stored(Path path, Digest digest, Verification verified) {}

    /** How what is not there is had. */
    private record Missing(RealDepot depot, Pinned pinned, Room.@Nullable Claim room) {}

    private final RepoFile row;
    private final @Nullable Missing missing;
    private final Closeable inside;
    private volatile @Nullable Stored stored;

    // Guarded by this.
    private @Nullable Flight flight;
    private boolean closed;

    private RealOpenFile(RepoFile row, @Nullable Missing missing, Closeable inside, @Nullable Stored stored) {
        this.row = row;
        this.missing = missing;
        this.inside = inside;
        this.stored = stored;
    }

    static OpenFile of(RealDepot depot, Pinned pinned, RepoFile row) throws IOException {
        Closeable inside = depot.enter(pinned);
        Optional<StoredFile> found = Optional.empty();
        try {
            found = depot.store(pinned).find(row);
        } finally {
            if (found.isEmpty()) {
                inside.close();
            }
        }
        if (found.isEmpty()) {
            Digest sha256 = row.sha256();
            Optional<OpenFile> shared = sha256 == null ? Optional.empty() : depot.shared(sha256);
            if (shared.isPresent() && shared.get().size() == row.size()) {
                return shared.get();
            }
            shared.ifPresent(OpenFile::close);
            return new RealOpenFile(row, new Missing(depot, pinned, depot.claim(pinned, row)), () -> {}, null);
        }
        StoredFile file = found.get();
        Stock.read(file.path(), depot.clock().instant());
        Stored stored = new Stored(file.path(), row.digest().orElse(file.sha256()), file.verified());
        return new RealOpenFile(row, null, inside, stored);
    }

    /** One that is found by its content; empty if it has gone meanwhile. */
    static Optional<OpenFile> shared(RealDepot depot, HubCache cache, Digest sha256) throws IOException {
        Closeable inside = depot.enter(cache);
        Optional<Path> blob = Optional.empty();
        try {
            blob = cache.blob(sha256);
            if (blob.isEmpty()) {
                return Optional.empty();
            }
            RepoFile row = RepoFile.of(sha256.hex(), Files.size(blob.get()))
                    .withSha256(sha256.hex())
                    .asLfs();
            Stock.read(blob.get(), depot.clock().instant());
            return Optional.of(new RealOpenFile(row, null, inside, new Stored(blob.get(), sha256, Verification.SELF)));
        } finally {
            if (blob.isEmpty()) {
                inside.close();
            }
        }
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
    public boolean isPassedThrough() {
        return missing != null && missing.room() == null;
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
        if (missing == null) {
            throw new IllegalStateException("neither stored nor missing");
        }
        try {
            if (missing.room() == null) {
                missing.depot().pass(missing.pinned(), row, position, count, channel);
            } else {
                fill(missing, missing.room(), position, count, channel);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        }
    }

    private void fill(Missing what, Room.Claim room, long position, long count, WritableByteChannel channel)
            throws IOException, InterruptedException {
        Flight joined = joined(what, room);
        Counted counted = Counted.of(channel);
        try {
            joined.send(position, count, counted);
        } catch (FetchException.Storage e) {
            // Whoever has the beginning of it already cannot tell whether that was right.
            boolean fresh = !counted.begun && (position == 0 || position + count < row.size());
            if (!fresh || !StorageErrors.isOfFullDisk(e)) {
                throw e;
            }
            what.depot().pass(what.pinned(), row, position, count, channel);
            return;
        }
        if (joined.end().isDone() && !joined.end().isCompletedExceptionally()) {
            arrived(joined);
        }
    }

    private void arrived(Flight done) {
        Snapshot.Item item = done.end().join();
        done.path()
                .ifPresent(path ->
                        stored = new Stored(path, row.digest().orElse(Digest.sha256(item.sha256())), item.verified()));
    }

    private synchronized Flight joined(Missing what, Room.Claim room) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (flight == null) {
            flight = what.depot().flight(what.pinned(), row, room);
        }
        return flight;
    }

    @Override
    public void close() {
        Flight left;
        boolean unused;
        synchronized (this) {
            left = closed ? null : flight;
            unused = flight == null;
            closed = true;
        }
        if (left != null) {
            left.leave();
        }
        if (unused && missing != null && missing.room() != null) {
            missing.room().close();
        }
        try {
            inside.close();
        } catch (IOException e) {
            throw StorageErrors.of(e, Path.of(row.path()));
        }
    }

    /** Knows whether anything has gone to the reader. */
    private static class Counted implements WritableByteChannel {

        private final WritableByteChannel channel;
        boolean begun;

        private Counted(WritableByteChannel channel) {
            this.channel = channel;
        }

        static Counted of(WritableByteChannel channel) {
            return channel instanceof FileReceiver receiver ? new CountedReceiver(receiver) : new Counted(channel);
        }

        @Override
        public int write(ByteBuffer more) throws IOException {
            int written = channel.write(more);
            begun |= written > 0;
            return written;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** One that takes files still does. */
    private static final class CountedReceiver extends Counted implements FileReceiver {

        private final FileReceiver receiver;

        CountedReceiver(FileReceiver receiver) {
            super(receiver);
            this.receiver = receiver;
        }

        @Override
        public void receive(FileChannel file, long position, long count) throws IOException {
            begun = true;
            receiver.receive(file, position, count);
        }
    }
}
