package dev.modelfetch.internal.run;

import dev.modelfetch.FetchRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much longer one job goes on while nothing arrives. Counts the time it was awake, as whoever looks notices it: a
 * machine that slept, or a process that was stopped, has not been waiting for anybody. Thread-safe.
 */
public final class Patience {

    private final long limitNanos;
    private final boolean fromStart;
    private final LongSupplier nanos;
    private volatile boolean arrived;
    private boolean begun;
    private long lookedNanos;
    private long idleNanos;

    /**
     * @param limit zero for none
     * @param fromStart whether to be patient before anybody has answered
     */
    public Patience(Duration limit, boolean fromStart, LongSupplier nanos) {
        this.limitNanos = saturated(limit);
        this.fromStart = fromStart;
        this.nanos = nanos;
        this.lookedNanos = nanos.getAsLong();
    }

    /** As the request says. */
    public static Patience of(FetchRequest request) {
        return new Patience(request.patience(), request.patientFromStart(), System::nanoTime);
    }

    /** Something has arrived: all that was waited is forgotten. */
    public void heard() {
        arrived = true;
    }

    /** Somebody has answered: from here on the job is worth waiting for. */
    public synchronized void begin() {
        arrived |= !begun;
        begun = true;
    }

    /** Whether there is any point in waiting at all; says nothing of how long already. */
    public synchronized boolean isPatient() {
        return limitNanos > 0 && (begun || fromStart);
    }

    /** For how long nothing has arrived. To be called often while one waits. */
    public synchronized Duration idle() {
        look();
        return Duration.ofNanos(idleNanos);
    }

    /** How long it is still worth waiting; zero when it is over. */
    public synchronized Duration left() {
        look();
        return Duration.ofNanos(Math.max(0, limitNanos - idleNanos));
    }

    private void look() {
        long now = nanos.getAsLong();
        if (arrived) {
            arrived = false;
            idleNanos = 0;
        } else {
            idleNanos += Math.max(0, Math.min(now - lookedNanos, Limits.LONGEST_LOOK.toNanos()));
        }
        lookedNanos = now;
    }

    private static long saturated(Duration limit) {
        long mostSeconds = TimeUnit.NANOSECONDS.toSeconds(Long.MAX_VALUE) / 2;
        return limit.toSeconds() > mostSeconds ? TimeUnit.SECONDS.toNanos(mostSeconds) : limit.toNanos();
    }
}
