package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Probe;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Why the manifests of a job tried so far came to nothing; reports the most actionable reason, with the others behind it. */
final class Failures {

    /** Most actionable first: permission, wrong bytes, the network, pins, absence. */
    private static final List<Class<? extends FetchException>> ORDER = List.of(
            FetchException.AccessDenied.class,
            FetchException.Corrupt.class,
            FetchException.Unreachable.class,
            FetchException.NotStored.class,
            FetchException.NotFound.class);

    private final List<FetchException> causes = new ArrayList<>();
    private final List<Exception> survived = new ArrayList<>();

    /** Whether another manifest may do better after this. */
    static boolean mayEndElsewhere(FetchException e) {
        return ORDER.contains(e.getClass());
    }

    /** Whether time may mend all of them. */
    boolean arePassing() {
        // Where no host is to blame, none that comes back will mend it.
        return causes.stream()
                .allMatch(cause -> cause instanceof FetchException.Unreachable
                        && !cause.probes().isEmpty());
    }

    boolean isEmpty() {
        return causes.isEmpty();
    }

    /** The job ends with this, unless something better can be said. */
    void add(FetchException e) {
        causes.add(e);
    }

    /** One source failed at one step; told by the verdicts, and kept for whoever looks closer. */
    void survived(Exception e) {
        survived.add(e);
    }

    /** @throws java.util.NoSuchElementException if there is none */
    FetchException worst(List<Probe> probes) {
        List<FetchException> ordered = new ArrayList<>(causes);
        // What has no rank is about the request or this machine, and is the thing to mend.
        ordered.sort(Comparator.comparingInt((FetchException e) -> ORDER.indexOf(e.getClass())));
        FetchException worst = ordered.get(0);
        ordered.stream().skip(1).filter(other -> other != worst).forEach(worst::addSuppressed);
        survived.forEach(worst::addSuppressed);
        return probes.isEmpty() ? worst : worst.withProbes(probes);
    }
}
