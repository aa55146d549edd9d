package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchException;
import dev.modelfetch.FileReceiver;
import dev.modelfetch.Hint;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.store.partial.Ranges;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file as others read it while it is filled. A reader gets a byte as soon as it is on the disk, with three exceptions,
 * so that nobody ends with a complete file that is wrong:
 *
 * <ul>
 *   <li>whoever reads up to the last byte gets the last 64 KiB only once the digest has been compared;
 *   <li>and never more than 256 MiB that have not been hashed;
 *   <li>if bytes turn out to be wrong that a reader was given, reading ends with {@link FetchException.Corrupt}.
 * </ul>
 *
 * <p>Guarded by itself; takes the monitors of the partial file and of its segments, which never take this one.
 */
public final class LiveFile {

    private final RepoFile file;
    private final boolean strict;
    private final Demand demand;
    private final Set<Reader> readers = new HashSet<>();
    private @Nullable Partial partial;
    private @Nullable FrontierHash hash;
    private @Nullable Segments segments;
    private boolean verified;
    private @Nullable Path stored;
    private @Nullable FetchException failure;
    private volatile boolean watched;

    /** A file that is fetched for its own sake, and that nobody reads meanwhile. */
    LiveFile(RepoFile file) {
        this(file, false, Demand.ofAll());
    }

    /**
     * A file that is filled for its readers.
     *
     * @param strict whether no byte of it is given out before all of it has been verified
     */
    public LiveFile(RepoFile file, boolean strict) {
        this(file, strict, Demand.ofNothing());
    }

    private LiveFile(RepoFile file, boolean strict, Demand demand) {
        this.file = file;
        this.strict = strict;
        this.demand = demand;
    }

    /** One who reads, and what of the file went there. */
    private static final class Reader {
        private final long end;
        private final boolean proved;
        private long first = Long.MAX_VALUE;
        private long last;
        private boolean tainted;

        private Reader(long end, boolean proved) {
            this.end = end;
            this.proved = proved;
        }

        private void given(long from, long to) {
            first = Math.min(first, from);
            last = Math.max(last, to);
        }
    }

    // --- for those who fill it

    Demand demand() {
        return demand;
    }

    /** A round begins. */
    synchronized void begin(Partial inTheMaking, Segments pieces, FrontierHash digest) {
        partial = inTheMaking;
        segments = pieces;
        hash = digest;
        notifyAll();
    }

    /** Something was written, or hashed. */
    void advanced() {
        if (watched) {
            wake();
        }
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** Every byte is there and right. */
    synchronized void verified() {
        verified = true;
        notifyAll();
    }

    /** Those bytes are wrong, and about to be thrown away. */
    synchronized void rejected(List<Ranges.Range> wrong) {
        for (Reader reader : readers) {
            reader.tainted |=
                    wrong.stream().anyMatch(range -> range.start() < reader.last && reader.first < range.end());
        }
        notifyAll();
    }

    /** It has its final name. */
    public synchronized void stored(Path path) {
        stored = path;
        notifyAll();
    }

    /** Nobody fills it any more. */
    public synchronized void failed(FetchException why) {
        failure = why;
        notifyAll();
    }

    // --- for those who read it

    /** Whether it is wanted for its own sake, or by a reader of all of it. */
    public boolean isWantedWhole() {
        return demand.isWhole();
    }

    /** From now on it is fetched for its own sake. */
    public void want() {
        demand.everything();
        Segments pieces;
        synchronized (this) {
            pieces = segments;
        }
        if (pieces != null) {
            pieces.wake();
        }
    }

    /** How many read it now. */
    public synchronized int readers() {
        return readers.size();
    }

    /** Bytes that are there. */
    public synchronized long present() {
        return verified || stored != null
                ? file.size()
                : partial == null ? 0 : partial.ranges().total();
    }

    /**
     * Sends a range, waiting for what is not there yet.
     *
     * @throws FetchException if nobody delivers, or what was sent was wrong
     * @throws IOException if the channel, or the disk, fails
     */
    public void send(long position, long count, WritableByteChannel channel) throws IOException, InterruptedException {
        Reader reader = join(position, position + count);
        if (strict || reader.proved || count > file.size() / 4 || file.size() <= Limits.READ_AHEAD) {
            // The others wait for nothing but their range.
            want();
        }
        try {
            long at = sendLive(reader, position, channel);
            if (at < reader.end) {
                send(finalPlace(), at, reader.end, channel);
            }
        } finally {
            leave(reader);
        }
    }

    /** Sends a range of a file that is there. */
    public static void send(Path file, long from, long to, WritableByteChannel channel) throws IOException {
        try (FileChannel bytes = FileChannel.open(file)) {
            if (channel instanceof FileReceiver receiver) {
                receiver.receive(bytes, from, to - from);
                return;
            }
            for (long at = from; at < to; ) {
                long sent = bytes.transferTo(at, to - at, channel);
                if (sent <= 0) {
                    throw new IOException(file + " is shorter than it was");
                }
                at += sent;
            }
        }
    }

    private synchronized Reader join(long start, long end) {
        boolean last = end == file.size();
        boolean glimpse = start > 0 && end - start <= Limits.GLIMPSE && file.size() >= Limits.WORTH_SEVERAL_SOURCES;
        Reader reader = new Reader(end, last && !glimpse);
        readers.add(reader);
        watched = true;
        return reader;
    }

    private synchronized void leave(Reader reader) {
        readers.remove(reader);
        watched = !readers.isEmpty();
    }

    /** Until its end, or until the file has its final name; returns how far that was. */
    private long sendLive(Reader reader, long from, WritableByteChannel channel)
            throws IOException, InterruptedException {
        try (Outlet outlet = new Outlet(channel)) {
            long at = from;
            while (at < reader.end) {
                Stretch next = await(reader, at, outlet.most());
                if (next == null) {
                    return at;
                }
                try {
                    at += outlet.send(next.source(), at, next.count());
                } catch (NoSuchFileException | ClosedChannelException e) {
                    if (outlet.isTaking()) {
                        throw e;
                    }
                    awaitAfter(next.source());
                }
            }
            return at;
        }
    }

    private synchronized Path finalPlace() {
        return Objects.requireNonNull(stored);
    }

    private synchronized void awaitAfter(Partial source) throws InterruptedException {
        while (stored == null && failure == null && partial == source) {
            wait();
        }
    }

    /** What may be sent now. */
    private record Stretch(Partial source, long count) {}

    /**
     * Waits for the byte at that position.
     *
     * @param most so much at once
     * @return null once the file has its final name
     */
    private synchronized @Nullable Stretch await(Reader reader, long at, long most) throws InterruptedException {
        long since = System.nanoTime();
        boolean waits = false;
        try {
            while (true) {
                if (reader.tainted) {
                    throw wrong();
                }
                if (stored != null) {
                    return null;
                }
                if (failure != null) {
                    throw failure;
                }
                long waited = System.nanoTime() - since;
                Partial source = partial;
                long until = source == null ? at : until(reader, at, source);
                if (until <= at && waited >= Limits.SIGN_OF_LIFE.toNanos() && source != null && hasSpare(at, source)) {
                    until = at + 1;
                }
                if (source != null && until > at) {
                    long count = Math.min(most, until - at);
                    reader.given(at, at + count);
                    return new Stretch(source, count);
                }
                if (!waits) {
                    waits = true;
                    demand.begin(at);
                }
                if (segments != null) {
                    if (waited >= Limits.HASTEN.toNanos()) {
                        segments.hasten(at);
                    } else {
                        segments.wake();
                    }
                }
                TimeUnit.NANOSECONDS.timedWait(this, Limits.HASTEN.toNanos());
            }
        } finally {
            if (waits) {
                demand.end(at);
            }
        }
    }

    /** How far the reader may go on from there. */
    private long until(Reader reader, long at, Partial source) {
        if (verified) {
            return reader.end;
        }
        if (strict) {
            return at;
        }
        long there = source.coveredFrom(at);
        if (!reader.proved && there >= reader.end) {
            return reader.end;
        }
        // What is kept back keeps the connection alive later on.
        long most = Math.min(there, reader.end) - Limits.PROVED_TAIL;
        FrontierHash digest = hash;
        return reader.proved && digest != null ? Math.min(most, digest.hashed() + Limits.AHEAD_OF_DIGEST) : most;
    }

    /** Whether one byte may go ahead of the others; the last one never does. */
    private boolean hasSpare(long at, Partial source) {
        return !strict && at < file.size() - 1 && source.coveredFrom(at) > at;
    }

    private FetchException wrong() {
        return new FetchException.Corrupt(
                file.path() + ": bytes that were sent have turned out to be wrong.",
                Hint.plain("The right ones are being fetched; read all of it again."));
    }
}
