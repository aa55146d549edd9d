package dev.modelfetch.internal.store.partial;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Positional reads and writes for several threads. A Java file channel is closed for everybody when one of its threads
 * is interrupted; here the file is opened again and the interrupt is kept for later, so that cancelling one connection
 * does not break its neighbours.
 */
final class DataFile implements Closeable {

    private final Path path;

    // Guarded by this.
    private FileChannel channel;
    private boolean closed;

    private DataFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Opens or creates it, with holes where nothing was written and the permissions of any new file. */
    static DataFile open(Path path) throws IOException {
        try {
            return new DataFile(
                    path,
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.SPARSE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE));
        } catch (FileAlreadyExistsException e) {
            return new DataFile(path, reopened(path));
        }
    }

    void write(long position, ByteBuffer bytes) throws IOException {
        long base = position - bytes.position();
        unbroken(file -> {
            while (bytes.hasRemaining()) {
                file.write(bytes, base + bytes.position());
            }
            return 0;
        });
    }

    /** Reads what one call gives, as {@link FileChannel#read(ByteBuffer, long)}. */
    int read(long position, ByteBuffer into) throws IOException {
        return unbroken(file -> file.read(into, position));
    }

    /** Has the disk confirm what was written. */
    void force() throws IOException {
        unbroken(file -> {
            file.force(false);
            return 0;
        });
    }

    private int unbroken(Step step) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                FileChannel current = current();
                try {
                    return step.on(current);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    reopen(current);
                } catch (ClosedChannelException e) {
                    reopen(current);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized FileChannel current() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
        return channel;
    }

    private synchronized void reopen(FileChannel broken) throws IOException {
        if (!closed && channel == broken) {
            channel = reopened(path);
        }
    }

    private static FileChannel reopened(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }

    /** One read or write that may be repeated. */
    private interface Step {
        int on(FileChannel file) throws IOException;
    }
}
