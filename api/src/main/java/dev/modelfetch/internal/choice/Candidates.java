package dev.modelfetch.internal.choice;

import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.Trust;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

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

    private final Order order;
    private final List<Candidate> all;

    public Candidates(List<Candidate> all, Order order) {
        this.all = new CopyOnWriteArrayList<>(all);
        this.order = order;
    }

    public Order order() {
        return order;
    }

    public List<Candidate> all() {
        return List.copyOf(all);
    }

    /** One that is asked once more keeps its place: the order may be the user's. */
    void replace(Candidate old, Candidate fresh) {
        all.replaceAll(candidate -> candidate == old ? fresh : candidate);
    }

    /** Everybody's verdict as it stands now. */
    public List<Probe> probes() {
        return all.stream().filter(Candidate::isStarted).map(Candidate::probe).toList();
    }

    /** What those have said that are not usable. */
    List<Probe> refusals() {
        return probes().stream()
                .filter(probe -> probe.verdict().kind() != Verdict.Kind.USABLE)
                .toList();
    }

    /** The usable ones, best first (mirrors.md 5.9, step 2; nothing is known of rates yet, so cost is the probe's time). */
    public List<Candidate> ranked() {
        List<Candidate> rest = new ArrayList<>(all);
        rest.removeIf(candidate -> !candidate.isUsable());
        if (order != Order.BY_COST) {
            return rest;
        }
        List<Candidate> ranked = new ArrayList<>();
        while (!rest.isEmpty()) {
            double tie = rest.stream().mapToLong(Candidates::cost).min().orElse(0) * Limits.TIE;
            Candidate best = rest.stream()
                    .filter(candidate -> cost(candidate) <= tie)
                    .min(Comparator.comparing(Candidate::trust).thenComparingLong(Candidates::cost))
                    .orElseThrow();
            ranked.add(best);
            rest.remove(best);
        }
        return ranked;
    }

    /** Whose manifest to take: the origin's whenever it answered in time, else that of the best ranked. */
    public List<Candidate> byManifestTrust() {
        List<Candidate> ranked = new ArrayList<>(ranked());
        if (order == Order.BY_COST) {
            ranked.sort(Comparator.comparing(candidate -> candidate.trust() != Trust.ORIGIN));
        }
        return ranked;
    }

    /** Those that were never asked; none where a token is in play, since nobody else may hear the name. */
    public List<Candidate> inReserve() {
        return order == Order.STRICT
                ? List.of()
                : all.stream().filter(candidate -> !candidate.isStarted()).toList();
    }

    /** The next to be asked. */
    Optional<Candidate> nextToAsk() {
        return all.stream().filter(candidate -> !candidate.isStarted()).findFirst();
    }

    private static long cost(Candidate candidate) {
        return Math.max(1, candidate.probe().millis());
    }
}
