package dev.modelfetch.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps two jobs, in this or another process, from doing the same at the same time. All keys of a folder share one lock
 * file that stays behind, each locking a byte of its own: there is no lock file to remove, hence no moment at which two
 * processes hold locks on two files of the same name.
 */
public final class Locks {

    private static final String FILE = "locks";
    private static final String RECORD = "";

    // On POSIX a process loses all its locks on a file when it closes any channel to it, so there is one for each
    // folder, open while anything in it is held. Guarded by itself.
    private static final Map<Path, Locks> FOLDERS = new HashMap<>();

    private final Path file;
    private final FileChannel channel;
    private final Map<String, FileLock> held = new HashMap<>();

    private Locks(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock on some content if nobody has it. Never waits, and costs a few calls to the system; may be asked
     * again and again.
     *
     * @param key not empty
     * @return what gives it back; empty if somebody has it
     * @throws IOException if the file system knows no locks
     */
    public static Optional<Closeable> take(Path folder, String key) throws IOException {
        Path file = folder.toRealPath().resolve(FILE);
        synchronized (FOLDERS) {
            Locks locks = FOLDERS.get(file);
            if (locks == null) {
                locks = new Locks(file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
                FOLDERS.put(file, locks);
            }
            try {
                return locks.lock(key);
            } finally {
                locks.closeIfIdle();
            }
        }
    }

    /** As {@link #take}, the lock on the record of the folder; whoever has another of its locks may take it as well. */
    public static Optional<Closeable> takeRecord(Path folder) throws IOException {
        return take(folder, RECORD);
    }

    private Optional<Closeable> lock(String key) throws IOException {
        if (held.containsKey(key)) {
            return Optional.empty();
        }
        try {
            FileLock lock = channel.tryLock(position(key), 1, false);
            if (lock == null) {
                return Optional.empty();
            }
            held.put(key, lock);
            return Optional.of(() -> release(key, lock));
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    /** Does nothing the second time, even if somebody else has the key by then. */
    private void release(String key, FileLock lock) throws IOException {
        synchronized (FOLDERS) {
            if (held.remove(key, lock)) {
                try {
                    lock.release();
                } finally {
                    closeIfIdle();
                }
            }
        }
    }

    private void closeIfIdle() throws IOException {
        if (held.isEmpty()) {
            FOLDERS.remove(file);
            channel.close();
        }
    }

    /**
     * 31 bits, which every locking protocol can express; two keys on one byte only wait for each other. The first byte
     * is for the record.
     */
    private static long position(String key) {
        return key.equals(RECORD)
                ? 0
                : Math.max(1, Long.parseLong(Digests.hexOf(key).substring(0, 8), 16) & Integer.MAX_VALUE);
    }
}
