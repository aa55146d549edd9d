package dev.modelfetch.internal.transfer;

import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.PluginCall;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.ByteRange;
import dev.modelfetch.spi.ByteStream;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okio.Buffer;
import okio.BufferedSource;
import okio.Okio;
import okio.Pipe;

/**
 * Bytes that a source hands out itself. Its stream is read on a thread of its own and waits in a pipe, so that whoever
 * reads here is woken by the clock and by a cut, whatever that stream is doing.
 */
final class HandedBody implements Opened {

    private final Source source;
    private final InputStream stream;
    private final long size;
    private final long start;
    private final long end;
    private final Duration silence;
    private final Cancellation cancellation;
    private final Runnable cut = this::cut;
    private final Pipe pipe = new Pipe(2L * Limits.BUFFER);
    private final BufferedSource bytes = Okio.buffer(pipe.source());
    private final PluginCall<Boolean> reading;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Position in the file of the next byte. */
    private long at;

    private HandedBody(Offer offer, ByteRange range, ByteStream handed, Duration silence, Cancellation cancellation) {
        this.source = offer.source();
        this.stream = handed.bytes();
        this.size = offer.file().size();
        this.start = handed.start();
        this.end = start == range.from() ? range.to() : size;
        this.silence = silence;
        this.cancellation = cancellation;
        this.at = start;
        bytes.timeout().timeout(silence.toNanos(), TimeUnit.NANOSECONDS);
        this.reading = source.call("reading the stream", this::pump);
        reading.onEnd(this::endPipe);
        cancellation.onCancel(cut);
    }

    /**
     * Begins to read it.
     *
     * @param silence no byte for so long is a failure
     * @throws Fault if it begins where nobody can use it
     */
    static HandedBody of(Offer offer, ByteRange range, ByteStream handed, Duration silence, Cancellation cancellation)
            throws Fault {
        HandedBody body = new HandedBody(offer, range, handed, silence, cancellation);
        if (handed.start() < 0 || handed.start() > range.from()) {
            body.close();
            throw Fault.of(
                    Fault.Kind.BACK_END,
                    new Verdict.Broken("open returned a stream that begins at " + handed.start()
                            + ", and was asked for " + range.from()),
                    body.host());
        }
        return body;
    }

    private Boolean pump() throws IOException {
        byte[] chunk = new byte[Limits.BUFFER];
        Buffer next = new Buffer();
        for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
            next.write(chunk, 0, count);
            pipe.sink().write(next, count);
        }
        return true;
    }

    private void endPipe() {
        try {
            pipe.sink().close();
        } catch (IOException alreadyCut) {
            // Then nobody reads.
        }
    }

    @Override
    public String host() {
        return source.host();
    }

    @Override
    public long start() {
        return start;
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public int read(byte[] into, int offset, int most) throws Fault, InterruptedException {
        int count;
        try {
            count = bytes.read(into, offset, most);
        } catch (IOException e) {
            throw failed(e);
        }
        if (count < 0) {
            throw ended();
        }
        at += count;
        if (at >= size && !isExhausted()) {
            throw wrongLength("goes on after " + size);
        }
        return count;
    }

    @Override
    public boolean isExhausted() throws Fault, InterruptedException {
        try {
            return bytes.exhausted();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** By a failure, or without one. */
    private Fault ended() throws InterruptedException {
        try {
            reading.await(silence);
            return wrongLength("ends after " + at);
        } catch (SourceException e) {
            cancellation.check();
            return Fault.of(e, host());
        }
    }

    private Fault wrongLength(String how) {
        String words = "the stream " + how + " bytes, the listing says " + size + " (" + host() + ")";
        return Fault.of(Fault.Kind.WRONG_LENGTH, new Verdict.Blocked(words), host());
    }

    private Fault failed(IOException e) throws InterruptedException {
        cancellation.check();
        if (!(e instanceof InterruptedIOException)) {
            return Fault.of(Fault.Kind.DROPPED, new Verdict.Down("let go of (" + host() + ")", false), host());
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return Fault.of(reading.overdue(silence), host());
    }

    @Override
    public void cut() {
        pipe.cancel();
        reading.cut();
        if (closed.compareAndSet(false, true)) {
            closeStream();
        }
    }

    /** On another thread, since nobody knows for how long that waits; a read that hangs is to end by it. */
    private void closeStream() {
        try {
            var unused = source.call("closing the stream", () -> {
                stream.close();
                return true;
            });
        } catch (RejectedExecutionException over) {
            // The interrupt has to do.
        }
    }

    @Override
    public void close() {
        cancellation.forget(cut);
        cut();
    }
}
