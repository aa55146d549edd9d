package dev.modelfetch.internal.store.partial;

import dev.modelfetch.internal.store.SnapshotStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A file in the making: which bytes are there, and who sent them. Any number of threads may write at different positions.
 * A small one is kept in memory until it is whole; any other has a journal, so that a later run goes on with it.
 */
public interface Partial extends Closeable {

    /**
     * Opens or continues the file for some content. Where the file system knows no locks, a private file is begun
     * instead, so that two processes never write to the same one. Does not wait; while somebody has it open, asking
     * again costs a few calls to the system, reads no content and leaves nothing behind. Of a small file that is begun
     * other processes know nothing: fetching it twice costs less than asking them.
     *
     * @param folder of ours; made if missing
     * @param key names the content, in lower-case hex
     * @return empty while another job or process has it open
     */
    static Optional<Partial> open(Path folder, String key, long size, InstantSource clock) throws IOException {
        return size <= SmallPartial.LARGEST && !JournalledPartial.isBegun(folder, key)
                ? SmallPartial.open(folder, key, (int) size, clock)
                : JournalledPartial.open(folder, key, size, clock);
    }

    /** Bytes of an earlier run that could be continued; 0 if there are none or they cannot be read. Writes nothing. */
    static long present(Path folder, String key, long size) {
        return JournalledPartial.present(folder, key, size);
    }

    /**
     * Removes journals without data: a kill came between giving a file its final name and forgetting how it was made.
     * The same is seen for a moment when a file is begun, but then somebody has the lock.
     */
    static void tidy(Path folder) throws IOException {
        JournalledPartial.tidy(folder);
    }

    /** What earlier runs have begun and nobody has finished, with or without somebody at work on it. Writes nothing. */
    static List<Begun> begun(Path folder) throws IOException {
        return JournalledPartial.begun(folder);
    }

    /** Removes what an earlier run has begun. The caller sees to it that nobody is at work on it. */
    static void discard(Path folder, Begun begun) throws IOException {
        JournalledPartial.discard(folder, begun.key());
    }

    /**
     * A file in the making that nobody need have open.
     *
     * @param data that is there, with holes
     * @param present bytes that could be continued
     * @param touched when it was written to last
     */
    record Begun(Path data, String key, long present, Instant touched) {}

    /** Whether a file of that name was private to one process: once old, nobody will ever continue it. */
    static boolean isPrivateName(String name) {
        return JournalledPartial.isPrivateName(name);
    }

    /** Length of the finished file in bytes. */
    long size();

    /** What is there now, as a copy. */
    Ranges ranges();

    /** End of the stretch without a hole that begins at 0: so far the file can be hashed. */
    long frontier();

    /** End of the stretch without a hole that begins at that position; the position itself if its byte is not there. */
    long coveredFrom(long position);

    /** Whether every byte is there. */
    default boolean isComplete() {
        return frontier() == size();
    }

    /** Writes what remains of the buffer. An interrupt does not cut it short; the flag stays set. */
    void write(long position, ByteBuffer bytes, String source) throws IOException;

    /** Reads what one call gives; only what {@link #ranges()} covers has a meaning. */
    int read(long position, ByteBuffer into) throws IOException;

    /**
     * The file for one who reads it on their own, whatever becomes of this object; as in {@link #read}, only what is
     * covered has a meaning.
     *
     * @return to be closed; empty while it is in memory
     * @throws NoSuchFileException once it has its final name, or is removed
     */
    Optional<FileChannel> open() throws IOException;

    /**
     * Forgets what a source sent, so that others send it again; returns how many bytes. The caller stops that source's
     * writers first.
     */
    long drop(String source) throws IOException;

    /** Forgets everything. The caller stops all writers first. */
    void dropAll() throws IOException;

    /** Has the disk take what was written so far, so that publishing a large file need not wait for all of it. */
    void settle() throws IOException;

    /** Has what was written so far outlive the process, if that is worth it. */
    void flush() throws IOException;

    /** Lets go of what is there; a later run continues. Does nothing the second time. */
    @Override
    void close() throws IOException;

    /** Removes it for good, unless it was closed before. */
    void discard() throws IOException;

    /** Time of last modification, in milliseconds; stays the same when the file gets its final name. */
    long modifiedMillis() throws IOException;

    /**
     * Gives the complete file its final name and ends this object; if that fails, a later run finds it complete. See
     * {@link SnapshotStore#publish}.
     *
     * @throws IllegalStateException if bytes are missing
     */
    void moveTo(Path target) throws IOException;
}
