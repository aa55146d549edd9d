package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.run.Limits;

/** What the open connections to one place bring, measured in windows. Guarded by {@link ConnectionBudget}. */
final class Flow {

    private int active;
    private int peak;
    private long windowBytes;
    private double perConnection;

    void enter() {
        active++;
        peak = Math.max(peak, active);
    }

    void leave() {
        active--;
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
    void forgetWindow() {
        windowBytes = 0;
        peak = active;
    }

    /**
     * Ends a measuring window.
     *
     * @return the bytes of it
     */
    long endWindow(double seconds) {
        long bytes = windowBytes;
        if (active > 0) {
            double now = bytes / seconds / active;
            perConnection = perConnection == 0 ? now : perConnection + Limits.SMOOTHING * (now - perConnection);
        }
        forgetWindow();
        return bytes;
    }
}
