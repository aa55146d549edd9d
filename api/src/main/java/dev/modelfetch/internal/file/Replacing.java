package dev.modelfetch.internal.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Windows refuses to replace a file that somebody has open, and what scans for viruses or synchronises a folder opens every
 * file for a moment. So it is tried again for a while, and whoever is still in the way is spoken of as what they are.
 */
final class Replacing {

    /** Pauses between tries: two seconds, most of them at the end. */
    static final List<Duration> USUAL =
            List.of(10, 40, 150, 400, 1400).stream().map(Duration::ofMillis).toList();

    static final List<Duration> AT_ONCE = List.of();

    /** How it is said by the system, and by us. */
    static final String IN_USE = "used by another process";

    interface Step {
        void run() throws IOException;
    }

    private Replacing() {}

    /** @throws FileSystemException saying {@link #IN_USE}, if it was refused to the end where pauses were allowed */
    static void of(List<Duration> pauses, Path target, Step step) throws IOException {
        for (Duration pause : pauses) {
            try {
                step.run();
                return;
            } catch (FileSystemException e) {
                if (!isInTheWay(e, target)) {
                    throw e;
                }
                rest(pause);
            }
        }
        try {
            step.run();
        } catch (AccessDeniedException e) {
            if (pauses.isEmpty() || !isInTheWay(e, target)) {
                throw e;
            }
            FileSystemException inUse = new FileSystemException(target.toString(), null, "it may be " + IN_USE);
            inUse.initCause(e);
            throw inUse;
        }
    }

    /** Where nothing has the name nobody can have it open, and something else is wrong. */
    private static boolean isInTheWay(FileSystemException e, Path target) {
        return (e instanceof AccessDeniedException || StorageErrors.isInUse(e))
                && Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    }

    private static void rest(Duration pause) throws IOException {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a file was " + IN_USE);
        }
    }
}
