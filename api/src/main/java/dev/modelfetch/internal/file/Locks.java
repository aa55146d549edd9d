package dev.modelfetch.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps two jobs, in this or another process, from doing the same at the same time. All keys of a folder share one lock
 * file that stays behind, each locking a byte of its own: there is no lock file to remove, hence no moment at which two
 * processes hold locks on two files of the same name.
 */
public final class Locks {

    /** In the folder whose locks they are. */
    public static final String FILE = "locks";

    private static final String RECORD = "";

    // On POSIX a process loses all its locks on a file when it closes any channel to it, so there is one for each
    // folder, open while anything in it is held. Guarded by itself.
    private static final Map<Path, Locks> FOLDERS = new HashMap<>();

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Held> held = new HashMap<>();

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
        return in(folder, locks -> locks.lock(key));
    }

    /** As {@link #take}, beside others who share it: nobody has it alone meanwhile. */
    public static Optional<Closeable> share(Path folder, String key) throws IOException {
        return in(folder, locks -> locks.join(key));
    }

    /** Whether somebody has the lock on some content. Takes none and makes no file. */
    public static boolean anyTaken(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(FILE))) {
            return false;
        }
        return in(folder, Locks::isBusy);
    }

    private static <T> T in(Path folder, Step<T> step) throws IOException {
        Path file = folder.toRealPath().resolve(FILE);
        synchronized (FOLDERS) {
            Locks locks = FOLDERS.get(file);
            if (locks == null) {
                locks = new Locks(
                        file,
                        FileChannel.open(
                                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
                FOLDERS.put(file, locks);
            }
            try {
                return step.on(locks);
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
            return lock == null ? Optional.empty() : Optional.of(holder(key, new Held(lock, false)));
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    private Optional<Closeable> join(String key) throws IOException {
        Held others = held.get(key);
        if (others != null) {
            return others.shared ? Optional.of(holder(key, others)) : Optional.empty();
        }
        try {
            FileLock lock = channel.tryLock(position(key), 1, true);
            return lock == null ? Optional.empty() : Optional.of(holder(key, new Held(lock, true)));
        } catch (OverlappingFileLockException e) {
            // Held by this program under another class loader, most likely shared as well. Nobody can tell, and to wait
            // until the other is done could take for ever.
            return Optional.of(() -> {});
        }
    }

    /** Gives up one share of the lock when closed, and nothing more the second time. */
    private Closeable holder(String key, Held lock) {
        held.put(key, lock);
        lock.holders++;
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                release(key, lock);
            }
        };
    }

    private void release(String key, Held lock) throws IOException {
        synchronized (FOLDERS) {
            if (--lock.holders == 0) {
                held.remove(key);
                try {
                    lock.lock.release();
                } finally {
                    closeIfIdle();
                }
            }
        }
    }

    private boolean isBusy() throws IOException {
        if (held.keySet().stream().anyMatch(key -> !key.equals(RECORD))) {
            return true;
        }
        try (FileLock all = channel.tryLock(1, Integer.MAX_VALUE, false)) {
            return all == null;
        } catch (OverlappingFileLockException e) {
            return true;
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

    /** Something done while nobody else opens or closes lock files. */
    private interface Step<T> {
        T on(Locks locks) throws IOException;
    }

    /** A lock, and how many have it: one, or all who share it. */
    private static final class Held {
        final FileLock lock;
        final boolean shared;
        int holders;

        Held(FileLock lock, boolean shared) {
            this.lock = lock;
            this.shared = shared;
        }
    }
}
