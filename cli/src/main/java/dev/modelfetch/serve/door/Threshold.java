package dev.modelfetch.serve.door;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts those who are inside, and lets in no more than there is room for. Thread-safe; never holds anybody up but {@link #close}. */
final class Threshold {

    private final int most;
    private final int spare;

    // Guarded by this.
    private int inside;
    private boolean closed;

    /** @param spare so many more, of those who may always come in */
    Threshold(int most, int spare) {
        this.most = most;
        this.spare = spare;
    }

    /** One more; false if there is no room, or it is closed and this one is not always let in. */
    synchronized boolean enter(boolean always) {
        if (always ? inside >= most + spare : closed || inside >= most) {
            return false;
        }
        inside++;
        return true;
    }

    /** One less. */
    synchronized void leave() {
        inside--;
        notifyAll();
    }

    /** Waits so long for those who are inside; others stay outside from now on. */
    synchronized void close(Duration atMost) throws InterruptedException {
        closed = true;
        long until = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toNanos(); inside > 0 && left > 0; left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
