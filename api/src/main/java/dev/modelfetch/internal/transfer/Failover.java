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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
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
 * Guarded by itself; calls what is not of this package, and waits, without its monitor.
 */
final class Failover {

    private final RepoFile file;
    private final ConnectionBudget budget;
    private final Function<RepoFile, List<Offer>> offers;
    private final Late late;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Map<Source, Integer> failuresInARow = new HashMap<>();
    private final Map<Source, Fault> lastFailure = new LinkedHashMap<>();
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

        /** That source was asked for the file and has not delivered it; nobody else is left. */
        default void inVain(Source source) {}
    }

    /**
     * @param offers who can deliver that content, best first; asked anew each time, since late sources join
     * @param late waited for when everybody else has failed
     */
    Failover(RepoFile file, ConnectionBudget budget, Function<RepoFile, List<Offer>> offers, Late late) {
        this.file = file;
        this.budget = budget;
        this.offers = offers;
        this.late = late;
    }

    /**
     * @throws FetchException if nobody is left
     */
    Offer current() throws InterruptedException {
        if (offersLeft().isEmpty()) {
            late.await();
        }
        List<Offer> open = offersLeft();
        return open.stream()
                .filter(offer -> budget.isHealthy(offer.source()))
                .findFirst()
                .or(() -> open.stream().findFirst())
                .orElseThrow(this::exhausted);
    }

    /**
     * A connection to whoever is best to ask now; waits for one if need be.
     *
     * @param large whether the file is worth several sources
     * @return empty if there was none for a while
     * @throws FetchException if nobody is left
     */
    Optional<Offer> enter(boolean large) throws InterruptedException {
        // Says so if nobody is left.
        current();
        return budget.enter(offersLeft(), large, true, Limits.PLACE_PATIENCE);
    }

    /** As {@link #enter} for a worker that is not the file's first: only behind all first ones. */
    Optional<Offer> enterToo(boolean large) throws InterruptedException {
        return budget.enter(offersLeft(), large, false, Limits.PLACE_PATIENCE);
    }

    /** A place at a source nothing is known of yet, if there is one; waits so long for those that may still answer. */
    Optional<Offer> explore(Duration patience, LongSupplier nanos) throws InterruptedException {
        if (!budget.isOfSeveral()) {
            return Optional.empty();
        }
        long until = nanos.getAsLong() + patience.toNanos();
        Optional<Offer> place = budget.explore(offersLeft());
        while (place.isEmpty() && late.arePending() && nanos.getAsLong() - until < 0) {
            Thread.sleep(Limits.EXPLORE_POLL.toMillis());
            place = budget.explore(offersLeft());
        }
        return place;
    }

    void leave(Offer offer) {
        budget.leave(offer.source());
    }

    /** What one connection to it is likely to bring, in bytes per second; 0 when unknown. */
    double rate(Offer offer) {
        return budget.perConnection(offer.source());
    }

    /** What one connection to the quickest is likely to bring, in bytes per second; 0 when unknown. */
    double bestRate() {
        return offersLeft().stream().mapToDouble(this::rate).max().orElse(0);
    }

    /** Whether there is somebody else to turn to. */
    boolean hasAlternative() {
        return offersLeft().stream()
                        .filter(offer -> budget.isHealthy(offer.source()))
                        .count()
                > 1;
    }

    /** Bytes arrived. */
    void delivered(Offer offer, int bytes) {
        synchronized (this) {
            failuresInARow.remove(offer.source());
        }
        budget.delivered(offer.source(), bytes);
    }

    /** @return how long to wait before {@link #current()} is tried again */
    Duration failed(Offer offer, Fault fault) {
        boolean unplaced = fault.kind() == Fault.Kind.UNPLACED;
        if (!unplaced && budget.failed(offer.source(), fault)) {
            return Limits.PUSH_BACK_PAUSE;
        }
        late.wake();
        Optional<Duration> pause = unplaced ? setAside(offer, fault) : pauseAfter(offer, fault);
        return pause.filter(wait -> !isRelieved(offer, fault)).orElse(Duration.ZERO);
    }

    /** Nothing is wrong with the source, but it is of use only when nobody else is left. */
    private synchronized Optional<Duration> setAside(Offer offer, Fault fault) {
        lastFailure.put(offer.source(), fault);
        setAside.add(offer.source());
        return Optional.empty();
    }

    /** @return empty if the source is not to be asked again */
    private synchronized Optional<Duration> pauseAfter(Offer offer, Fault fault) {
        lastFailure.put(offer.source(), fault);
        Optional<Duration> pause = Optional.empty();
        if (fault.isPassing()) {
            int failures = failuresInARow.merge(offer.source(), 1, Integer::sum);
            pause = Backoff.next(failures - 1, fault.asked(), random).filter(wait -> failures <= fault.retries());
        }
        if (pause.isEmpty()) {
            ended.add(offer.source());
        }
        return pause;
    }

    /**
     * Whether, after that failure, somebody is to be asked who has failed less often; only when all have, they are given
     * time. May become true while one pauses, as sources answer that had not been asked.
     */
    boolean isRelieved(Offer offer, Fault fault) {
        List<Offer> all = offers.apply(file);
        synchronized (this) {
            int failures = failuresOf(offer);
            List<Offer> others = left(all);
            others.removeIf(other -> other.source().equals(offer.source()));
            boolean anyHealthy = others.stream()
                    .anyMatch(other -> !setAside.contains(other.source()) && budget.isHealthy(other.source()));
            if ((failures > 1 && !others.isEmpty()) || (fault.yields() && anyHealthy)) {
                setAside.add(offer.source());
            }
            return setAside.contains(offer.source())
                    && open(all).stream().anyMatch(other -> failuresOf(other) < Math.max(1, failures));
        }
    }

    /**
     * Bytes did not have the digest, and this source sent some of them. It gets a second chance only if nobody else has
     * the file; if it sent all of them, those suspected before it get theirs.
     *
     * @param alone whether no other source had a part in it
     * @return whether there is anybody left to try
     */
    boolean blame(String id, boolean alone, String detail) throws InterruptedException {
        List<Offer> all = offers.apply(file);
        Source blamed = all.stream()
                .map(Offer::source)
                .filter(source -> source.id().equals(id))
                .findFirst()
                .orElse(null);
        if (blamed == null) {
            // Bytes of an earlier run, from a source this run may not ask: once dropped they do not come again.
            return true;
        }
        late.wake();
        blame(blamed, alone, detail, all);
        if (offersLeft().isEmpty()) {
            late.await();
        }
        return !offersLeft().isEmpty();
    }

    private synchronized void blame(Source blamed, boolean alone, String detail, List<Offer> all) {
        lastFailure.put(blamed, Fault.of(Fault.Kind.ANOTHER_FILE, new Verdict.Blocked(detail)));
        boolean second = !corrupt.add(blamed);
        if (alone) {
            suspected.remove(blamed);
            corrupt.removeAll(suspected);
            ended.removeAll(suspected);
            suspected.clear();
        } else {
            suspected.add(blamed);
        }
        boolean elsewhere = open(all).stream()
                .anyMatch(offer -> !offer.source().equals(blamed) && !corrupt.contains(offer.source()));
        if (second || elsewhere) {
            ended.add(blamed);
        }
    }

    /** Everybody who offers the file, whatever came of it. */
    List<Offer> all() {
        return offers.apply(file);
    }

    /** What that source last failed with. */
    synchronized Optional<Verdict> lastFailure(String source) {
        return lastFailure.entrySet().stream()
                .filter(entry -> entry.getKey().id().equals(source))
                .map(entry -> entry.getValue().verdict())
                .findFirst();
    }

    private List<Offer> offersLeft() {
        List<Offer> all = offers.apply(file);
        synchronized (this) {
            return open(all);
        }
    }

    private List<Offer> open(List<Offer> all) {
        List<Offer> open = left(all);
        if (setAside.containsAll(open.stream().map(Offer::source).toList())) {
            // When nobody else is left they come back in turn, so that one pause serves them all.
            open.sort(Comparator.comparingInt(this::failuresOf));
        } else {
            open.removeIf(offer -> setAside.contains(offer.source()));
        }
        return open;
    }

    private List<Offer> left(List<Offer> all) {
        List<Offer> left = new ArrayList<>(all);
        left.removeIf(offer -> ended.contains(offer.source()));
        return left;
    }

    private int failuresOf(Offer offer) {
        return failuresInARow.getOrDefault(offer.source(), 0);
    }

    private FetchException exhausted() {
        Map<Source, Fault> failed = failedSources();
        failed.keySet().forEach(late::inVain);
        List<Probe> said = failed.entrySet().stream()
                .map(entry -> new Probe(
                        entry.getKey().id(),
                        Redact.url(entry.getKey().profile().endpoint()),
                        entry.getKey().route(),
                        entry.getValue().verdict(),
                        0))
                .toList();
        FetchException nobody = NoSource.explain(file.path(), said);
        // What broke in a back end is found by its stack trace only.
        failed.values().stream()
                .filter(fault -> fault.kind() == Fault.Kind.BACK_END)
                .map(Fault::getCause)
                .filter(Objects::nonNull)
                .forEach(nobody::addSuppressed);
        return nobody;
    }

    private synchronized Map<Source, Fault> failedSources() {
        return new LinkedHashMap<>(lastFailure);
    }
}
