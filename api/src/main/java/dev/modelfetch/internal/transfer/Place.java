package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a source, from being let in to leaving. What it knows of hosts is guarded by {@link ConnectionBudget};
 * its calls may be cut by anybody.
 */
final class Place {

    private final Offer offer;
    private final Quota quota;
    private final DataHost hub;
    private final long enteredNanos;
    private final boolean trial;
    private final Failover file;
    private final Set<Runnable> cuts = ConcurrentHashMap.newKeySet();
    private DataHost host;
    private volatile @Nullable Fault cut;

    /**
     * @param hub where the request begins
     * @param host that is expected to send; known once it does
     * @param trial whether it is to find out if one of them is back
     * @param file the strategy of the file it is for
     */
    Place(Offer offer, Quota quota, DataHost hub, DataHost host, long enteredNanos, boolean trial, Failover file) {
        this.offer = offer;
        this.quota = quota;
        this.hub = hub;
        this.host = host;
        this.enteredNanos = enteredNanos;
        this.trial = trial;
        this.file = file;
    }

    Offer offer() {
        return offer;
    }

    Quota quota() {
        return quota;
    }

    DataHost hub() {
        return hub;
    }

    DataHost host() {
        return host;
    }

    void host(DataHost sends) {
        host = sends;
    }

    long enteredNanos() {
        return enteredNanos;
    }

    boolean isTrial() {
        return trial;
    }

    /** Whether it is a connection of the job that has that patience. */
    boolean isOf(Patience patience) {
        return file.isOf(patience);
    }

    /** Asks the file's own strategy; not to be called with a monitor held. */
    boolean hasAlternative() {
        return file.hasAlternative(this);
    }

    /** Whether its host has delivered in this job, and is not one that may be silent for long. */
    boolean isOfOneThatDelivered() {
        boolean usual = offer.source().data().readTimeoutMillis() <= Limits.USUAL_SILENCE.toMillis();
        return usual && host.hasBeenHeard();
    }

    /**
     * From its first moment a call belongs to the place, and ends with it.
     *
     * @param itsCut ends it, without waiting
     */
    void begin(Runnable itsCut) {
        cuts.add(itsCut);
        if (cut != null) {
            itsCut.run();
        }
    }

    void end(Runnable itsCut) {
        cuts.remove(itsCut);
    }

    /** Ends whatever is under way here; that is what its worker has met then. */
    void cut(Fault why) {
        cut = why;
        cuts.forEach(Runnable::run);
    }

    /** What the failure was really: where we have cut it ourselves, our reason. */
    Fault faultOf(Fault seen) {
        Fault ours = cut;
        return ours == null ? seen : ours;
    }
}
