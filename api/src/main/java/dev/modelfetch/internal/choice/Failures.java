package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Probe;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Why the bindings of a job tried so far came to nothing; reports the most actionable one, with the others behind it. */
public final class Failures {

    /** Something that may fail for the job. */
    public interface Step<T> {
        T take() throws InterruptedException;
    }

    /** Most actionable first: permission, wrong bytes, the network, pins, absence. */
    private static final List<Class<? extends FetchException>> ORDER = List.of(
            FetchException.AccessDenied.class,
            FetchException.Corrupt.class,
            FetchException.Unreachable.class,
            FetchException.NotStored.class,
            FetchException.NotFound.class);

    private final List<FetchException> causes = new ArrayList<>();

    /** Whether another catalogue may do better after this. */
    public static boolean mayEndElsewhere(FetchException e) {
        return ORDER.contains(e.getClass());
    }

    public void add(FetchException e) {
        causes.add(e);
    }

    /** Takes a step; if it fails after earlier setbacks, those count as well. */
    public <T> T orRethrow(Step<T> step) throws InterruptedException {
        try {
            return step.take();
        } catch (FetchException e) {
            add(e);
            throw worst(e.probes());
        }
    }

    public FetchException worst(List<Probe> probes) {
        List<FetchException> ordered = new ArrayList<>(causes);
        // What has no rank is about the request or this machine, and is the thing to mend.
        ordered.sort(Comparator.comparingInt((FetchException e) -> ORDER.indexOf(e.getClass())));
        FetchException worst = ordered.get(0);
        ordered.stream().skip(1).forEach(worst::addSuppressed);
        return probes.isEmpty() ? worst : worst.withProbes(probes);
    }
}
