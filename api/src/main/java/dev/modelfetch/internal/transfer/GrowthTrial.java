package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.run.Limits;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * One source is given more connections, to see whether the job as a whole becomes faster: then it keeps them. Guarded by
 * {@link ConnectionBudget}.
 */
final class GrowthTrial {

    private final Quota quota;
    private final int before;
    private final double rateBefore;
    private final long sinceNanos;

    private GrowthTrial(Quota quota, double rateBefore, long sinceNanos) {
        this.quota = quota;
        this.before = quota.limit();
        this.rateBefore = rateBefore;
        this.sinceNanos = sinceNanos;
    }

    /**
     * Gives more to the one whose connections bring most.
     *
     * @param mayGrow who wants more, and may have it
     * @param rate of the job, in bytes per second
     */
    static Optional<GrowthTrial> begin(Collection<Quota> mayGrow, double rate, long nowNanos) {
        return mayGrow.stream()
                .max(Comparator.comparingDouble((Quota quota) -> quota.flow().perConnection()))
                .map(quota -> {
                    GrowthTrial trial = new GrowthTrial(quota, rate, nowNanos);
                    quota.limit(quota.limit() + Math.max(Limits.FEWEST_MORE, quota.limit() / 2));
                    return trial;
                });
    }

    /**
     * Judges it, once the new connections are open and up to speed; what did not pay is taken back.
     *
     * @return whether it is over
     */
    boolean isOver(double rate, long nowNanos) {
        long age = nowNanos - sinceNanos;
        if (age < Limits.TRIAL.toNanos() || (!quota.isManned() && age < Limits.HOLD.toNanos())) {
            return false;
        }
        if (rate < rateBefore * Limits.WORTH_IT) {
            quota.lower(before, nowNanos);
        }
        return true;
    }
}
