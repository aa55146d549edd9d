package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchException;
import dev.modelfetch.Probe;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.net.Backoff;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Which source one file is taken from next, and when to give up on it. Strategy:
 *
 * <ol>
 *   <li>The best offer whose host is not out ({@link ConnectionBudget}); while all are out, nobody is asked.
 *   <li>What fails for this file alone, while its host delivers others, is asked again after a pause; with another offer
 *       at hand only once.
 *   <li>A refusal, or bytes that were wrong, end an offer.
 *   <li>At the first failure, sources nobody has asked yet are asked; when all offers have ended, they are waited for.
 *   <li>Failures that pass end nothing while the job is patient; only if another version could be had meanwhile, it is
 *       turned to once all offers have failed a few times.
 * </ol>
 *
 * Guarded by itself; calls what is not of this package, and waits, without its monitor.
 */
final class Failover {

    /** What one source has failed with, for this file. */
    private static final class History {
        private Fault last;
        private int inARow;
        private long countedNanos;
        private long notBeforeNanos;

        private History(Fault last) {
            this.last = last;
        }
    }

    private final RepoFile file;
    private final ConnectionBudget budget;
    private final Function<RepoFile, List<Offer>> offers;
    private final Late late;
    private final Patience patience;
    private final LongSupplier nanos;
    private final RandomGenerator random = new Random();
    private final Map<Source, History> failed = new LinkedHashMap<>();
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

        /** Whether another version of the repository has been found to be within reach. */
        default boolean isAnotherVersionNear() {
            return false;
        }
    }

    /**
     * @param offers who can deliver that content, best first; asked anew each time, since late sources join
     * @param late waited for when everybody else has failed
     * @param patience of the job
     */
    Failover(
            RepoFile file,
            ConnectionBudget budget,
            Function<RepoFile, List<Offer>> offers,
            Late late,
            Patience patience,
            LongSupplier nanos) {
        this.file = file;
        this.budget = budget;
        this.offers = offers;
        this.late = late;
        this.patience = patience;
        this.nanos = nanos;
    }

    /**
     * A connection to whoever is best to ask now; waits for one if need be.
     *
     * @param wide whether there is enough to do for several sources
     * @return empty if there was none for a while
     * @throws FetchException if nobody is left, or waiting for those that are is over
     */
    Optional<Place> enter(boolean wide) throws InterruptedException {
        if (offersLeft().isEmpty()) {
            late.await();
        }
        List<Offer> left = offersLeft();
        if (left.isEmpty() || isOver(left)) {
            throw exhausted(left);
        }
        return enter(wide, true);
    }

    /** As {@link #enter} for a worker that is not the file's first: only behind all first ones. */
    Optional<Place> enterToo(boolean wide) throws InterruptedException {
        return enter(wide, false);
    }

    private Optional<Place> enter(boolean wide, boolean first) throws InterruptedException {
        return budget.enter(offersNow(), wide, first, Limits.PLACE_PATIENCE, this);
    }

    /** A place at a source nothing is known of yet, if there is one; waits so long for those that may still answer. */
    Optional<Place> explore(Duration patience) throws InterruptedException {
        if (!budget.isOfSeveral()) {
            return Optional.empty();
        }
        long until = nanos.getAsLong() + patience.toNanos();
        Optional<Place> place = budget.explore(offersNow(), this);
        while (place.isEmpty() && late.arePending() && nanos.getAsLong() - until < 0) {
            Thread.sleep(Limits.EXPLORE_POLL.toMillis());
            place = budget.explore(offersNow(), this);
        }
        return place;
    }

    /** Whether more than one source could deliver it now. */
    boolean hasSeveral() {
        return offersLeft().stream().filter(offer -> !budget.isOut(offer)).count() > 1;
    }

    /** Whether what is left of the job would take long at its present rate. */
    boolean isMuchLeft() {
        return budget.isMuchLeft();
    }

    boolean isOf(Patience other) {
        return patience == other;
    }

    void leave(Place place) {
        budget.leave(place);
    }

    /** What one connection to it is likely to bring, in bytes per second; 0 when unknown. */
    double rate(Place place) {
        return budget.perConnection(place.offer());
    }

    /** What one connection to the quickest is likely to bring, in bytes per second; 0 when unknown. */
    double bestRate() {
        return offersLeft().stream().mapToDouble(budget::perConnection).max().orElse(0);
    }

    /** As {@link #bestRate()}, of those that are not out and not at that place. */
    double bestRateElsewhere(Place place) {
        return offersLeft().stream()
                .filter(offer -> !offer.source().equals(place.offer().source()) && !budget.isOut(offer))
                .mapToDouble(budget::perConnection)
                .max()
                .orElse(0);
    }

    /** Whether there is somebody else to turn to than that place. */
    boolean hasAlternative(Place place) {
        return offersLeft().stream()
                .anyMatch(offer -> !offer.source().equals(place.offer().source()) && !budget.isOut(offer));
    }

    /** How long a trial may take until it brings something: so long at first, and twice as long the next time. */
    Duration trialTime(Place place, Duration first) {
        return first.multipliedBy(1L << Math.min(8, Math.max(0, budget.failures(place.offer()) - 1)));
    }

    /** An answer has come, from there. */
    void opened(Place place, Opened opened) {
        budget.opened(place, opened.host());
    }

    /** Bytes arrived. */
    void delivered(Place place, int bytes) {
        patience.heard();
        synchronized (this) {
            History history = failed.get(place.offer().source());
            if (history != null) {
                history.inARow = 0;
                history.notBeforeNanos = nanos.getAsLong();
            }
        }
        budget.delivered(place, bytes);
    }

    /**
     * What follows from a failure; to be called before the place is left.
     *
     * @return how long that source is not asked for this file; empty if it is no news, since others broke by the same
     */
    Optional<Duration> failed(Place place, Fault fault) {
        Source source = place.offer().source();
        late.wake();
        if (fault.isOfHost()) {
            // Connections that idle are as dead, and names may lead elsewhere now.
            source.data().connectionPool().evictAll();
            switch (budget.failed(place, fault)) {
                case KNOWN -> {
                    return Optional.empty();
                }
                case OUT -> {
                    remember(source, fault);
                    return Optional.of(budget.pause(place.offer()));
                }
                case SUSPECTED -> {
                    // Until the others have told, it is of this file.
                }
            }
        }
        boolean crowded = !fault.isPassing() && fault.mayBePushBack() && budget.pushBack(place);
        return note(place, fault, crowded);
    }

    private synchronized void remember(Source source, Fault fault) {
        failed.computeIfAbsent(source, any -> new History(fault)).last = fault;
    }

    private synchronized Optional<Duration> note(Place place, Fault fault, boolean crowded) {
        Source source = place.offer().source();
        if (fault.kind() == Fault.Kind.DROPPED) {
            return Optional.of(Duration.ZERO);
        }
        History known = failed.get(source);
        History history = known == null ? new History(fault) : known;
        boolean same = known != null && known.inARow > 0 && known.countedNanos - place.enteredNanos() > 0;
        history.last = fault;
        failed.put(source, history);
        if (fault.kind() == Fault.Kind.UNPLACED) {
            setAside.add(source);
            return Optional.of(Duration.ZERO);
        }
        if (same && fault.isPassing()) {
            return Optional.empty();
        }
        history.inARow++;
        history.countedNanos = nanos.getAsLong();
        int most = crowded ? Limits.PUSH_BACKS : fault.retries();
        if (!fault.isPassing() && history.inARow > most) {
            ended.add(source);
            return Optional.of(Duration.ZERO);
        }
        Duration pause = crowded ? Limits.PUSH_BACK_PAUSE : Backoff.rest(history.inARow, random);
        history.notBeforeNanos = history.countedNanos + pause.toNanos();
        return Optional.of(pause);
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
                .min(Comparator.comparing(this::hasEnded))
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

    /** By one line; by another it may still be asked. */
    private synchronized boolean hasEnded(Source source) {
        return ended.contains(source);
    }

    private synchronized void blame(Source blamed, boolean alone, String detail, List<Offer> all) {
        failed.put(blamed, new History(Fault.of(Fault.Kind.ANOTHER_FILE, new Verdict.Blocked(detail))));
        boolean second = !corrupt.add(blamed);
        if (alone) {
            suspected.remove(blamed);
            corrupt.removeAll(suspected);
            ended.removeAll(suspected);
            suspected.clear();
        } else {
            suspected.add(blamed);
        }
        boolean elsewhere = left(all).stream()
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
        return failed.entrySet().stream()
                .filter(entry -> entry.getKey().id().equals(source))
                .map(entry -> entry.getValue().last.verdict())
                .findFirst();
    }

    /** Those that have not ended; whoever loses the place of a part is of use only when nobody else is left. */
    private List<Offer> offersLeft() {
        List<Offer> all = offers.apply(file);
        synchronized (this) {
            List<Offer> left = left(all);
            List<Offer> placed = left.stream()
                    .filter(offer -> !setAside.contains(offer.source()))
                    .toList();
            return placed.isEmpty() ? left : placed;
        }
    }

    private List<Offer> left(List<Offer> all) {
        List<Offer> left = new ArrayList<>(all);
        left.removeIf(offer -> ended.contains(offer.source()));
        return left;
    }

    /** Those that may be asked for this file now: no pause runs for them, and nobody else has failed less. */
    private List<Offer> offersNow() {
        List<Offer> left = offersLeft();
        Set<Source> out = new HashSet<>();
        left.stream().filter(budget::isOut).map(Offer::source).forEach(out::add);
        long now = nanos.getAsLong();
        synchronized (this) {
            // Nobody is worse than those who are out while all are.
            boolean allOut = left.stream().allMatch(offer -> out.contains(offer.source()));
            int least = left.stream()
                    .filter(offer -> allOut || !out.contains(offer.source()))
                    .mapToInt(this::failuresOf)
                    .min()
                    .orElse(0);
            return left.stream().filter(offer -> isFit(offer, least, now)).toList();
        }
    }

    private boolean isFit(Offer offer, int least, long now) {
        History history = failed.get(offer.source());
        if (history == null || history.inARow == 0) {
            return true;
        }
        boolean worse = history.inARow > least
                && (history.inARow > 1 || history.last.yields())
                && now - history.countedNanos < Limits.LONGEST_ABSENCE.toNanos();
        return !worse && now - history.notBeforeNanos >= 0;
    }

    private int failuresOf(Offer offer) {
        History history = failed.get(offer.source());
        return history == null ? 0 : history.inARow;
    }

    /** Whether waiting for them has no point any more. */
    private boolean isOver(List<Offer> left) {
        if (patience.isPatient()) {
            return patience.left().isZero()
                    || (late.isAnotherVersionNear() && left.stream().allMatch(this::hasFailed));
        }
        return left.stream().allMatch(offer -> hasFailed(offer) || asksForTooMuch(offer));
    }

    private boolean asksForTooMuch(Offer offer) {
        return budget.trouble(offer)
                .flatMap(Fault::asked)
                .filter(Backoff::isTooLong)
                .isPresent();
    }

    /** Whether it has failed more often in a row, here or over all files, than a job bears that waits for nobody. */
    private boolean hasFailed(Offer offer) {
        Optional<Fault> trouble = budget.trouble(offer);
        if (trouble.isPresent() && budget.failures(offer) > trouble.get().retries()) {
            return true;
        }
        synchronized (this) {
            History history = failed.get(offer.source());
            return history != null && history.inARow > history.last.retries();
        }
    }

    private FetchException exhausted(List<Offer> left) {
        Map<Source, Fault> failed = lastFaults();
        left.forEach(offer -> budget.trouble(offer).ifPresent(fault -> failed.put(offer.source(), fault)));
        failed.keySet().forEach(late::inVain);
        List<Probe> said = failed.entrySet().stream()
                .map(entry -> new Probe(
                        entry.getKey().id(),
                        Redact.url(entry.getKey().profile().endpoint()),
                        entry.getKey().route(),
                        entry.getValue().verdict(),
                        0))
                .toList();
        FetchException nobody = FetchException.ofNoSource(subject(said), said);
        if (failed.size() == 1) {
            failed.forEach((source, fault) ->
                    nobody.withOrigin(fault.origin(source.id()).orElse(null)));
        }
        // What broke in a back end is found by its stack trace only.
        failed.values().stream()
                .filter(fault -> fault.kind() == Fault.Kind.BACK_END)
                .map(Fault::getCause)
                .filter(Objects::nonNull)
                .forEach(nobody::addSuppressed);
        return nobody;
    }

    /** Access is given to a repository, and whoever asks for it asks for that. */
    private String subject(List<Probe> said) {
        boolean closed = said.stream().anyMatch(probe -> probe.verdict().kind() == Verdict.Kind.NEEDS_AUTH);
        return offers.apply(file).stream()
                .filter(offer -> closed)
                .findFirst()
                .map(offer -> offer.manifest().repo().toString())
                .orElse(file.path());
    }

    private synchronized Map<Source, Fault> lastFaults() {
        Map<Source, Fault> faults = new LinkedHashMap<>();
        failed.forEach((source, history) -> faults.put(source, history.last));
        return faults;
    }
}
