package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.run.Limits;
import java.util.OptionalDouble;

/** One source in one job: how many connections it has and may have, and what they bring. Guarded by {@link ConnectionBudget}. */
final class Quota {

    private final Source source;
    private final Flow flow = new Flow();
    private int limit;
    private int awaited;
    private long heldUntilNanos = Long.MIN_VALUE;
    private boolean refusedEntry;
    private boolean opened;
    private long brought;
    private double rate;
    private double best;

    Quota(Source source) {
        this.source = source;
    }

    Source source() {
        return source;
    }

    /** What all its connections bring together, whichever host they lead to. */
    Flow flow() {
        return flow;
    }

    int limit() {
        return limit;
    }

    /** At most what the source tolerates, at least one. */
    void limit(int connections) {
        limit = Math.max(1, Math.min(source.profile().maxConnections(), connections));
    }

    /** The first allowance; later ones have to be earned. */
    void openOnce(int connections) {
        if (!opened) {
            opened = true;
            limit(connections);
        }
    }

    /** Takes a place if there is one here and, over all jobs, at the source. */
    boolean tryEnter(long now) {
        if (flow.active() < limit && source.permits().tryAcquire()) {
            flow.enter(now);
            return true;
        }
        refusedEntry = true;
        return false;
    }

    void leave(long now) {
        flow.leave(now);
        source.permits().release();
    }

    /** So many more, or fewer, first workers of a file wait for a place here. */
    void awaited(int change) {
        awaited += change;
    }

    boolean isAwaited() {
        return awaited > 0;
    }

    /** Somebody would take another place here. */
    void wanted() {
        refusedEntry = true;
    }

    /** Whether all its places were in use at some time of this window. */
    boolean isManned() {
        return flow.peak() >= limit;
    }

    /** The source wants fewer connections than it has; they stay fewer for a while. */
    void pushedBack(int connections, long nowNanos) {
        limit(connections);
        heldUntilNanos = nowNanos + Limits.HOLD.toNanos();
    }

    /** Takes back what did not pay. */
    void lower(int connections, long nowNanos) {
        limit = Math.max(0, connections);
        heldUntilNanos = nowNanos + Limits.HOLD.toNanos();
    }

    /** Whether one more connection is wanted, allowed, and not known to be useless. */
    boolean mayGrow(long nowNanos) {
        return refusedEntry && isManned() && limit < source.profile().maxConnections() && nowNanos > heldUntilNanos;
    }

    /**
     * Ends a measuring window.
     *
     * @return bytes per second of it
     */
    double endWindow(double seconds, long now) {
        refusedEntry = false;
        long bytes = flow.endWindow(now);
        brought += bytes;
        double seen = bytes / seconds;
        rate = rate == 0 ? seen / 2 : rate + Limits.SMOOTHING * (seen - rate);
        best = Math.max(best, rate);
        return seen;
    }

    /** What it brings at its best, in bytes per second; empty where it has brought too little to tell. */
    OptionalDouble best() {
        return brought < Limits.WORTH_REMEMBERING ? OptionalDouble.empty() : OptionalDouble.of(best);
    }
}
