package dev.modelfetch.internal.store.partial;

import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.file.Locks;
import dev.modelfetch.internal.file.StorageErrors;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file whose bytes go to the disk as they come, with holes, and a journal of which bytes are there and who sent them.
 *
 * <p>A range enters the journal after its bytes were written. Killing the process costs at most the last 1 MiB of each
 * writer, and no more than what arrived in 250 ms while bytes keep coming. Nothing has to be on the disk before
 * {@link #moveTo}; what a power cut takes away is noticed by the digest.
 */
final class JournalledPartial implements Partial {

    private static final long PENDING_BYTES = 1 << 20;
    private static final long PENDING_MILLIS = 250;
    private static final Pattern PRIVATE_NAME =
            Pattern.compile("[0-9a-f]+\\.[0-9a-f]{8}\\.(part|journal|journal\\.new)");
    private static final Pattern SHARED_DATA = Pattern.compile("([0-9a-f]+)\\.part");
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

    private JournalledPartial(
            Path path, long size, InstantSource clock, DataFile data, Journal journal, Closeable lock) {
        this.path = path;
        this.size = size;
        this.clock = clock;
        this.data = data;
        this.journal = journal;
        this.ranges = journal.ranges();
        this.lock = lock;
    }

    /** As {@link Partial#open}, whatever the size. */
    static Optional<Partial> open(Path folder, String key, long size, InstantSource clock) throws IOException {
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

    /** Whether there is something to go on with, or somebody who has begun. */
    static boolean isBegun(Path folder, String key) {
        return Files.exists(folder.resolve(key + ".part"));
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
            return new JournalledPartial(path, size, clock, DataFile.open(path), journal, lock);
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** As {@link Partial#present}. */
    static long present(Path folder, String key, long size) {
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

    /** As {@link Partial#begun}. */
    static List<Begun> begun(Path folder) throws IOException {
        List<Begun> begun = new ArrayList<>();
        for (Path data : Folders.entries(folder, any -> true)) {
            Matcher name = SHARED_DATA.matcher(String.valueOf(data.getFileName()));
            if (name.matches()) {
                String key = name.group(1);
                try {
                    Instant touched = Files.getLastModifiedTime(data).toInstant();
                    long present = Journal.peek(folder.resolve(key + ".journal"), key, Files.size(data))
                            .total();
                    begun.add(new Begun(data, key, present, touched));
                } catch (NoSuchFileException e) {
                    // Somebody has just finished it.
                }
            }
        }
        return begun;
    }

    /** As {@link Partial#discard(Path, Begun)}. */
    static void discard(Path folder, String key) throws IOException {
        Files.deleteIfExists(folder.resolve(key + ".part"));
        Journal.delete(folder.resolve(key + ".journal"));
    }

    /** As {@link Partial#tidy}. */
    static void tidy(Path folder) throws IOException {
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

    /** As {@link Partial#isPrivateName}. */
    static boolean isPrivateName(String name) {
        return PRIVATE_NAME.matcher(name).matches();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Ranges ranges() {
        synchronized (journal) {
            return ranges.copy();
        }
    }

    @Override
    public long frontier() {
        synchronized (journal) {
            return ranges.frontier();
        }
    }

    @Override
    public long coveredFrom(long position) {
        synchronized (journal) {
            return ranges.coveredFrom(position);
        }
    }

    @Override
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

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
        return data.read(position, into);
    }

    @Override
    public Optional<FileChannel> open() throws IOException {
        return Optional.of(FileChannel.open(path));
    }

    @Override
    public long drop(String source) throws IOException {
        synchronized (journal) {
            pending.removeIf(run -> run.source.equals(source));
            long dropped = ranges.drop(source);
            journal.drop(source);
            return dropped;
        }
    }

    @Override
    public void dropAll() throws IOException {
        synchronized (journal) {
            pending.clear();
            ranges.clear();
            journal.clear();
        }
    }

    @Override
    public void settle() throws IOException {
        data.force();
    }

    @Override
    public void flush() throws IOException {
        synchronized (journal) {
            while (!pending.isEmpty()) {
                journal(pending.get(0));
            }
        }
    }

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

    @Override
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

    @Override
    public long modifiedMillis() throws IOException {
        return Files.getLastModifiedTime(path).toMillis();
    }

    @Override
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
