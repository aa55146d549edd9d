package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Hasher;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reader's way through a file for which there is no room: from one connection at a time straight to the reader, hashed
 * in passing, with nothing stored. Whoever reads up to the last byte gets the last 64 KiB only if the digest is right.
 */
public final class Passage {

    private static final int ROUNDS = 3;

    private final Chosen chosen;
    private final RepoFile file;
    private final Throttle throttle;
    private final Events events;
    private final Cancellation cancellation = new Cancellation();

    public Passage(Chosen chosen, RepoFile file, Throttle throttle, Events events) {
        this.chosen = chosen;
        this.file = file;
        this.throttle = throttle;
        this.events = events;
    }

    /**
     * Sends a range.
     *
     * @throws FetchException if nobody delivers, or what came was wrong
     * @throws IOException if the channel fails
     */
    public void send(long position, long count, WritableByteChannel channel) throws IOException, InterruptedException {
        Way way = new Way(position, position + count, channel);
        RangeRequest ranges = new RangeRequest(cancellation, System::nanoTime);
        Fault last = null;
        for (int round = 0; round < ROUNDS && !way.isOver(); round++) {
            List<Offer> offers = chosen.offers(file);
            for (Offer offer : offers) {
                try {
                    way.follow(ranges, offer);
                    break;
                } catch (Fault e) {
                    last = e;
                }
            }
            if (!way.isOver()) {
                chosen.awaitLate();
            }
        }
        if (!way.isOver()) {
            throw unreachable(last);
        }
        way.end();
    }

    private FetchException unreachable(@Nullable Fault last) {
        FetchException.Unreachable failure = new FetchException.Unreachable(
                file.path() + ": " + (last == null ? "nobody has it" : last.getMessage()) + ".",
                Hint.plain("Try again later."));
        if (last != null) {
            failure.addSuppressed(last);
        }
        return failure;
    }

    /** What has come of it so far. */
    private final class Way {

        private final long position;
        private final long end;
        private final WritableByteChannel channel;
        private final @Nullable Hasher hasher;
        private final ByteArrayOutputStream withheld = new ByteArrayOutputStream();
        private final Meter meter;
        private long at;

        Way(long position, long end, WritableByteChannel channel) {
            boolean proved = end == file.size();
            this.position = position;
            this.end = end;
            this.channel = channel;
            this.hasher = proved ? new Hasher(file.size(), file.gitBlob() != null) : null;
            // Only all of it can be compared.
            this.at = proved ? 0 : position;
            this.meter = new Meter(events, System::nanoTime, file, at, new Tally(file.size()));
        }

        boolean isOver() {
            return at == end;
        }

        void follow(RangeRequest ranges, Offer offer) throws Fault, IOException, InterruptedException {
            if (at == end) {
                return;
            }
            try (Opened opened = ranges.open(offer, at, end, null, cut -> {})) {
                byte[] buffer = new byte[throttle.slice(Limits.BUFFER)];
                for (long skipped = opened.start(); skipped < at; ) {
                    skipped += opened.read(buffer, 0, (int) Math.min(buffer.length, at - skipped));
                }
                while (at < end) {
                    int read = opened.read(buffer, 0, (int) Math.min(buffer.length, end - at));
                    throttle.take(read);
                    meter.received(read, offer.id());
                    take(buffer, read);
                }
            }
        }

        private void take(byte[] bytes, int count) throws IOException {
            if (hasher != null) {
                hasher.update(bytes, 0, count);
            }
            int wanted = (int) Math.max(0, Math.min(count, position - at));
            long open = hasher == null ? end : file.size() - Limits.PROVED_TAIL;
            int free = (int) Math.max(wanted, Math.min(count, open - at));
            at += count;
            write(ByteBuffer.wrap(bytes, wanted, free - wanted));
            withheld.write(bytes, free, count - free);
        }

        private void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        void end() throws IOException {
            if (hasher != null) {
                Content content = hasher.finish();
                if (!content.satisfies(file)) {
                    events.emit(when -> new FetchEvent.Verified(
                            when, file.path(), false, "what has passed through has " + content.sha256()));
                    throw new FetchException.Corrupt(
                            file.path() + ": what has passed through is not what is listed.",
                            Hint.plain("Read all of it again."));
                }
            }
            write(ByteBuffer.wrap(withheld.toByteArray()));
        }
    }
}
