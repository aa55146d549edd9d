package dev.modelfetch.it.bench;

import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Faults;
import dev.modelfetch.testing.hub.MiniHub;
import java.time.Duration;

/**
 * How a hub and its data host are reached.
 *
 * @param perConnection bytes per second of one connection, 0 for no limit
 * @param total bytes per second of all together, 0 for no limit
 * @param delay before each answer; stands for the round trip, a new connection costs nothing more
 * @param answers sent at one time before the data host refuses more, 0 for no limit
 * @param refusal status it does so with
 */
record Line(long perConnection, long total, Duration delay, int answers, int refusal) {

    private static final long MEGABYTE = 1_000_000;

    static Line unlimited() {
        return new Line(0, 0, Duration.ZERO, 0, 429);
    }

    /** Rates in megabytes (10^6) per second. */
    static Line of(int perConnection, int total) {
        return new Line(perConnection * MEGABYTE, total * MEGABYTE, Duration.ZERO, 0, 429);
    }

    /** All together, in kilobytes (10^3) per second. */
    static Line crawling(int total) {
        return new Line(0, total * 1000L, Duration.ZERO, 0, 429);
    }

    Line delayed(int millis) {
        return new Line(perConnection, total, Duration.ofMillis(millis), answers, refusal);
    }

    Line refusing(int moreThan, int status) {
        return new Line(perConnection, total, delay, moreThan, status);
    }

    void shape(MiniHub<?> hub) {
        shape(hub.faults());
        shape(hub.dataFaults());
        if (answers > 0) {
            hub.storage().atMost(answers, refusal);
        }
    }

    private void shape(Faults faults) {
        if (!delay.isZero()) {
            faults.add(Fault.delay(delay));
        }
        if (perConnection > 0) {
            faults.add(Fault.rate(perConnection).onFiles());
        }
        if (total > 0) {
            faults.add(Fault.totalRate(total).onFiles());
        }
    }
}
