package dev.modelfetch.it.stress;

import dev.modelfetch.testing.hub.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * When to kill: at a sign that can be seen from outside, and a random while later. Left to chance alone nearly all kills
 * would hit the start of the program and the transfer; most of what can go wrong takes a millisecond and comes later.
 *
 * @param name for people
 * @param sign what to wait for
 * @param more nanoseconds from then on
 */
record Moment(String name, Sign sign, long more) {

    private static final long GLANCE = TimeUnit.MICROSECONDS.toNanos(100);

    /** Something on disk or on the wire. */
    private interface Sign {
        boolean isThere() throws IOException;
    }

    /** Throws the dice for a run that is about to start; the ledger must be empty. */
    static Moment next(Random random, Remains remains, Ledger ledger) throws IOException {
        int missing = remains.files() - remains.stored();
        int die = random.nextInt(20);
        if (die < 1) {
            return new Moment("start", () -> true, uniform(random, 800));
        }
        if (missing == 0) {
            // Only one in two: killed at once every time, it would never be done.
            return random.nextBoolean()
                    ? new Moment("look", () -> !ledger.visits().isEmpty(), uniform(random, 120))
                    : new Moment("never", () -> false, 0);
        }
        if (die < 7) {
            return new Moment(
                    "transfer",
                    () -> ledger.visits().stream()
                            .anyMatch(visit -> !visit.file().isEmpty() && visit.bytes() > 0),
                    uniform(random, 1_200));
        }
        if (die < 14) {
            int stored = remains.files() - random.nextInt(missing);
            return new Moment("publish", () -> remains.stored() >= stored, soon(random, 4));
        }
        return new Moment("end", remains::isShown, soon(random, 40));
    }

    /** Returns when it has come, or the process has ended without it. */
    void await(ProcessHandle process) {
        try {
            while (process.isAlive() && !sign.isThere()) {
                LockSupport.parkNanos(GLANCE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long until = System.nanoTime() + more;
        for (long left = more; left > 0 && process.isAlive(); left = until - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, 10 * GLANCE));
        }
    }

    @Override
    public String toString() {
        return name + " and " + more / 1000 + " µs";
    }

    private static long uniform(Random random, int millis) {
        return (long) (random.nextDouble() * TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Mostly at once. */
    private static long soon(Random random, int millis) {
        return (long) (Math.pow(random.nextDouble(), 3) * TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
