package dev.modelfetch.internal.transfer;

import java.util.concurrent.atomic.AtomicLong;

/** How much of one job is there. Thread-safe. */
final class Tally {

    private final long total;
    private final AtomicLong done = new AtomicLong();

    /** @param total bytes of all files of the job */
    Tally(long total) {
        this.total = total;
    }

    /** @param bytes that are there now; negative if they are no longer */
    void add(long bytes) {
        done.addAndGet(bytes);
    }

    long done() {
        return done.get();
    }

    long left() {
        return total - done.get();
    }
}
