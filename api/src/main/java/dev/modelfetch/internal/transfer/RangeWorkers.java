package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.run.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The workers that fill the missing ranges of one file. The thread that calls {@link #work} is the first; a large file
 * has others, which wait until a source has room for them, and so has any that would take long. Each round of a worker
 * is: a piece to be had, a place at a source, the piece, an {@link Exchange}.
 */
final class RangeWorkers implements AutoCloseable {

    private final Run run;
    private final RepoFile file;
    private final Failover failover;
    private final Segments segments;
    private final Exchange exchange;
    private final OnlySender sender;
    private final int connections;

    private final List<Future<?>> helpers = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private boolean over;

    /** @param connections for a file that is worth more than one */
    RangeWorkers(
            Run run,
            RepoFile file,
            Failover failover,
            Segments segments,
            Exchange exchange,
            OnlySender sender,
            int connections) {
        this.run = run;
        this.file = file;
        this.failover = failover;
        this.segments = segments;
        this.exchange = exchange;
        this.sender = sender;
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
            // The first of them holds back for those that have not answered yet.
            help(i == 1 && isVeryLarge() ? Limits.EXPLORE : Duration.ZERO);
        }
        try {
            while (goesOn(true)) {
                if (exchange.isWholeOnly()) {
                    joinHelpers();
                }
                if (segments.awaitPiece(failover.bestRate(), Limits.PIECE_PATIENCE)) {
                    Optional<Place> unknown = isLarge() ? Optional.empty() : explored(Duration.ZERO);
                    take(unknown.isPresent() ? unknown : failover.enter(isWide()), true);
                }
            }
        } catch (FetchException | IOException e) {
            fail(e);
        }
        finish();
        joinHelpers();
        Throwable failed = failure.get();
        if (failed != null) {
            throw Tasks.failure(failed);
        }
    }

    /**
     * As {@link #work()}, for a file that is listed without bytes and without a digest.
     *
     * @return who has confirmed that it is empty
     */
    String confirmEmpty() throws IOException, InterruptedException {
        while (true) {
            Optional<Place> given = failover.enter(false);
            Optional<Fault> fault = given.isEmpty()
                    ? Optional.empty()
                    : use(given.get(), place -> {
                        exchange.confirmEmpty(place);
                        return Optional.empty();
                    });
            if (given.isPresent() && fault.isEmpty()) {
                return given.get().offer().id();
            }
        }
    }

    /** A second worker for a file that began with one, where it would take long and somebody else has it. */
    void hurry() {
        if (!isLarge() && !exchange.isWholeOnly() && helpers().isEmpty() && isSlow() && failover.hasSeveral()) {
            help(Duration.ZERO);
        }
    }

    private synchronized void help(Duration patience) {
        if (!over && helpers.size() < connections - 1) {
            helpers.add(run.pool().submit(() -> helpOut(patience)));
        }
    }

    private synchronized void finish() {
        over = true;
    }

    private synchronized List<Future<?>> helpers() {
        return List.copyOf(helpers);
    }

    private void joinHelpers() throws IOException, InterruptedException {
        for (Future<?> helper : helpers()) {
            Tasks.join(helper);
        }
        synchronized (this) {
            helpers.clear();
        }
    }

    /**
     * Waits for a place like the first, but only while nobody's first is waiting; goes to sources nothing is known of
     * before all others.
     */
    private void helpOut(Duration patience) {
        // Holds back only before its first piece: at a slow source one piece can keep it busy for long.
        Duration wait = patience;
        try {
            while (goesOn(false)) {
                if (segments.awaitPiece(failover.bestRate(), Limits.PIECE_PATIENCE)) {
                    Optional<Place> unknown = explored(wait);
                    wait = Duration.ZERO;
                    take(unknown.isPresent() ? unknown : failover.enterToo(isWide()), false);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    private Optional<Place> explored(Duration patience) throws InterruptedException {
        return isVeryLarge() || failover.isMuchLeft() || isSlow() ? failover.explore(patience) : Optional.empty();
    }

    /** Whether that worker has still something to do: a whole file is read by one, others would read it all again. */
    private boolean goesOn(boolean first) {
        return failure.get() == null && !segments.isComplete() && (first || !exchange.isWholeOnly());
    }

    private boolean isLarge() {
        return file.size() >= Limits.SMALL_FILE;
    }

    private boolean isVeryLarge() {
        return file.size() >= Limits.WORTH_SEVERAL_SOURCES;
    }

    private boolean isSlow() {
        return segments.secondsLeft() > Limits.LONG_SECONDS;
    }

    /** Whether it is worth several sources. */
    private boolean isWide() {
        return isLarge() || failover.isMuchLeft() || isSlow();
    }

    /** Uses the place it has been given, if any, and leaves it. */
    private void take(Optional<Place> given, boolean first) throws IOException, InterruptedException {
        if (given.isEmpty()) {
            return;
        }
        use(given.get(), place -> fill(place, first));
    }

    /** What is done at a place. */
    private interface Use {
        Optional<Fault> of(Place place) throws Fault, IOException, InterruptedException;
    }

    private Optional<Fault> use(Place place, Use use) throws IOException, InterruptedException {
        try {
            Optional<Fault> fault = met(place, use);
            if (fault.isPresent() && failure.get() == null) {
                run.cancellation().check();
                tell(place, fault.get());
            }
            return fault;
        } finally {
            sender.end(place);
            failover.leave(place);
        }
    }

    private static Optional<Fault> met(Place place, Use use) throws IOException, InterruptedException {
        try {
            return use.of(place);
        } catch (Fault e) {
            return Optional.of(e);
        }
    }

    /** Fills one piece, unless somebody else was quicker to take it. */
    private Optional<Fault> fill(Place place, boolean first) throws IOException, InterruptedException {
        Optional<Segments.Claim> piece = piece(place, first);
        if (piece.isEmpty()) {
            return Optional.empty();
        }
        Segments.Claim claim = piece.get();
        sender.begin(place);
        try {
            exchange.fill(place, claim, first);
            return Optional.empty();
        } catch (Fault e) {
            // Somebody quicker has taken the rest of the piece, and cut this connection for it.
            return segments.isTaken(claim) ? Optional.empty() : Optional.of(e);
        } finally {
            segments.release(claim);
        }
    }

    private Optional<Segments.Claim> piece(Place place, boolean first) {
        if (!exchange.isWholeOnly()) {
            long most = place.isTrial() ? Limits.TRIAL_PIECE : Long.MAX_VALUE;
            return segments.claim(connections, failover.rate(place), most);
        }
        boolean alone = first && helpers().isEmpty();
        return alone ? segments.claimBehind(0) : Optional.empty();
    }

    /** However many connections broke by the same, it is told once. */
    private void tell(Place place, Fault fault) {
        Optional<Duration> news = failover.failed(place, fault);
        sender.failed(place);
        news.ifPresent(pause -> run.events()
                .emit(at -> new FetchEvent.Retrying(
                        at, file.path(), place.offer().id(), fault.verdict().detail(), pause)));
    }

    private void fail(Throwable e) {
        failure.compareAndSet(null, e);
        exchange.cut();
    }

    /** Whoever still works is cut off: after this the partial file may be closed. */
    @Override
    public void close() {
        finish();
        exchange.cut();
        helpers().forEach(helper -> helper.cancel(true));
    }
}
