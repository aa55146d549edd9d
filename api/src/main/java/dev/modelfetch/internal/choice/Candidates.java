package dev.modelfetch.internal.choice;

import dev.modelfetch.Manifest;
import dev.modelfetch.Probe;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The sources of a race and what they have said so far.
 *
 * @param entrants in start order
 * @param order how it was decided
 */
public record Candidates(List<Candidate> entrants, Race.Order order) {

    public Candidates {
        entrants = List.copyOf(entrants);
    }

    /** Everybody's verdict as it stands now. */
    public List<Probe> probes() {
        return entrants.stream()
                .filter(Candidate::isStarted)
                .map(Candidate::probe)
                .toList();
    }

    /** The usable ones, best first (mirrors.md 5.9, step 2; nothing is known of rates yet, so cost is the probe's time). */
    public List<Candidate> ranked() {
        List<Candidate> rest =
                new ArrayList<>(entrants.stream().filter(Candidate::isUsable).toList());
        if (order != Race.Order.BY_COST) {
            return rest;
        }
        List<Candidate> ranked = new ArrayList<>();
        while (!rest.isEmpty()) {
            double tie = rest.stream().mapToLong(Candidates::cost).min().orElse(0) * Limits.TIE;
            Candidate best = rest.stream()
                    .filter(entrant -> cost(entrant) <= tie)
                    .min(Comparator.comparing(Candidates::trust).thenComparingLong(Candidates::cost))
                    .orElseThrow();
            ranked.add(best);
            rest.remove(best);
        }
        return ranked;
    }

    /** Whose manifest to bind to: the origin's whenever it answered in time, else the best ranked. */
    public List<Candidate> byManifestTrust() {
        List<Candidate> ranked = new ArrayList<>(ranked());
        if (order == Race.Order.BY_COST) {
            ranked.sort(Comparator.comparing(entrant -> trust(entrant) != Trust.ORIGIN));
        }
        return ranked;
    }

    /** Those that speak the common spelling and might still answer or have answered well. */
    public List<Candidate> hubsThatMayWitness() {
        return entrants.stream()
                .filter(entrant -> entrant.hub().profile().family().equals(SourceProfile.HUB))
                .filter(entrant -> entrant.isUsable() || entrant.isPending())
                .toList();
    }

    /** Those the race ended without; none where a token is in play, since nobody else may hear the name. */
    public List<Candidate> notAsked() {
        return order == Race.Order.STRICT
                ? List.of()
                : entrants.stream().filter(entrant -> !entrant.isStarted()).toList();
    }

    /** Adds the sources that share a manifest: if it cannot be delivered by one of them, none of them has another. */
    public void excludeVersion(Manifest manifest, Set<Source> excluded) {
        for (Candidate entrant : entrants) {
            boolean shares = entrant.hub().profile().family().equals(manifest.family())
                    && entrant.resolved()
                            .filter(own -> own.commit().equals(manifest.commit()))
                            .isPresent();
            if (shares || entrant.hub().id().equals(manifest.source())) {
                excluded.add(entrant.hub());
            }
        }
    }

    /** Whether the job may be bound to somebody else. Where a token is in play it may not. */
    public boolean hasOthers(Set<Source> excluded) {
        return order != Race.Order.STRICT
                && entrants.stream().anyMatch(entrant -> entrant.isUsable() && !excluded.contains(entrant.hub()));
    }

    private static long cost(Candidate entrant) {
        return Math.max(1, entrant.probe().millis());
    }

    private static Trust trust(Candidate entrant) {
        return entrant.hub().profile().trust();
    }
}
