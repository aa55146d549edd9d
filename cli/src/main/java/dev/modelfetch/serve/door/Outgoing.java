package dev.modelfetch.serve.door;

import dev.modelfetch.FetchException;
import dev.modelfetch.serve.Box;
import dev.modelfetch.serve.Reply;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;

/**
 * The body of one answer. Its headers go out with its first byte, or a few seconds before it where that takes long: until
 * then it can still become another answer. Whoever takes nothing for a minute is left.
 */
final class Outgoing implements WritableByteChannel {

    private static final long HEADERS_AT_LAST_SECONDS = 8;
    private static final long PATIENCE_SECONDS = 60;
    /** What goes out in one piece with the headers. */
    private static final int JOINED = 16 << 10;

    private final HttpServerExchange exchange;
    private final Runnable first;
    private final XnioExecutor.Key timer;
    private final ReentrantLock lock = new ReentrantLock();

    // All guarded by the lock.
    private @Nullable StreamSinkChannel sink;
    private boolean over;
    private long sent;

    /** @param first told of the first byte */
    Outgoing(HttpServerExchange exchange, Runnable first) {
        this.exchange = exchange;
        this.first = first;
        this.timer = exchange.getIoThread().executeAfter(this::beginInTime, HEADERS_AT_LAST_SECONDS, TimeUnit.SECONDS);
    }

    /** On a thread that serves others too: never waits. If somebody is writing, the headers are on their way. */
    private void beginInTime() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (sink == null && !over) {
                var unused = begun().flush();
            }
        } catch (IOException e) {
            // Whoever writes next will meet it.
        } finally {
            lock.unlock();
        }
    }

    private StreamSinkChannel begun() {
        StreamSinkChannel channel = sink;
        if (channel == null) {
            channel = exchange.getResponseChannel();
            sink = channel;
        }
        return channel;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        lock.lock();
        try {
            StreamSinkChannel channel = begun();
            int count = bytes.remaining();
            while (bytes.hasRemaining()) {
                int written = channel.write(bytes);
                if (sent == 0 && written > 0) {
                    first.run();
                }
                sent += Math.max(0, written);
                if (written == 0) {
                    await(channel);
                }
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /**
     * From the page cache to the socket, without a copy. The beginning is written, along with the headers: the server reads
     * what it joins to them from wherever the file stands, not from the position it is told.
     */
    void send(FileChannel file, long position, long count) throws IOException {
        if (file.size() < position + count) {
            throw new IOException("the file is shorter than it was");
        }
        ByteBuffer beginning = ByteBuffer.allocate((int) Math.min(JOINED, count));
        while (beginning.hasRemaining()) {
            var unused = file.read(beginning, position + beginning.position());
        }
        var unused = write(beginning.flip());
        lock.lock();
        try {
            StreamSinkChannel channel = begun();
            for (long at = position + beginning.limit(); at < position + count; ) {
                long written = channel.transferFrom(file, at, position + count - at);
                at += Math.max(0, written);
                sent += Math.max(0, written);
                if (written <= 0) {
                    await(channel);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static void await(StreamSinkChannel channel) throws IOException {
        long since = System.nanoTime();
        channel.awaitWritable(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (System.nanoTime() - since >= TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
            throw new IOException("the client takes nothing");
        }
    }

    void finish() throws IOException {
        lock.lock();
        try {
            over = true;
            timer.remove();
            StreamSinkChannel channel = begun();
            channel.shutdownWrites();
            while (!channel.flush()) {
                await(channel);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that went out. */
    long sent() {
        lock.lock();
        try {
            return sent;
        } finally {
            lock.unlock();
        }
    }

    /** As another answer if none has begun, else by an early end. */
    void fail(Exception failure) {
        lock.lock();
        try {
            over = true;
            timer.remove();
            if (sink == null && failure instanceof FetchException e) {
                replace(e);
            } else {
                IoUtils.safeClose(exchange.getConnection());
            }
        } finally {
            lock.unlock();
        }
    }

    private void replace(FetchException e) {
        Reply instead = Box.failed(e);
        exchange.getResponseHeaders().clear();
        exchange.setStatusCode(instead.status());
        instead.headers().forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        exchange.getResponseSender().send(ByteBuffer.wrap(instead.text()));
    }

    @Override
    public boolean isOpen() {
        return exchange.getConnection().isOpen();
    }

    @Override
    public void close() {
        IoUtils.safeClose(exchange.getConnection());
    }
}
