package dev.modelfetch.serve.door;

import dev.modelfetch.FetchException;
import dev.modelfetch.FileReceiver;
import dev.modelfetch.serve.Box;
import dev.modelfetch.serve.Reply;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
final class Outgoing implements FileReceiver {

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
    @Override
    public void receive(FileChannel file, long position, long count) throws IOException {
        if (file.size() < position + count) {
            throw new IOException("the file is shorter than it was");
        }
        lock.lock();
        try {
            long end = position + count;
            long at = sent == 0 ? position + begin(file, position, (int) Math.min(JOINED, count)) : position;
            StreamSinkChannel channel = begun();
            while (at < end) {
                long written = channel.transferFrom(file, at, end - at);
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

    private int begin(FileChannel file, long position, int count) throws IOException {
        ByteBuffer beginning = ByteBuffer.allocate(count);
        while (beginning.hasRemaining()) {
            if (file.read(beginning, position + beginning.position()) < 0) {
                throw new IOException("the file is shorter than it was");
            }
        }
        return write(beginning.flip());
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

    /** Something short, all of it. */
    void send(byte[] text) throws IOException {
        if (text.length > 0) {
            var unused = write(ByteBuffer.wrap(text));
        }
        finish();
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
        announce(exchange, instead);
        try {
            send(instead.text());
        } catch (IOException gone) {
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    /** Its status and headers, with whatever goes out first. */
    static void announce(HttpServerExchange exchange, Reply reply) {
        exchange.setStatusCode(reply.status());
        reply.headers().forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        if (reply.status() != 304) {
            exchange.setResponseContentLength(reply.length());
        }
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
