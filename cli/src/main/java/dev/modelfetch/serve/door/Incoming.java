package dev.modelfetch.serve.door;

import dev.modelfetch.serve.Ask;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSourceChannel;

/**
 * The body of one request: read whole and in time, or not at all. What all bodies together may take of the memory is
 * limited, so that nobody has more of it by sending many.
 */
final class Incoming implements AutoCloseable {

    static final int LONGEST = 1 << 20;

    private static final long PATIENCE_SECONDS = 30;
    private static final int STEP = 16 << 10;

    /** A list of names takes twenty times its length once it is taken apart. */
    private static final int LARGE = 64 << 10;

    /** What bodies share. */
    static final class Room {
        private final Semaphore steps = new Semaphore(32 * LONGEST / STEP);
        private final Semaphore large = new Semaphore(2);
    }

    private final HttpServerExchange exchange;
    private final Room room;
    private @Nullable StreamSourceChannel channel;
    private int steps;
    private boolean large;

    Incoming(HttpServerExchange exchange, Room room) {
        this.exchange = exchange;
        this.room = room;
    }

    byte[] read() throws IOException {
        if (exchange.getRequestContentLength() > LONGEST) {
            throw tooLong();
        }
        if (HttpContinue.requiresContinueResponse(exchange)) {
            HttpContinue.sendContinueResponseBlocking(exchange);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ByteBuffer step = ByteBuffer.allocate(STEP);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (next(step, until)) {
            body.write(step.array(), 0, step.position());
            if (body.size() > LONGEST) {
                throw tooLong();
            }
            for (; steps * STEP < body.size(); steps++) {
                if (!room.steps.tryAcquire()) {
                    throw busy();
                }
            }
        }
        if (body.size() > LARGE) {
            begin(until);
        }
        return body.toByteArray();
    }

    private static Ask.Refused tooLong() {
        return new Ask.Refused(413, "The body is longer than " + LONGEST + " bytes.");
    }

    private static Ask.Refused busy() {
        return new Ask.Refused(429, "Too much is being sent here at once.");
    }

    private void begin(long until) throws IOException {
        try {
            large = room.large.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!large) {
            throw busy();
        }
    }

    /** Some more of it; false at its end. */
    private boolean next(ByteBuffer step, long until) throws IOException {
        StreamSourceChannel from = channel;
        if (from == null) {
            from = exchange.getRequestChannel();
            channel = from;
        }
        step.clear();
        int read = from.read(step);
        while (read == 0) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new Ask.Refused(408, "The body has not come in time.");
            }
            from.awaitReadable(left, TimeUnit.NANOSECONDS);
            read = from.read(step);
        }
        return read > 0;
    }

    /** Reads what nobody wanted, as far as that is soon done: an answer may be lost behind bytes that nobody has read. */
    void discard() {
        ByteBuffer step = ByteBuffer.allocate(STEP);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        try {
            for (long left = 8L * LONGEST; left > 0 && next(step, until); left -= step.position()) {}
        } catch (IOException e) {
            // That is all there is.
        }
    }

    @Override
    public void close() {
        room.steps.release(steps);
        if (large) {
            room.large.release();
        }
    }
}
