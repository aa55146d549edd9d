package dev.modelfetch.internal.store.partial;

import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.file.Locks;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.store.SnapshotStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file in the making: its data, with holes, and a journal of which bytes are there and who sent them. Any number of
 * threads may write at different positions.
 *
 * <p>A range enters the journal after its bytes were written. Killing the process costs at most the last 1 MiB of each
 * writer, and no more than what arrived in 250 ms while bytes keep coming. Nothing has to be on the disk before
 * {@link SnapshotStore#publish}; what a power cut takes away is noticed by the digest.
 */
public final class Partial implements Closeable {

    private static final long PENDING_BYTES = 1 << 20;
    private static final long PENDING_MILLIS = 250;
    private static final Pattern PRIVATE_NAME =
            Pattern.compile("[0-9a-f]+\\.[0-9a-f]{8}\\.(part|journal|journal\\.new)");
    private static final Pattern SHARED_JOURNAL = Pattern.compile("([0-9a-f]+)\\.journal(\\.new)?");

    private final Path path;
    private final long size;
    private final InstantSource clock;
    private final DataFile data;
    private final Closeable lock;

    // Both guarded by the journal. It is written to while locked: lines are short, and must be in the order in which
    // the ranges changed.
    private final Journal journal;
    private final Ranges ranges;
    private final List<Run> pending = new ArrayList<>();
    private boolean closed;

    private Partial(Path path, long size, InstantSource clock, DataFile data, Journal journal, Closeable lock) {
        this.path = path;
        this.size = size;
        this.clock = clock;
        this.data = data;
        this.journal = journal;
        this.ranges = journal.ranges();
        this.lock = lock;
    }

    /**
     * Opens or continues the file for some content. Where the file system knows no locks, a private file is begun
     * instead, so that two processes never write to the same one. Does not wait; while somebody has it open, asking
     * again costs a few calls to the system, reads no content and leaves nothing behind.
     *
     * @param folder of ours; made if missing
     * @param key names the content, in lower-case hex
     * @return empty while another job or process has it open
     */
    public static Optional<Partial> open(Path folder, String key, long size, InstantSource clock) throws IOException {
        AtomicFile.directories(folder);
        Optional<Closeable> lock;
        try {
            lock = Locks.take(folder, key);
        } catch (IOException e) {
            if (StorageErrors.takesNothing(e)) {
                throw e;
            }
            return Optional.of(opened(folder, key + "." + AtomicFile.randomHex(), key, size, clock, () -> {}));
        }
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(opened(folder, key, key, size, clock, lock.get()));
        } catch (IOException | RuntimeException e) {
            lock.get().close();
            throw e;
        }
    }

    private static Partial opened(Path folder, String name, String key, long size, InstantSource clock, Closeable lock)
            throws IOException {
        Path path = folder.resolve(name + ".part");
        long present = Files.exists(path) ? Files.size(path) : 0;
        if (present > size) {
            Files.delete(path);
            present = 0;
        }
        Journal journal = Journal.open(folder.resolve(name + ".journal"), size, key, present);
        try {
            return new Partial(path, size, clock, DataFile.open(path), journal, lock);
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** Bytes of an earlier run that could be continued; 0 if there are none or they cannot be read. Writes nothing. */
    public static long present(Path folder, String key, long size) {
        try {
            Path path = folder.resolve(key + ".part");
            long present = Files.exists(path) ? Files.size(path) : 0;
            return present == 0 || present > size
                    ? 0
                    : Journal.peek(folder.resolve(key + ".journal"), size, key, present)
                            .total();
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * Removes journals without data: a kill came between giving a file its final name and forgetting how it was made.
     * The same is seen for a moment when a file is begun, but then somebody has the lock.
     */
    public static void tidy(Path folder) throws IOException {
        for (Path entry : Folders.entries(folder, any -> true)) {
            Matcher name = SHARED_JOURNAL.matcher(String.valueOf(entry.getFileName()));
            if (name.matches() && !Files.exists(folder.resolve(name.group(1) + ".part"))) {
                tidy(folder, name.group(1));
            }
        }
    }

    private static void tidy(Path folder, String key) throws IOException {
        Closeable lock;
        try {
            lock = Locks.take(folder, key).orElse(null);
        } catch (IOException e) {
            // Without locks nobody can tell; it only takes up a name.
            return;
        }
        if (lock != null) {
            try (lock) {
                if (!Files.exists(folder.resolve(key + ".part"))) {
                    Journal.delete(folder.resolve(key + ".journal"));
                }
            }
        }
    }

    /** Whether a file of that name was private to one process: once old, nobody will ever continue it. */
    public static boolean isPrivateName(String name) {
        return PRIVATE_NAME.matcher(name).matches();
    }

    /** Length of the finished file in bytes. */
    public long size() {
        return size;
    }

    /** What is there now, as a copy. */
    public Ranges ranges() {
        synchronized (journal) {
            return ranges.copy();
        }
    }

    /** End of the stretch without a hole that begins at 0: so far the file can be hashed. */
    public long frontier() {
        synchronized (journal) {
            return ranges.frontier();
        }
    }

    /** Whether every byte is there. */
    public boolean isComplete() {
        return frontier() == size;
    }

    /** Writes what remains of the buffer. An interrupt does not cut it short; the flag stays set. */
    public void write(long position, ByteBuffer bytes, String source) throws IOException {
        long end = position + bytes.remaining();
        if (position < 0 || end > size) {
            throw new IndexOutOfBoundsException(position + ".." + end + " is outside of " + size + " bytes");
        }
        if (position == end) {
            return;
        }
        data.write(position, bytes);
        synchronized (journal) {
            if (closed) {
                throw new ClosedChannelException();
            }
            claim(position, end, source);
        }
    }

    /** Reads what one call gives; only what {@link #ranges()} covers has a meaning. */
    public int read(long position, ByteBuffer into) throws IOException {
        return data.read(position, into);
    }

    /**
     * Forgets what a source sent, so that others send it again; returns how many bytes. The caller stops that source's
     * writers first.
     */
    public long drop(String source) throws IOException {
        synchronized (journal) {
            pending.removeIf(run -> run.source.equals(source));
            long dropped = ranges.drop(source);
            journal.drop(source);
            return dropped;
        }
    }

    /** Forgets everything. The caller stops all writers first. */
    public void dropAll() throws IOException {
        synchronized (journal) {
            pending.clear();
            ranges.clear();
            journal.clear();
        }
    }

    /** Has the disk take what was written so far, so that publishing a large file need not wait for all of it. */
    public void settle() throws IOException {
        data.force();
    }

    /** Journals everything now. */
    public void flush() throws IOException {
        synchronized (journal) {
            while (!pending.isEmpty()) {
                journal(pending.get(0));
            }
        }
    }

    /** Journals everything and lets go; a later run continues. Does nothing the second time. */
    @Override
    public void close() throws IOException {
        synchronized (journal) {
            if (closed) {
                return;
            }
            closed = true;
            try (lock;
                    data;
                    journal) {
                flush();
            }
        }
    }

    /** Removes it for good, unless it was closed before. */
    public void discard() throws IOException {
        synchronized (journal) {
            if (closed) {
                return;
            }
            closed = true;
            pending.clear();
            try (lock) {
                data.close();
                Files.deleteIfExists(path);
                journal.delete();
            }
        }
    }

    /** Time of last modification, in milliseconds; stays the same when the file gets its final name. */
    public long modifiedMillis() throws IOException {
        return Files.getLastModifiedTime(path).toMillis();
    }

    /**
     * Gives the complete file its final name and ends this object; if that fails, a later run finds it complete.
     *
     * @throws IllegalStateException if bytes are missing
     */
    public void moveTo(Path target) throws IOException {
        synchronized (journal) {
            try (this) {
                if (!isComplete() || Files.size(path) != size) {
                    throw new IllegalStateException("not complete: " + path);
                }
                data.force();
                data.close();
                AtomicFile.move(path, target);
                pending.clear();
                journal.delete();
            }
        }
    }

    private void claim(long start, long end, String source) throws IOException {
        Run run = runBefore(start, source);
        if (pending.stream().anyMatch(other -> other.start < end && start < other.end)) {
            // Lines have to be in the order of the writes.
            flush();
            run = new Run(start, source, clock.millis());
        }
        run.end = end;
        if (!pending.contains(run)) {
            pending.add(run);
        }
        ranges.add(start, end, source);
        long now = clock.millis();
        for (Run due : List.copyOf(pending)) {
            // A clock set back must not keep a run waiting.
            if (due.end - due.start >= PENDING_BYTES || Math.abs(now - due.since) >= PENDING_MILLIS) {
                journal(due);
            }
        }
    }

    private Run runBefore(long start, String source) {
        return pending.stream()
                .filter(run -> run.end == start && run.source.equals(source))
                .findFirst()
                .orElseGet(() -> new Run(start, source, clock.millis()));
    }

    private void journal(Run run) throws IOException {
        journal.claim(new Ranges.Range(run.start, run.end, run.source));
        pending.remove(run);
    }

    /** Bytes one writer wrote in one go and the journal does not know yet. */
    private static final class Run {
        final long start;
        final String source;
        final long since;
        long end;

        Run(long start, String source, long since) {
            this.start = start;
            this.end = start;
            this.source = Objects.requireNonNull(source);
            this.since = since;
        }
    }
}
