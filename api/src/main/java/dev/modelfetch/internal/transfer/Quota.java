package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.run.Limits;

/** One source in one job: how many connections it has and may have, and what they bring. Guarded by {@link ConnectionBudget}. */
final class Quota {

    private final Source source;
    private int limit;
    private int active;
    private int peak;
    private int awaited;
    private int strikes;
    private long windowBytes;
    private double perConnection;
    private long heldUntilNanos = Long.MIN_VALUE;
    private boolean refusedEntry;
    private boolean opened;

    Quota(Source source) {
        this.source = source;
    }

    Source source() {
        return source;
    }

    int active() {
        return active;
    }

    int limit() {
        return limit;
    }

    /** At most what the source tolerates, at least one. */
    void limit(int connections) {
        limit = Math.max(1, Math.min(source.profile().maxConnections(), connections));
    }

    /** Whether it has brought nothing yet, and nobody is finding out. */
    boolean isUnknown() {
        return perConnection == 0 && active == 0;
    }

    /** The first allowance; later ones have to be earned. */
    void openOnce(int connections) {
        if (!opened) {
            opened = true;
            limit(connections);
        }
    }

    /** Takes a place if there is one here and, over all jobs, at the source. */
    boolean tryEnter() {
        if (active < limit && source.permits().tryAcquire()) {
            active++;
            peak = Math.max(peak, active);
            return true;
        }
        refusedEntry = true;
        return false;
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

    /** Whether all its places were in use at some time of this window; those of small files change hands too quickly. */
    boolean isManned() {
        return peak >= limit;
    }

    void leave() {
        active--;
        source.permits().release();
    }

    void delivered(int bytes) {
        strikes = 0;
        windowBytes += bytes;
    }

    void failed() {
        strikes++;
    }

    boolean isHealthy() {
        return strikes < Limits.STRIKES;
    }

    /** The source wants fewer connections than it has; they stay fewer for a while. */
    void pushedBack(long nowNanos) {
        limit(active - 1);
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

    /** Bytes per second of one connection, as lately seen; 0 while nothing is known. */
    double perConnection() {
        return perConnection;
    }

    /** Begins a measuring window without having learned anything from the last. */
    void forgetWindow() {
        windowBytes = 0;
        peak = active;
    }

    /** Ends a measuring window. */
    long endWindow(double seconds) {
        long bytes = windowBytes;
        if (active > 0) {
            double now = bytes / seconds / active;
            perConnection = perConnection == 0 ? now : perConnection + Limits.SMOOTHING * (now - perConnection);
        }
        windowBytes = 0;
        refusedEntry = false;
        peak = active;
        return bytes;
    }
}
