package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchException;
import dev.modelfetch.Probe;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.NoSource;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.net.Backoff;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Which source one file is taken from next, and when to give up on it. Strategy:
 *
 * <ol>
 *   <li>The best offer whose source is healthy in this job; if none is, the best that has not been given up.
 *   <li>A passing failure is retried at the same source, after a pause, as often as {@link Backoff} allows; with another
 *       offer at hand only once, and then the source is set aside until nobody else is left.
 *   <li>A refusal, or bytes that were wrong, end an offer.
 *   <li>At the first failure, sources nobody has asked yet are asked; when all offers have ended, they are waited for.
 * </ol>
 *
 * Guarded by itself.
 */
final class Failover {

    private final RepoFile file;
    private final ConnectionBudget lanes;
    private final Function<RepoFile, List<Offer>> offers;
    private final Late late;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Map<Source, Integer> failuresInARow = new HashMap<>();
    private final Map<Source, Verdict> lastFailure = new HashMap<>();
    private final Set<Source> ended = new HashSet<>();
    private final Set<Source> setAside = new HashSet<>();
    private final Set<Source> corrupt = new HashSet<>();
    private final Set<Source> suspected = new HashSet<>();

    /** Sources that had not answered when the transfer began. */
    interface Late {
        /** Waits for them within reason; afterwards they offer what they have. */
        void await() throws InterruptedException;

        /** They may be needed soon. */
        default void wake() {}

        /** Whether some may still answer. */
        default boolean arePending() {
            return false;
        }
    }

    /**
     * @param offers who can deliver that content, best first; asked anew each time, since late sources join
     * @param late waited for when everybody else has failed
     */
    Failover(RepoFile file, ConnectionBudget lanes, Function<RepoFile, List<Offer>> offers, Late late) {
        this.file = file;
        this.lanes = lanes;
        this.offers = offers;
        this.late = late;
    }

    /**
     * @throws FetchException if nobody is left
     */
    synchronized Offer current() throws InterruptedException {
        if (open().isEmpty()) {
            late.await();
        }
        List<Offer> open = open();
        return open.stream()
                .filter(offer -> lanes.isHealthy(offer.source()))
                .findFirst()
                .or(() -> open.stream().findFirst())
                .orElseThrow(this::exhausted);
    }

    /**
     * A connection to whoever is best to ask now; waits for one if need be.
     *
     * @param large whether the file is worth several sources
     * @throws FetchException if nobody is left
     */
    Offer enter(boolean large) throws InterruptedException {
        while (true) {
            // Says so if nobody is left.
            current();
            Optional<Offer> place = lanes.enter(offersLeft(), large, true, Limits.BUSY_POLL.toMillis());
            if (place.isPresent()) {
                return place.get();
            }
        }
    }

    /** As {@link #enter} for a worker that is not the file's first: waits a while, and only behind all first ones. */
    Optional<Offer> enterToo(boolean large) throws InterruptedException {
        return lanes.enter(offersLeft(), large, false, Limits.BUSY_POLL.toMillis());
    }

    /** A place at a source nothing is known of yet, if there is one; waits a little for those that may still answer. */
    Optional<Offer> explore(long untilNanos) throws InterruptedException {
        Optional<Offer> place = lanes.explore(offersLeft());
        while (place.isEmpty() && late.arePending() && System.nanoTime() < untilNanos) {
            Thread.sleep(Limits.BUSY_POLL.toMillis() / 4);
            place = lanes.explore(offersLeft());
        }
        return place;
    }

    void leave(Offer offer) {
        lanes.leave(offer.source());
    }

    /** What one connection to it is likely to bring, in bytes per second; 0 when unknown. */
    double rate(Offer offer) {
        return lanes.perConnection(offer.source());
    }

    private synchronized List<Offer> offersLeft() {
        return open();
    }

    /** Whether there is somebody else to turn to. */
    synchronized boolean hasAlternative() {
        return open().stream().filter(offer -> lanes.isHealthy(offer.source())).count() > 1;
    }

    /** Bytes arrived. */
    void delivered(Offer offer, int bytes) {
        synchronized (this) {
            failuresInARow.remove(offer.source());
        }
        lanes.delivered(offer.source(), bytes);
    }

    /** @return how long to wait before {@link #current()} is tried again */
    synchronized Duration failed(Offer offer, Fault fault) {
        if (lanes.failed(offer.source(), fault)) {
            return Limits.BUSY_POLL;
        }
        lastFailure.put(offer.source(), fault.verdict());
        late.wake();
        if (!fault.isPassing()) {
            ended.add(offer.source());
            return Duration.ZERO;
        }
        int failures = failuresInARow.merge(offer.source(), 1, Integer::sum);
        Optional<Duration> pause = Backoff.next(failures - 1, fault.asked(), random);
        if (pause.isEmpty() || failures > fault.retries()) {
            ended.add(offer.source());
            return Duration.ZERO;
        }
        return isRelieved(offer, fault) ? Duration.ZERO : pause.get();
    }

    /**
     * Whether, after that failure, somebody is to be asked who has failed less often; only when all have, they are given
     * time. May become true while one pauses, as sources answer that had not been asked.
     */
    synchronized boolean isRelieved(Offer offer, Fault fault) {
        int failures = failuresOf(offer);
        List<Offer> others = new ArrayList<>(left());
        others.removeIf(other -> other.source().equals(offer.source()));
        boolean anyHealthy = others.stream()
                .anyMatch(other -> !setAside.contains(other.source()) && lanes.isHealthy(other.source()));
        if ((failures > 1 && !others.isEmpty()) || (fault.yields() && anyHealthy)) {
            setAside.add(offer.source());
        }
        return setAside.contains(offer.source())
                && open().stream().anyMatch(other -> failuresOf(other) < Math.max(1, failures));
    }

    /**
     * Bytes did not have the digest, and this source sent some of them. It gets a second chance only if nobody else has
     * the file; if it sent all of them, those suspected before it get theirs.
     *
     * @param alone whether no other source had a part in it
     * @return whether there is anybody left to try
     */
    synchronized boolean blame(String source, boolean alone, String detail) {
        Source hub = hub(source).orElse(null);
        if (hub == null) {
            // Bytes of an earlier run, from a source this run may not ask.
            return !open().isEmpty();
        }
        lastFailure.put(hub, new Verdict.Blocked(detail));
        boolean second = !corrupt.add(hub);
        if (alone) {
            suspected.remove(hub);
            corrupt.removeAll(suspected);
            ended.removeAll(suspected);
            suspected.clear();
        } else {
            suspected.add(hub);
        }
        boolean elsewhere =
                open().stream().anyMatch(offer -> !offer.source().equals(hub) && !corrupt.contains(offer.source()));
        if (second || elsewhere) {
            ended.add(hub);
        }
        return !open().isEmpty();
    }

    /** The source of that id, if it offers this file. */
    synchronized Optional<Source> hub(String source) {
        return offers.apply(file).stream()
                .map(Offer::source)
                .filter(hub -> hub.id().equals(source))
                .findFirst();
    }

    /** What that source last failed with. */
    synchronized Optional<Verdict> lastFailure(String source) {
        return lastFailure.entrySet().stream()
                .filter(entry -> entry.getKey().id().equals(source))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private List<Offer> open() {
        List<Offer> open = left();
        if (setAside.containsAll(open.stream().map(Offer::source).toList())) {
            // When nobody else is left they come back in turn, so that one pause serves them all.
            open.sort(Comparator.comparingInt(this::failuresOf));
        } else {
            open.removeIf(offer -> setAside.contains(offer.source()));
        }
        return open;
    }

    private List<Offer> left() {
        List<Offer> left = new ArrayList<>(offers.apply(file));
        left.removeIf(offer -> ended.contains(offer.source()));
        return left;
    }

    private int failuresOf(Offer offer) {
        return failuresInARow.getOrDefault(offer.source(), 0);
    }

    private FetchException exhausted() {
        List<Probe> said = lastFailure.entrySet().stream()
                .map(entry -> new Probe(
                        entry.getKey().id(),
                        Redact.url(entry.getKey().profile().endpoint()),
                        entry.getKey().route(),
                        entry.getValue(),
                        0))
                .toList();
        return NoSource.explain(file.path(), said);
    }
}
