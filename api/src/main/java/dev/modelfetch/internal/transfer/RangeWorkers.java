package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.CommonVerdicts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The workers that fill the missing ranges of one file. The thread that calls {@link #work} is the first; a large file
 * has others, which wait until a source has room for them. Each exchange is: a place at a source, a piece, a request,
 * bytes to their position.
 */
final class RangeWorkers implements AutoCloseable {

    private final Filling filling;
    private final Segments segments;
    private final FrontierHash hash;

    private final List<Future<?>> helpers = new ArrayList<>();
    private final List<RangeRequest.Opened> open = new ArrayList<>();
    private volatile @Nullable String lastSource;
    private volatile @Nullable RuntimeException failure;
    /** The source sends whole files only: one worker reads it from the start, others would read it all again. */
    private volatile boolean wholeOnly;

    RangeWorkers(Filling filling, Segments segments, FrontierHash hash) {
        this.filling = filling;
        this.segments = segments;
        this.hash = hash;
    }

    /**
     * Returns when every range is filled and nobody writes any more.
     *
     * @throws FetchException if no source can deliver, or the disk cannot take it
     */
    void work() throws InterruptedException {
        int most = isLarge() ? workers() : 1;
        for (int i = 1; i < most; i++) {
            boolean explores = i == 1
                    && filling.file().size() >= Limits.WORTH_SEVERAL_SOURCES
                    && !filling.run().request().singleSource();
            helpers.add(filling.run().pool().submit(() -> help(explores)));
        }
        try {
            while (failure == null && segments.awaitMore(Limits.BUSY_POLL.toMillis())) {
                fill(filling.supply().enter(isLarge()), true);
            }
        } catch (FetchException e) {
            fail(e);
        }
        for (Future<?> helper : helpers) {
            join(helper);
        }
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    /**
     * A further worker; waits for a place like the first, but only while nobody's first is waiting.
     *
     * @param explores whether it goes to sources nothing is known of before all others
     */
    private void help(boolean explores) {
        // Only before its first piece: at a slow source one piece can keep it busy for long.
        long until = System.nanoTime() + Limits.EXPLORE.toNanos();
        try {
            while (failure == null && !wholeOnly && segments.awaitMore(Limits.BUSY_POLL.toMillis())) {
                Optional<Offer> unknown = explores ? filling.supply().explore(until) : Optional.empty();
                until = Long.MIN_VALUE;
                Optional<Offer> place =
                        unknown.isPresent() ? unknown : filling.supply().enterToo(isLarge());
                if (place.isPresent()) {
                    fill(place.get(), false);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (FetchException e) {
            fail(e);
        }
    }

    private boolean isLarge() {
        return filling.file().size() >= Limits.SMALL_FILE;
    }

    private int workers() {
        return wholeOnly ? 1 : filling.run().request().connectionsPerFile();
    }

    /** Fills one piece from the place it has been given, and leaves it; without a piece to fill it only leaves. */
    private void fill(Offer offer, boolean first) throws InterruptedException {
        Fault fault = null;
        try {
            Optional<Segments.Claim> claim =
                    segments.claim(workers(), filling.supply().rate(offer));
            if (claim.isEmpty()) {
                return;
            }
            try {
                announce(offer);
                pull(offer, claim.get(), first);
            } catch (Fault e) {
                // Somebody quicker has taken the rest of the piece, and cut this connection for it.
                fault = segments.isTaken(claim.get()) ? null : e;
            } catch (IOException e) {
                fail(StorageErrors.of(e, filling.target()));
            } finally {
                segments.release(claim.get());
            }
        } finally {
            filling.supply().leave(offer);
        }
        if (fault != null) {
            filling.run().cancellation().check();
            pauseAfter(offer, fault);
        }
    }

    private void pull(Offer offer, Segments.Claim claim, boolean first)
            throws Fault, IOException, InterruptedException {
        Duration silence =
                filling.supply().hasAlternative() ? offer.source().profile().firstByte() : null;
        long from = segments.position(claim);
        RangeRequest.Opened opened = filling.ranges().open(offer, from, segments.end(claim), silence);
        synchronized (open) {
            open.add(opened);
        }
        try {
            segments.onTaken(claim, opened.call()::cancel);
            wholeOnly |= opened.start() < from;
            if (first || opened.start() == from) {
                copy(offer, opened, claim);
            }
        } finally {
            synchronized (open) {
                open.remove(opened);
            }
            filling.ranges().close(opened);
        }
    }

    private void copy(Offer offer, RangeRequest.Opened opened, Segments.Claim claim)
            throws Fault, IOException, InterruptedException {
        long wanted = segments.end(claim) - segments.position(claim);
        byte[] buffer = new byte[filling.throttle().slice((int) Math.min(Limits.BUFFER, Math.max(1, wanted)))];
        InputStream body = opened.response().body().byteStream();
        skip(body, opened, segments.position(claim), buffer);
        long began = System.nanoTime();
        long got = 0;
        Floor floor = new Floor(began);
        while (wanted > 0 && failure == null) {
            double seconds = (System.nanoTime() - began) / 1e9;
            boolean fast = got >= Limits.FAST_BYTES && got / seconds >= Limits.FAST_BYTES;
            Gathered gathered = gather(body, buffer, (int) Math.min(buffer.length, wanted), fast, opened);
            int count = gathered.count();
            filling.throttle().take(count);
            filling.partial().write(segments.position(claim), ByteBuffer.wrap(buffer, 0, count), offer.id());
            got += count;
            wanted = segments.advance(claim, count);
            hash.advanced();
            filling.supply().delivered(offer, count);
            filling.meter().received(count, offer.id());
            if (gathered.fault() != null) {
                throw gathered.fault();
            }
            floor.check(count, opened.host());
        }
    }

    /** Ends a connection that crawls while somebody else has the file (mirrors.md 5.9, step 5). */
    private final class Floor {

        private long sinceNanos;
        private long bytes;

        Floor(long nowNanos) {
            this.sinceNanos = nowNanos;
        }

        void check(int count, String host) throws Fault {
            bytes += count;
            long now = System.nanoTime();
            if (now - sinceNanos < Limits.FLOOR_TIME.toNanos()) {
                return;
            }
            double perSecond = bytes / ((now - sinceNanos) / 1e9);
            if (perSecond < Limits.FLOOR
                    && !filling.throttle().isSet()
                    && filling.supply().hasAlternative()) {
                throw Fault.crawling(new Verdict.Down(
                        "only " + Math.round(perSecond / 1024) + " KiB/s for " + Limits.FLOOR_TIME.toSeconds() + " s ("
                                + host + ")",
                        true));
            }
            sinceNanos = now;
            bytes = 0;
        }
    }

    /** @param fault what ended it, after the bytes counted here; null if nothing did */
    private record Gathered(int count, @Nullable Fault fault) {}

    /**
     * The transport hands out eight kilobytes at a time; on a fast line a system call and five locks are better spent on
     * more. On any other every byte is written as it comes.
     */
    private Gathered gather(InputStream body, byte[] buffer, int most, boolean fast, RangeRequest.Opened opened)
            throws Fault {
        int count = read(body, buffer, 0, most, opened);
        try {
            while (fast && count < most && !filling.run().cancellation().isCancelled()) {
                count += read(body, buffer, count, most - count, opened);
            }
            return new Gathered(count, null);
        } catch (Fault e) {
            return new Gathered(count, e);
        }
    }

    /** A server that ignores ranges starts at 0; what is in front of the claim is there already or another's. */
    private void skip(InputStream body, RangeRequest.Opened opened, long position, byte[] buffer)
            throws Fault, InterruptedException {
        long left = position - opened.start();
        while (left > 0) {
            int read = read(body, buffer, 0, (int) Math.min(buffer.length, left), opened);
            filling.throttle().take(read);
            left -= read;
        }
    }

    private int read(InputStream body, byte[] buffer, int offset, int most, RangeRequest.Opened opened) throws Fault {
        int read;
        try {
            read = body.read(buffer, offset, most);
        } catch (IOException e) {
            filling.run().cancellation().check();
            throw Fault.passing(
                    CommonVerdicts.ofFailure(e, opened.response().request().url()), e);
        }
        if (read < 0) {
            throw Fault.passing(new Verdict.Down("connection closed early (" + opened.host() + ")", true), null);
        }
        return read;
    }

    private void pauseAfter(Offer offer, Fault fault) throws InterruptedException {
        Duration pause = filling.supply().failed(offer, fault);
        filling.run()
                .events()
                .emit(at -> new FetchEvent.Retrying(
                        at, filling.file().path(), offer.id(), fault.verdict().detail(), pause));
        long until = System.nanoTime() + pause.toNanos();
        long left = pause.toNanos();
        while (left > 0 && failure == null && !segments.isComplete()) {
            Thread.sleep(Math.min(Limits.BUSY_POLL.toMillis(), TimeUnit.NANOSECONDS.toMillis(left) + 1));
            left = filling.supply().isRelieved(offer, fault) ? 0 : until - System.nanoTime();
        }
    }

    private void announce(Offer offer) {
        String before = lastSource;
        lastSource = offer.id();
        if (before != null && !before.equals(offer.id())) {
            String reason =
                    filling.supply().lastFailure(before).map(Verdict::detail).orElse("more room there");
            filling.run()
                    .events()
                    .emit(at -> new FetchEvent.SourceSwitched(at, filling.file().path(), before, offer.id(), reason));
        }
    }

    private void fail(RuntimeException e) {
        failure = e;
        cut();
    }

    private void cut() {
        synchronized (open) {
            open.forEach(opened -> opened.call().cancel());
        }
    }

    private static void join(Future<?> helper) throws InterruptedException {
        try {
            helper.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a range worker broke", e.getCause());
        }
    }

    /** Whoever still works is cut off: after this the partial file may be closed. */
    @Override
    public void close() {
        cut();
        helpers.forEach(helper -> helper.cancel(true));
    }
}
