package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.run.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The workers that fill the missing ranges of one file. The thread that calls {@link #work} is the first; a large file
 * has others, which wait until a source has room for them. Each round of a worker is: a piece to be had, a place at a
 * source, the piece, an {@link Exchange}.
 */
final class RangeWorkers implements AutoCloseable {

    private final Run run;
    private final RepoFile file;
    private final Failover failover;
    private final Segments segments;
    private final Exchange exchange;
    private final int connections;

    private final List<Future<?>> helpers = new ArrayList<>();
    private final AtomicReference<@Nullable String> lastSource = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** @param connections for a file that is worth more than one */
    RangeWorkers(Run run, RepoFile file, Failover failover, Segments segments, Exchange exchange, int connections) {
        this.run = run;
        this.file = file;
        this.failover = failover;
        this.segments = segments;
        this.exchange = exchange;
        this.connections = connections;
    }

    /**
     * Returns when every range is filled and nobody writes any more.
     *
     * @throws FetchException if no source can deliver
     * @throws IOException if the disk cannot take it
     */
    void work() throws IOException, InterruptedException {
        int most = isLarge() ? connections : 1;
        for (int i = 1; i < most; i++) {
            boolean explores = i == 1 && file.size() >= Limits.WORTH_SEVERAL_SOURCES;
            helpers.add(run.pool().submit(() -> help(explores)));
        }
        try {
            while (goesOn(true)) {
                if (exchange.isWholeOnly()) {
                    joinHelpers();
                }
                if (segments.awaitPiece(failover.bestRate(), Limits.PIECE_PATIENCE)) {
                    take(failover.enter(isLarge()), true);
                }
            }
        } catch (FetchException | IOException e) {
            fail(e);
        }
        joinHelpers();
        Throwable failed = failure.get();
        if (failed != null) {
            throw Tasks.failure(failed);
        }
    }

    private void joinHelpers() throws IOException, InterruptedException {
        for (Future<?> helper : helpers) {
            Tasks.join(helper);
        }
        helpers.clear();
    }

    /**
     * A further worker; waits for a place like the first, but only while nobody's first is waiting.
     *
     * @param explores whether it goes to sources nothing is known of before all others
     */
    private void help(boolean explores) {
        // Holds back only before its first piece: at a slow source one piece can keep it busy for long.
        Duration patience = Limits.EXPLORE;
        try {
            while (goesOn(false)) {
                if (segments.awaitPiece(failover.bestRate(), Limits.PIECE_PATIENCE)) {
                    Optional<Offer> unknown = explores ? failover.explore(patience, run.nanos()) : Optional.empty();
                    patience = Duration.ZERO;
                    take(unknown.isPresent() ? unknown : failover.enterToo(isLarge()), false);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Whether that worker has still something to do: a whole file is read by one, others would read it all again. */
    private boolean goesOn(boolean first) {
        return failure.get() == null && !segments.isComplete() && (first || !exchange.isWholeOnly());
    }

    private boolean isLarge() {
        return file.size() >= Limits.SMALL_FILE;
    }

    /** Uses the place it has been given, if any, and leaves it. */
    private void take(Optional<Offer> place, boolean first) throws IOException, InterruptedException {
        if (place.isEmpty()) {
            return;
        }
        Offer offer = place.get();
        Optional<Fault> fault;
        try {
            fault = fill(offer, first);
        } finally {
            failover.leave(offer);
        }
        if (fault.isPresent() && failure.get() == null) {
            run.cancellation().check();
            pauseAfter(offer, fault.get(), first);
        }
    }

    /** Fills one piece, unless somebody else was quicker to take it. */
    private Optional<Fault> fill(Offer offer, boolean first) throws IOException, InterruptedException {
        Optional<Segments.Claim> piece = piece(offer, first);
        if (piece.isEmpty()) {
            return Optional.empty();
        }
        Segments.Claim claim = piece.get();
        try {
            announce(offer);
            exchange.fill(offer, claim, first);
            return Optional.empty();
        } catch (Fault e) {
            // Somebody quicker has taken the rest of the piece, and cut this connection for it.
            return segments.isTaken(claim) ? Optional.empty() : Optional.of(e);
        } finally {
            segments.release(claim);
        }
    }

    private Optional<Segments.Claim> piece(Offer offer, boolean first) {
        if (!exchange.isWholeOnly()) {
            return segments.claim(connections, failover.rate(offer));
        }
        boolean alone = first && helpers.isEmpty();
        return alone ? segments.claimBehind(0) : Optional.empty();
    }

    private void pauseAfter(Offer offer, Fault fault, boolean first) throws InterruptedException {
        Duration pause = failover.failed(offer, fault);
        run.events()
                .emit(at -> new FetchEvent.Retrying(
                        at, file.path(), offer.id(), fault.verdict().detail(), pause));
        long until = run.nanos().getAsLong() + pause.toNanos();
        long left = pause.toNanos();
        while (left > 0 && goesOn(first)) {
            Thread.sleep(Math.min(Limits.PAUSE_SLICE.toMillis(), TimeUnit.NANOSECONDS.toMillis(left) + 1));
            left = failover.isRelieved(offer, fault) ? 0 : until - run.nanos().getAsLong();
        }
    }

    private void announce(Offer offer) {
        String before = lastSource.getAndSet(offer.id());
        if (before != null && !before.equals(offer.id())) {
            String reason = failover.lastFailure(before).map(Verdict::detail).orElse("more room there");
            run.events().emit(at -> new FetchEvent.SourceSwitched(at, file.path(), before, offer.id(), reason));
        }
    }

    private void fail(Throwable e) {
        failure.compareAndSet(null, e);
        exchange.cut();
    }

    /** Whoever still works is cut off: after this the partial file may be closed. */
    @Override
    public void close() {
        exchange.cut();
        helpers.forEach(helper -> helper.cancel(true));
    }
}
