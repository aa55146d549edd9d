package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.internal.run.Limits;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket over all connections of a job, or of all jobs together; may be changed at any time. Guarded by itself;
 * waits outside the lock.
 */
public final class Throttle {

    private final @Nullable Throttle wider;
    private volatile long bytesPerSecond;
    private boolean begun;
    private long freeAt;

    /** @param bytesPerSecond 0 for no limit */
    public Throttle(long bytesPerSecond) {
        this(bytesPerSecond, null);
    }

    /**
     * Within another, that holds as well.
     *
     * @param bytesPerSecond 0 for no limit of its own
     */
    public Throttle(long bytesPerSecond, @Nullable Throttle wider) {
        this.bytesPerSecond = bytesPerSecond;
        this.wider = wider;
    }

    /**
     * From now on; 0 for no limit.
     *
     * @throws FetchException.Usage if it is negative
     */
    public synchronized void limit(long rate) {
        if (rate < 0) {
            throw new FetchException.Usage(
                    Message.of("negative-rate", "A rate of {0} bytes per second is negative.", rate),
                    Hint.plain("Use 0 for no limit."));
        }
        bytesPerSecond = rate;
        begun = false;
    }

    /** Whether there is a limit, so that a slow connection may be our own doing. */
    boolean isSet() {
        return lowest() > 0;
    }

    private long lowest() {
        long outer = wider == null ? 0 : wider.lowest();
        long own = bytesPerSecond;
        return own == 0 || outer == 0 ? own + outer : Math.min(own, outer);
    }

    /** How much to read at once so that a low limit flows instead of jumping. */
    int slice(int buffer) {
        long rate = lowest();
        return rate == 0
                ? buffer
                : (int) Math.max(Limits.SMALLEST_SLICE, Math.min(buffer, rate / Limits.SLICES_PER_SECOND));
    }

    /** Waits until that many bytes may have been read; returns early when the thread is interrupted. */
    void take(int bytes) throws InterruptedException {
        if (wider != null) {
            wider.take(bytes);
        }
        if (bytesPerSecond == 0) {
            return;
        }
        long until = reserve(bytes, System.nanoTime());
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            // In slices: a limit that is lifted is felt at once.
            if (bytesPerSecond == 0) {
                return;
            }
            LockSupport.parkNanos(Math.min(left, Limits.THROTTLE_SLICE.toNanos()));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** @return when those bytes may have been read, on the clock of {@code now} */
    synchronized long reserve(int bytes, long now) {
        long rate = bytesPerSecond;
        if (rate == 0) {
            return now;
        }
        // No credit for the time before the first byte: the limit holds from the first second.
        long earliest = begun ? now - Limits.BURST.toNanos() : now;
        freeAt = (begun && freeAt - earliest > 0 ? freeAt : earliest) + bytes * TimeUnit.SECONDS.toNanos(1) / rate;
        begun = true;
        return freeAt;
    }
}
