package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.run.Limits;
import java.util.concurrent.TimeUnit;

/** What the open connections to one place bring, measured in windows. Guarded by {@link ConnectionBudget}. */
final class Flow {

    /** Less time of connections than this tells nothing. */
    private static final double FEWEST_SECONDS = 0.1;

    private int active;
    private int peak;
    private long windowBytes;
    /** Of all connections together, in this window, up to {@link #countedNanos}. */
    private long windowNanos;

    private long countedNanos;
    private double perConnection;

    void enter(long now) {
        count(now);
        active++;
        peak = Math.max(peak, active);
    }

    void leave(long now) {
        count(now);
        active--;
    }

    private void count(long now) {
        windowNanos += active * (now - countedNanos);
        countedNanos = now;
    }

    void delivered(int bytes) {
        windowBytes += bytes;
    }

    int active() {
        return active;
    }

    /** Most connections at any time of this window; those of small files change hands quickly. */
    int peak() {
        return peak;
    }

    /** Bytes per second of one connection, as lately seen; 0 while nothing is known. */
    double perConnection() {
        return perConnection;
    }

    /** Begins a measuring window without having learned anything from the last. */
    void forgetWindow(long now) {
        windowBytes = 0;
        windowNanos = 0;
        countedNanos = now;
        peak = active;
    }

    /**
     * Ends a measuring window. What counts is the time that connections were open, be it less than the window.
     *
     * @return the bytes of it
     */
    long endWindow(long now) {
        count(now);
        long bytes = windowBytes;
        double seconds = windowNanos / (double) TimeUnit.SECONDS.toNanos(1);
        if (seconds >= FEWEST_SECONDS) {
            double seen = bytes / seconds;
            perConnection = perConnection == 0 ? seen : perConnection + Limits.SMOOTHING * (seen - perConnection);
        }
        forgetWindow(now);
        return bytes;
    }
}
