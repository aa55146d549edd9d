package dev.modelfetch.internal.choice;

import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Line.Role;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sources of one job in the order in which they are asked, and how they rank by what they have said. Thread-safe. */
public final class Candidates {

    /** What decides between several that are usable. */
    public enum Order {
        /** Cost, then trust. */
        BY_COST,
        /** The user's own list. */
        AS_LISTED,
        /** A token is in play: one by one, and on only after "not here". */
        STRICT
    }

    private volatile Order order;
    private final List<Candidate> all;
    private volatile long bytes;

    public Candidates(List<Candidate> all, Order order) {
        this.all = new CopyOnWriteArrayList<>(all);
        this.order = order;
    }

    public Order order() {
        return order;
    }

    /** It has turned out that everybody may be asked after all. */
    void open(Order wanted) {
        order = wanted;
    }

    public List<Candidate> all() {
        return List.copyOf(all);
    }

    /** One that is asked once more keeps its place: the order may be the user's. */
    void replace(Candidate old, Candidate fresh) {
        all.replaceAll(candidate -> candidate == old ? fresh : candidate);
    }

    /** Everybody's verdict as it stands now, in the order in which they are asked; also why somebody was not. */
    public List<Probe> probes() {
        String otherwise =
                order == Order.STRICT ? "a token is in play, and the name may be private" : "another had answered";
        return all.stream()
                .filter(candidate ->
                        candidate.role() == Role.FIRST || (candidate.role() == Role.ALTERNATE && candidate.isStarted()))
                .map(candidate -> candidate.probe(otherwise))
                .toList();
    }

    /** What those have said that are not usable. */
    List<Probe> refusals() {
        return all.stream()
                .filter(candidate -> candidate.isStarted() && candidate.role() != Role.SPARE)
                .map(Candidate::probe)
                .filter(probe -> probe.verdict().kind() != Verdict.Kind.USABLE)
                .toList();
    }

    /** So many bytes are wanted; from now on it counts what earlier jobs had from each. */
    void expect(long bytesWanted) {
        bytes = bytesWanted;
    }

    /** The usable ones, best first (mirrors.md 5.9, step 2). */
    public List<Candidate> ranked() {
        List<Candidate> usable = all.stream().filter(Candidate::isUsable).toList();
        List<Candidate> ranked = order == Order.BY_COST
                ? cheapestFirst(usable, candidate -> candidate.probe().millis(), bytes)
                : usable;
        // What costs money is for those bytes that cannot be had otherwise.
        return ranked.stream().sorted(Comparator.comparing(Candidate::lineCost)).toList();
    }

    /**
     * The same sources in the order in which they are best asked: those that earlier jobs had the most of, as far as that
     * is known, then the others as they were, and in the end those that are to be avoided.
     */
    static List<Candidate> inOrder(List<Candidate> asked) {
        List<Candidate> known = cheapestFirst(
                asked.stream()
                        .filter(candidate -> candidate.usualMillis().isPresent())
                        .toList(),
                candidate -> candidate.usualMillis().orElse(0),
                Limits.USUAL_JOB);
        List<Candidate> ordered = new ArrayList<>(known);
        asked.stream()
                .filter(candidate -> !known.contains(candidate))
                .sorted(Comparator.comparing(candidate -> candidate.avoided().isPresent()))
                .forEach(ordered::add);
        return ordered;
    }

    /** Whether somebody has not been asked because of what is remembered. */
    boolean isAnybodySpared() {
        return all.stream()
                .anyMatch(candidate ->
                        !candidate.isStarted() && candidate.avoided().isPresent() && mayBeNext(candidate));
    }

    /**
     * Another line than the first is asked beside it; in its place if that is to be avoided, or if this one answered lately;
     * and if it is to be avoided itself, when everybody else has been asked.
     */
    private boolean mayBeNext(Candidate candidate) {
        if (candidate.role() == Role.FIRST) {
            return true;
        }
        boolean firstIsAvoided = linesOf(candidate)
                .filter(other -> other.role() == Role.FIRST)
                .allMatch(other -> other.avoided().isPresent());
        return isInTurn(candidate)
                && (firstIsAvoided
                        || candidate.avoided().isPresent()
                        || candidate.usualMillis().isPresent());
    }

    /** By the time to the answer and, once a rate is known of one of them, the time that so many bytes took lately. */
    private static List<Candidate> cheapestFirst(List<Candidate> some, ToLongFunction<Candidate> millis, long bytes) {
        boolean ratesKnown = some.stream().anyMatch(candidate -> candidate.usualRate() > 0);
        // Once each: what is still under way becomes dearer while it is looked at.
        Map<Candidate, Double> costs = new LinkedHashMap<>();
        for (Candidate candidate : some) {
            double transfer = ratesKnown ? millis(bytes, candidate.usualRate()) : 0;
            costs.put(candidate, Math.max(1, millis.applyAsLong(candidate)) + transfer);
        }
        List<Candidate> ranked = new ArrayList<>();
        while (!costs.isEmpty()) {
            double tie = Collections.min(costs.values()) * Limits.TIE;
            Candidate best = costs.entrySet().stream()
                    .filter(entry -> entry.getValue() <= tie)
                    .min(Comparator.comparing((Map.Entry<Candidate, Double> entry) ->
                                    entry.getKey().trust())
                            .thenComparing(Map.Entry::getValue))
                    .map(Map.Entry::getKey)
                    .orElseThrow();
            ranked.add(best);
            costs.remove(best);
        }
        return ranked;
    }

    private static double millis(long bytes, double rate) {
        return 1000.0 * bytes / (rate > 0 ? rate : Limits.USUAL_RATE);
    }

    /** Whose manifest to take: the origin's whenever it answered in time, else that of the best ranked. */
    public List<Candidate> byManifestTrust() {
        if (order != Order.BY_COST) {
            return all.stream().filter(Candidate::isUsable).toList();
        }
        return ranked().stream()
                .sorted(Comparator.comparing(candidate -> candidate.trust() != Trust.ORIGIN))
                .toList();
    }

    /** Those that were never asked; none where a token is in play, since nobody else may hear the name. */
    public List<Candidate> inReserve() {
        return all.stream()
                .filter(candidate -> !candidate.isStarted())
                .filter(candidate -> order != Order.STRICT || linesOf(candidate).anyMatch(Candidate::isStarted))
                .toList();
    }

    /** The candidates by source, each with all its lines. */
    Collection<List<Candidate>> bySource() {
        return all.stream()
                .collect(Collectors.groupingBy(
                        candidate -> candidate.source().id(), LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    private Stream<Candidate> linesOf(Candidate candidate) {
        return all.stream()
                .filter(other -> other.source().id().equals(candidate.source().id()));
    }

    /** Whether its source is to be asked by this line: another is only where the first does not lead to it. */
    boolean isInTurn(Candidate candidate) {
        return switch (candidate.role()) {
            case FIRST -> true;
            case ALTERNATE ->
                linesOf(candidate).noneMatch(other -> other.role() == Role.FIRST && other.hasHubAnswered());
            case SPARE -> false;
        };
    }

    /** Further lines of sources that have been asked for some time, or in vain. */
    List<Candidate> alternatesDue() {
        return all.stream()
                .filter(candidate -> candidate.role() == Role.ALTERNATE && isDue(candidate))
                .toList();
    }

    /** Whether it may be asked now: by another line than the first only where that has had its time. */
    boolean isDue(Candidate candidate) {
        return candidate.role() == Role.FIRST
                || (isWaitingForFirst(candidate)
                        && linesOf(candidate)
                                .anyMatch(other -> letsOthersTry(other)
                                        || (other.role() == Role.FIRST
                                                && other.avoided().isPresent()
                                                && !other.isStarted())));
    }

    /** Looked at once: it may answer at any moment. */
    private static boolean letsOthersTry(Candidate first) {
        if (first.role() != Role.FIRST || !first.isStarted()) {
            return false;
        }
        return first.answer().isPresent()
                ? !first.hasHubAnswered()
                : first.waitedFor().compareTo(patienceWith(first)) >= 0;
    }

    /** Until somebody else is asked beside it: longer where it is known to need longer. */
    static Duration patienceWith(Candidate first) {
        Duration twice = Duration.ofMillis(2 * first.usualMillis().orElse(0));
        return twice.compareTo(Limits.STAGGER) < 0
                ? Limits.STAGGER
                : twice.compareTo(Limits.LONGEST_HEAD_START) > 0 ? Limits.LONGEST_HEAD_START : twice;
    }

    /** How long until one of them is due; empty if none will be. */
    Optional<Duration> untilAlternate() {
        return all.stream()
                .filter(this::isWaitingForFirst)
                .flatMap(candidate ->
                        linesOf(candidate).filter(first -> first.role() == Role.FIRST && first.isPending()))
                .map(first -> patienceWith(first).minus(first.waitedFor()))
                .min(Comparator.naturalOrder())
                .map(left -> left.isNegative() ? Duration.ZERO : left);
    }

    private boolean isWaitingForFirst(Candidate candidate) {
        return candidate.role() == Role.ALTERNATE
                && !candidate.isStarted()
                && candidate.avoided().isEmpty()
                && isInTurn(candidate);
    }

    /**
     * The next to be asked: those that are to be avoided only when nobody else is left to hope for.
     *
     * @param hopeful who may still do
     */
    Optional<Candidate> nextToAsk(Predicate<Candidate> hopeful) {
        return all.stream()
                .filter(candidate -> !candidate.isStarted() && mayBeNext(candidate))
                .min(Comparator.comparing(candidate -> candidate.avoided().isPresent()))
                .filter(next -> next.avoided().isEmpty() || all.stream().noneMatch(hopeful));
    }
}
