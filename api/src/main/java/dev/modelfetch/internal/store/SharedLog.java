package dev.modelfetch.internal.store;

import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Locks;
import dev.modelfetch.internal.file.StorageErrors;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text file of lines that several processes append to, and at times replace by a shorter one. Whoever writes holds the
 * lock; whoever reads needs none, as each line is appended in one go and the file is replaced in one step. The caller
 * sees to it that one thread at a time uses it.
 */
final class SharedLog {

    /** What becomes of the lines. */
    interface Reader {
        /** The file is not the one that was read so far; its lines follow from the first. */
        void restart();

        /** The next whole line, without its end. */
        void line(String text);
    }

    private static final int PIECE = 64 * 1024;
    /** Longer ones are damaged, as when a power cut left zeros; they are cut. */
    private static final int LONGEST_LINE = 1 << 20;
    /** Tells a replaced file from the one before: holds the first line, in which the time or a random number stands. */
    private static final int HEAD = 256;
    /** The lock is held for as long as a line or a rewriting takes; ten seconds means that its holder hangs. */
    private static final int TRIES = 5_000;

    private static final int MILLIS_BETWEEN_TRIES = 2;

    private final Path file;
    private Look seen = Look.NOTHING;
    private byte[] head = new byte[0];
    private long read;
    private boolean torn;

    SharedLog(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** Reads what has come since the last time. What cannot be read is left for the next time. */
    void refresh(Reader reader) {
        try {
            if (seen.isLike(Look.NOTHING) && !Files.exists(file)) {
                return;
            }
            Look now = Look.at(file);
            if (now.isLike(seen)) {
                return;
            }
            if (now.isLike(Look.NOTHING)) {
                restart(reader);
            } else {
                readOn(now, reader);
            }
            seen = now;
        } catch (IOException e) {
            torn = true;
        }
    }

    private void readOn(Look now, Reader reader) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), PIECE)) {
            in.mark(HEAD);
            byte[] start = in.readNBytes(HEAD);
            in.reset();
            boolean same = start.length >= head.length
                    && Arrays.equals(start, 0, head.length, head, 0, head.length)
                    && now.mayContinue(seen);
            if (read == 0 || !same) {
                restart(reader);
                head = start;
            }
            in.skipNBytes(read);
            lines(in, reader);
        }
    }

    private void restart(Reader reader) {
        reader.restart();
        head = new byte[0];
        read = 0;
        torn = false;
    }

    private void lines(InputStream in, Reader reader) throws IOException {
        byte[] piece = new byte[PIECE];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long at = read;
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            int from = 0;
            for (int i = 0; i < n; i++) {
                if (piece[i] == '\n') {
                    add(piece, from, i, line);
                    reader.line(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                    from = i + 1;
                    read = at + from;
                }
            }
            add(piece, from, n, line);
            at += n;
        }
        torn = at > read;
    }

    private static void add(byte[] piece, int from, int to, ByteArrayOutputStream line) {
        line.write(piece, from, Math.min(to - from, LONGEST_LINE - line.size()));
    }

    /**
     * Keeps others from writing; waits for them.
     *
     * @return empty where the file system knows no locks: then lines may be appended all the same, and nobody replaces
     */
    Optional<Closeable> lock() throws IOException {
        AtomicFile.directories(folder());
        for (int i = 0; i < TRIES; i++) {
            try {
                Optional<Closeable> lock = Locks.takeRecord(folder());
                if (lock.isPresent()) {
                    return lock;
                }
            } catch (IOException e) {
                if (StorageErrors.takesNothing(e)) {
                    throw e;
                }
                return Optional.empty();
            }
            pause();
        }
        throw new IOException("another process does not let go of " + file);
    }

    private void pause() throws InterruptedIOException {
        try {
            Thread.sleep(MILLIS_BETWEEN_TRIES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + file);
        }
    }

    /**
     * Appends a line. Call after {@link #refresh}.
     *
     * @return whether it is known to follow what was read; otherwise the next refresh brings it like any other
     */
    boolean append(String line) throws IOException {
        // A line that a kill cut short is ended first, so that it spoils no other.
        byte[] text = ((torn ? "\n" : "") + line + "\n").getBytes(StandardCharsets.UTF_8);
        boolean whole = !torn && read > 0 && read == seen.size;
        Files.write(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Look now = Look.at(file);
        if (!whole || !now.isContinued(seen, text.length)) {
            return false;
        }
        seen = now;
        read += text.length;
        return true;
    }

    /** Replaces the whole file, for everybody. Call with the lock; the first line says that it was rewritten. */
    void replace(List<String> lines) throws IOException {
        Path fresh = AtomicFile.temporary(folder());
        try {
            try (BufferedWriter out = Files.newBufferedWriter(fresh)) {
                out.write("{\"rewritten\":\"" + AtomicFile.randomHex() + AtomicFile.randomHex() + "\"}\n");
                for (String line : lines) {
                    out.write(line);
                    out.write('\n');
                }
            }
            share(fresh);
            AtomicFile.move(fresh, file);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Whoever could write to the old file can write to the new one; refuses if that cannot be. */
    private void share(Path fresh) throws IOException {
        PosixFileAttributeView theirs = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
        PosixFileAttributeView before = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (theirs == null || before == null) {
            return;
        }
        PosixFileAttributes old = before.readAttributes();
        theirs.setGroup(old.group());
        theirs.setPermissions(old.permissions());
        if (!theirs.readAttributes().owner().equals(old.owner())) {
            throw new IOException(file + " belongs to somebody else");
        }
    }

    private Path folder() {
        return Objects.requireNonNull(file.getParent());
    }

    /** How the file looks without opening it. */
    private record Look(
            long size, FileTime modified, @Nullable Object key) {

        static final Look NOTHING = new Look(0, FileTime.fromMillis(0), null);

        static Look at(Path file) throws IOException {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Look(now.size(), now.lastModifiedTime(), now.fileKey());
            } catch (NoSuchFileException e) {
                return NOTHING;
            }
        }

        /** Nothing has happened to it. Unlike the equality of a record, this costs nothing the first time. */
        boolean isLike(Look before) {
            return size == before.size && modified.equals(before.modified) && Objects.equals(key, before.key);
        }

        /** Whether it is the file of before with so many bytes more, as far as looks tell. */
        boolean isContinued(Look before, int more) {
            return size == before.size + more && key != null && key.equals(before.key);
        }

        /** Whether it can be the file of before with more lines. */
        boolean mayContinue(Look before) {
            return size >= before.size && (key == null || before.key == null || key.equals(before.key));
        }
    }
}
