package dev.modelfetch.internal.store.partial;

import dev.modelfetch.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file that is kept in memory until it is whole, and then written in one go. A kill costs no more of it than of any
 * other file; what there is when it is closed goes into a {@link JournalledPartial}.
 *
 * <p>Nothing waits for the disk: of a file that a power cut takes away in the next seconds the length is wrong.
 */
final class SmallPartial implements Partial {

    /** What a kill may cost of any file, and the memory that one in flight may cost. */
    static final int LARGEST = 256 << 10;

    /** Content under way in this process: two jobs, or two names of one job, do not fetch the same. */
    private static final Set<Path> UNDER_WAY = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final String key;
    private final InstantSource clock;
    private final Path place;

    // All guarded by this.
    private final byte[] bytes;
    private final Ranges ranges = new Ranges();
    private @Nullable Path written;
    private boolean closed;

    private SmallPartial(Path folder, String key, int size, InstantSource clock, Path place) {
        this.folder = folder;
        this.key = key;
        this.clock = clock;
        this.place = place;
        this.bytes = new byte[size];
    }

    /** As {@link Partial#open}, for content of which there is nothing on the disk. */
    static Optional<Partial> open(Path folder, String key, int size, InstantSource clock) throws IOException {
        AtomicFile.directories(folder);
        Path place = folder.resolve(key);
        return UNDER_WAY.add(place) ? Optional.of(new SmallPartial(folder, key, size, clock, place)) : Optional.empty();
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public synchronized Ranges ranges() {
        return ranges.copy();
    }

    @Override
    public synchronized long frontier() {
        return ranges.frontier();
    }

    @Override
    public synchronized long coveredFrom(long position) {
        return ranges.coveredFrom(position);
    }

    @Override
    public synchronized void write(long position, ByteBuffer from, String source) throws IOException {
        long end = position + from.remaining();
        if (position < 0 || end > bytes.length) {
            throw new IndexOutOfBoundsException(position + ".." + end + " is outside of " + bytes.length + " bytes");
        }
        if (closed) {
            throw new ClosedChannelException();
        }
        from.get(bytes, (int) position, from.remaining());
        ranges.add(position, end, source);
        forgetWritten();
    }

    @Override
    public synchronized int read(long position, ByteBuffer into) {
        int count = (int) Math.min(into.remaining(), bytes.length - position);
        if (count <= 0) {
            return into.hasRemaining() ? -1 : 0;
        }
        into.put(bytes, (int) position, count);
        return count;
    }

    @Override
    public Optional<FileChannel> open() {
        return Optional.empty();
    }

    @Override
    public synchronized long drop(String source) {
        return ranges.drop(source);
    }

    @Override
    public synchronized void dropAll() {
        ranges.clear();
    }

    @Override
    public void settle() {
        // There is nothing on the disk.
    }

    @Override
    public void flush() {
        // As small as what others do not journal yet.
    }

    @Override
    public synchronized long modifiedMillis() throws IOException {
        return Files.getLastModifiedTime(onDisk()).toMillis();
    }

    @Override
    public synchronized void moveTo(Path target) throws IOException {
        try (this) {
            if (!isComplete()) {
                throw new IllegalStateException("not complete: " + place);
            }
            AtomicFile.move(onDisk(), target);
            written = null;
            ranges.clear();
        }
    }

    /** The bytes under a name that is never taken for more than it is. */
    private Path onDisk() throws IOException {
        Path file = written;
        if (file == null) {
            file = AtomicFile.temporary(folder);
            written = file;
            Files.write(file, bytes);
        }
        return file;
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            forgetWritten();
            keep();
        } finally {
            UNDER_WAY.remove(place);
        }
    }

    @Override
    public synchronized void discard() throws IOException {
        if (!closed) {
            ranges.clear();
            close();
        }
    }

    private void forgetWritten() throws IOException {
        Path file = written;
        if (file != null) {
            written = null;
            Files.deleteIfExists(file);
        }
    }

    /** Unless another process has begun the same meanwhile. */
    private void keep() throws IOException {
        if (ranges.total() == 0) {
            return;
        }
        Optional<Partial> lasting = JournalledPartial.open(folder, key, bytes.length, clock);
        if (lasting.isPresent()) {
            try (Partial open = lasting.get()) {
                for (Ranges.Range range : ranges.all()) {
                    open.write(
                            range.start(),
                            ByteBuffer.wrap(bytes, (int) range.start(), (int) range.length()),
                            range.source());
                }
            }
        }
    }
}
