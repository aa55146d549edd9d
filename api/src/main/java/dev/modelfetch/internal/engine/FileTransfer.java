package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.store.Content;
import dev.modelfetch.internal.store.Digests;
import dev.modelfetch.internal.store.Partial;
import dev.modelfetch.internal.store.Trouble;
import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Fills one partial file and proves it: range workers pull pieces from whoever {@link Supply} names, the digest follows
 * the front, and bytes that turn out wrong are thrown away and fetched again. The calling thread is the first worker;
 * more join while the file has pieces and its source has permits.
 */
final class FileTransfer {

    private final Run run;
    private final RepoFile file;
    private final Path target;
    private final Partial partial;
    private final Supply supply;
    private final Throttle throttle;
    private final RangeRequest ranges;
    private final Meter meter;

    private volatile @Nullable String lastSource;
    private volatile @Nullable RuntimeException failure;

    /** @param target the file's final place, for messages */
    FileTransfer(Run run, RepoFile file, Path target, Partial partial, Supply supply, Throttle throttle) {
        this.run = run;
        this.file = file;
        this.target = target;
        this.partial = partial;
        this.supply = supply;
        this.throttle = throttle;
        this.ranges = new RangeRequest(run.cancellation());
        this.meter = new Meter(run.events(), file, partial.ranges().total());
    }

    /**
     * Returns when every byte is there and the digest is the expected one.
     *
     * @throws FetchException if no source can deliver it, or none delivers the right bytes
     */
    Content fill() throws IOException, InterruptedException {
        while (true) {
            Content content = pullAll();
            if (content.satisfies(file)) {
                run.events().emit(at -> new FetchEvent.Verified(at, file.path(), true, ""));
                return content;
            }
            reject(content);
        }
    }

    /** Bytes received so far, including those thrown away. */
    long received() {
        return meter.received();
    }

    /** One round: all missing ranges, while the digest follows. */
    private Content pullAll() throws IOException, InterruptedException {
        Segments segments = new Segments(partial.ranges().missing(file.size()));
        FrontierHash hash = new FrontierHash(partial, file.size(), Digests.hasher(file));
        Optional<Future<Content>> beside =
                file.size() > Limits.HASH_BESIDE ? Optional.of(run.pool().submit(hash::follow)) : Optional.empty();
        Crew crew = new Crew(segments, hash);
        try {
            crew.work();
            crew.join();
            RuntimeException failed = failure;
            if (failed != null) {
                throw failed;
            }
            partial.flush();
            return beside.isPresent() ? beside.get().get() : hash.follow();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("hashing " + file.path() + " failed", e.getCause());
        } finally {
            hash.stop();
            crew.dismiss();
        }
    }

    /** The bytes are wrong: forget what the least trusted contributor sent, or everything if that leaves no doubt. */
    private void reject(Content content) throws IOException {
        String expected = file.digest().map(Object::toString).orElse("?");
        String actual = file.sha256() != null || content.gitBlob() == null
                ? content.sha256().toString()
                : content.gitBlob().toString();
        List<String> contributors = new ArrayList<>(partial.ranges().contributors());
        contributors.sort(Comparator.comparing((String id) -> trustOf(id)).reversed());
        String suspect = contributors.get(0);
        String detail = "the bytes from " + String.join(" and ", contributors) + " have " + actual
                + ", the listing says " + expected;
        boolean anybodyLeft = supply.blame(suspect, detail);
        if (contributors.size() > 1) {
            partial.drop(suspect);
        } else {
            partial.dropAll();
        }
        meter.restart(partial.ranges().total());
        run.events()
                .emit(at -> new FetchEvent.Verified(
                        at,
                        file.path(),
                        false,
                        detail + (anybodyLeft ? "; what " + suspect + " sent is fetched again" : "")));
        if (!anybodyLeft) {
            throw new FetchException.Corrupt(
                    file.path() + ": " + detail + ".",
                    "Nothing was stored. Try another --source; if it persists, report it to the hub.");
        }
    }

    /** Contributors of earlier runs may be unknown to this one; they are trusted least. */
    private Trust trustOf(String id) {
        return supply.hub(id).map(hub -> hub.profile().trust()).orElse(Trust.MIRROR);
    }

    /** The workers of one round. */
    private final class Crew {
        private final Segments segments;
        private final FrontierHash hash;
        private final List<Future<?>> helpers = new ArrayList<>();
        private final AtomicInteger size = new AtomicInteger(1);
        private final List<RangeRequest.Opened> open = new ArrayList<>();
        /** The source sends whole files only: one worker reads it from the start, others would read it all again. */
        private volatile boolean wholeOnly;

        Crew(Segments segments, FrontierHash hash) {
            this.segments = segments;
            this.hash = hash;
        }

        /** The first worker; stays until every range is filled or the file has failed. */
        void work() throws InterruptedException {
            while (failure == null) {
                Optional<Segments.Claim> claim = segments.claimOrWait(workers());
                if (claim.isEmpty()) {
                    return;
                }
                fill(claim.get(), true);
            }
        }

        private int workers() {
            return wholeOnly ? 1 : run.request().connectionsPerFile();
        }

        /** A further worker; leaves when there is nothing to do or its source allows no more connections. */
        private void help() {
            try {
                while (failure == null && !wholeOnly) {
                    Optional<Segments.Claim> claim = segments.claim(workers());
                    if (claim.isEmpty()) {
                        return;
                    }
                    fill(claim.get(), false);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                size.decrementAndGet();
            }
        }

        private void fill(Segments.Claim claim, boolean first) throws InterruptedException {
            try {
                Offer offer = supply.current();
                announce(offer);
                offer.hub().permits().acquire();
                try {
                    grow(offer);
                    pull(offer, claim, first);
                } catch (Fault e) {
                    run.cancellation().check();
                    pauseAfter(offer, e);
                } finally {
                    offer.hub().permits().release();
                }
            } catch (FetchException e) {
                fail(e);
            } catch (IOException e) {
                fail(Trouble.of(e, target));
            } finally {
                segments.release(claim);
            }
        }

        private void grow(Offer offer) {
            int most = file.size() < Limits.SMALL_FILE ? 1 : workers();
            if (segments.hasMore() && size.get() < most && offer.hub().permits().availablePermits() > 0) {
                size.incrementAndGet();
                synchronized (helpers) {
                    helpers.add(run.pool().submit(this::help));
                }
            }
        }

        /** The one exchange: open, check, copy. */
        private void pull(Offer offer, Segments.Claim claim, boolean first)
                throws Fault, IOException, InterruptedException {
            Duration silence = supply.hasAlternative() ? offer.hub().profile().firstByte() : null;
            long from = segments.position(claim);
            RangeRequest.Opened opened = ranges.open(offer, from, segments.end(claim), silence);
            synchronized (open) {
                open.add(opened);
            }
            try {
                wholeOnly |= opened.start() < from;
                if (first || opened.start() == from) {
                    copy(offer, opened, claim);
                }
            } finally {
                synchronized (open) {
                    open.remove(opened);
                }
                ranges.close(opened);
            }
        }

        private void copy(Offer offer, RangeRequest.Opened opened, Segments.Claim claim)
                throws Fault, IOException, InterruptedException {
            byte[] buffer = new byte[throttle.slice(Limits.BUFFER)];
            InputStream body = opened.response().body().byteStream();
            skip(body, opened, segments.position(claim), buffer);
            long wanted = segments.end(claim) - segments.position(claim);
            while (wanted > 0 && failure == null) {
                int read = read(body, buffer, (int) Math.min(buffer.length, wanted), opened);
                if (read < 0) {
                    throw Fault.passing(
                            new Verdict.Down("connection closed early (" + opened.host() + ")", true), null);
                }
                throttle.take(read);
                partial.write(segments.position(claim), ByteBuffer.wrap(buffer, 0, read), offer.id());
                wanted = segments.advance(claim, read);
                hash.advanced();
                supply.delivered(offer);
                meter.received(read, offer.id());
            }
        }

        /** A server that ignores ranges starts at 0; what is in front of the claim is there already or another's. */
        private void skip(InputStream body, RangeRequest.Opened opened, long position, byte[] buffer)
                throws Fault, InterruptedException {
            long left = position - opened.start();
            while (left > 0) {
                int read = read(body, buffer, (int) Math.min(buffer.length, left), opened);
                if (read < 0) {
                    throw Fault.passing(
                            new Verdict.Down("connection closed early (" + opened.host() + ")", true), null);
                }
                throttle.take(read);
                left -= read;
            }
        }

        private int read(InputStream body, byte[] buffer, int most, RangeRequest.Opened opened) throws Fault {
            try {
                return body.read(buffer, 0, most);
            } catch (IOException e) {
                run.cancellation().check();
                throw Fault.passing(
                        CommonVerdicts.ofFailure(e, opened.response().request().url()), e);
            }
        }

        private void pauseAfter(Offer offer, Fault fault) throws InterruptedException {
            Duration pause = supply.failed(offer, fault);
            run.events()
                    .emit(at -> new FetchEvent.Retrying(
                            at, file.path(), offer.id(), fault.verdict().detail(), pause));
            Thread.sleep(pause.toMillis());
        }

        private void fail(RuntimeException e) {
            failure = e;
            synchronized (open) {
                open.forEach(opened -> opened.call().cancel());
            }
        }

        void join() throws InterruptedException {
            while (true) {
                List<Future<?>> waiting;
                synchronized (helpers) {
                    waiting = new ArrayList<>(helpers);
                }
                for (Future<?> helper : waiting) {
                    try {
                        helper.get();
                    } catch (ExecutionException e) {
                        throw new IllegalStateException("a range worker broke", e.getCause());
                    }
                }
                synchronized (helpers) {
                    if (helpers.size() == waiting.size()) {
                        return;
                    }
                }
            }
        }

        /** After a failure nobody may write to the partial any more. */
        void dismiss() {
            synchronized (open) {
                open.forEach(opened -> opened.call().cancel());
            }
            synchronized (helpers) {
                helpers.forEach(helper -> helper.cancel(true));
            }
        }
    }

    private void announce(Offer offer) {
        String before = lastSource;
        lastSource = offer.id();
        if (before != null && !before.equals(offer.id())) {
            String reason = supply.lastFailure(before).map(Verdict::detail).orElse("better offer");
            run.events().emit(at -> new FetchEvent.SourceSwitched(at, file.path(), before, offer.id(), reason));
        }
    }
}
