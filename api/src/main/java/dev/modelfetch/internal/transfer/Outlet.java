package dev.modelfetch.internal.transfer;

import dev.modelfetch.FileReceiver;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * The way of one reader from partial files to where their bytes go: past this program where the other end takes a file,
 * else through a buffer. Has a file of its own, since that of the writers is closed whenever one of them is interrupted.
 */
final class Outlet implements Closeable {

    /** At once: no more than can turn out to be wrong while somebody takes it slowly. */
    private static final long TAKEN = 1L << 20;

    private final WritableByteChannel channel;
    private @Nullable ByteBuffer buffer;
    private @Nullable Partial source;
    private @Nullable FileChannel file;
    private boolean taking;

    Outlet(WritableByteChannel channel) {
        this.channel = channel;
    }

    /** Bytes that are sent in one go. */
    long most() {
        return channel instanceof FileReceiver ? TAKEN : Limits.BUFFER;
    }

    /** Whether the last failure was that of the other end, not that of the file. */
    boolean isTaking() {
        return taking;
    }

    /** Sends bytes that are there; returns how many. */
    long send(Partial from, long at, long count) throws IOException {
        taking = false;
        if (channel instanceof FileReceiver receiver) {
            FileChannel whole = open(from);
            if (whole != null) {
                taking = true;
                receiver.receive(whole, at, count);
                return count;
            }
        }
        ByteBuffer bytes = buffer;
        if (bytes == null) {
            bytes = ByteBuffer.allocate((int) Math.min(Limits.BUFFER, from.size()));
            buffer = bytes;
        }
        bytes.clear().limit((int) Math.min(bytes.capacity(), count));
        int read = from.read(at, bytes);
        if (read <= 0) {
            throw new IOException("the partial file lost bytes it had");
        }
        bytes.flip();
        taking = true;
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return read;
    }

    private @Nullable FileChannel open(Partial from) throws IOException {
        if (from != source) {
            close();
            file = from.open().orElse(null);
            source = from;
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        FileChannel before = file;
        file = null;
        source = null;
        if (before != null) {
            before.close();
        }
    }
}
