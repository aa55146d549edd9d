package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.run.Limits;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A token bucket over all connections of a job. Guarded by itself; waits outside the lock. */
final class Throttle {

    private final long bytesPerSecond;
    private long freeAt = System.nanoTime();

    /** @param bytesPerSecond 0 for no limit */
    Throttle(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Whether there is a limit, so that a slow connection may be our own doing. */
    boolean isSet() {
        return bytesPerSecond > 0;
    }

    /** How much to read at once so that a low limit flows instead of jumping. */
    int slice(int buffer) {
        return bytesPerSecond == 0
                ? buffer
                : (int) Math.max(Limits.SMALLEST_SLICE, Math.min(buffer, bytesPerSecond / Limits.SLICES_PER_SECOND));
    }

    /** Waits until that many bytes may have been read; returns early when the thread is interrupted. */
    void take(int bytes) throws InterruptedException {
        if (bytesPerSecond == 0) {
            return;
        }
        long until = reserve(bytes, System.nanoTime());
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** @return when those bytes may have been read, on the clock of {@code now} */
    synchronized long reserve(int bytes, long now) {
        long earliest = now - Limits.BURST.toNanos();
        freeAt = Math.max(freeAt, earliest) + bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
        return freeAt;
    }
}
