package dev.modelfetch.internal.memory;

import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one address stood when it was last used, by one route on one network.
 *
 * @param said the last time it was asked
 * @param at when that was
 * @param millis how long its answer took; 0 unless it answered
 * @param until when what it said is over
 * @param failures in a row
 * @param rate bytes per second of all connections to it together; 0 if nothing is known
 * @param rateAt when that was; null if nothing is known
 * @param sender the host that sent its large files, as an address of its own; null if that is not known
 */
record Standing(
        Said said,
        Instant at,
        long millis,
        Instant until,
        int failures,
        double rate,
        @Nullable Instant rateAt,
        @Nullable String sender) {

    /** What came of asking it. */
    enum Said {
        /** Something that only a hub says. */
        ANSWERED,
        /** Nothing of use. */
        DOWN,
        /** That it wants to be left alone. */
        LIMITED,
        /** Where else to go. */
        ALIAS,
        /** It was not asked, only used. */
        NOTHING
    }

    /** A latency says little after a while, since lines change. */
    static final Duration ANSWER = Duration.ofMinutes(10);

    static final Duration FIRST_ABSENCE = Duration.ofMinutes(1);
    static final Duration LONGEST_ABSENCE = Duration.ofMinutes(10);
    static final Duration ALIAS = Duration.ofHours(24);
    static final Duration LONGEST_LIMIT = Duration.ofDays(1);

    /** As long as aria2 believes in its measurements. */
    static final Duration RATE = Duration.ofHours(24);

    static final Duration YOUNG_RATE = Duration.ofHours(6);

    static Standing unknown(Instant now) {
        return new Standing(Said.NOTHING, now, 0, now, 0, 0, null, null);
    }

    Standing answered(long took, Instant now) {
        return new Standing(Said.ANSWERED, now, took, now.plus(ANSWER), 0, rate, rateAt, sender);
    }

    /** Failures that follow each other closely count once: several jobs may have met the same one. */
    Standing down(Instant now) {
        boolean same = said == Said.DOWN && now.isBefore(at.plus(FIRST_ABSENCE.dividedBy(2)));
        int more = same ? failures : failures + 1;
        Duration absence = FIRST_ABSENCE.multipliedBy(1L << Math.min(more - 1, 8));
        Duration bounded = absence.compareTo(LONGEST_ABSENCE) > 0 ? LONGEST_ABSENCE : absence;
        return new Standing(Said.DOWN, now, 0, now.plus(bounded), more, rate, rateAt, sender);
    }

    Standing limited(Duration pause, Instant now) {
        Duration bounded = pause.compareTo(LONGEST_LIMIT) > 0 ? LONGEST_LIMIT : pause;
        return new Standing(Said.LIMITED, now, 0, now.plus(bounded), failures, rate, rateAt, sender);
    }

    Standing alias(Instant now) {
        return new Standing(Said.ALIAS, now, 0, now.plus(ALIAS), 0, rate, rateAt, sender);
    }

    /** The newest measurement weighs most: a line is as it is now. */
    Standing brought(double bytesPerSecond, @Nullable String by, Instant now) {
        double before = rateNow(now);
        double next = before == 0 ? bytesPerSecond : before + 0.6 * (bytesPerSecond - before);
        return new Standing(said, at, millis, until, failures, next, now, by);
    }

    /** The same, whose large files are known to come from there. */
    Standing sentBy(String host) {
        return new Standing(said, at, millis, until, failures, rate, rateAt, host);
    }

    /** What is still believed of its rate, less after some hours; 0 for nothing. */
    double rateNow(Instant now) {
        if (rateAt == null || !now.isBefore(rateAt.plus(RATE)) || rateAt.isAfter(now)) {
            return 0;
        }
        return now.isBefore(rateAt.plus(YOUNG_RATE)) ? rate : Math.sqrt(rate * Limits.USUAL_RATE);
    }

    /** Whether its last word still holds; one from the future is of a clock that was wrong. */
    boolean holds(Instant now) {
        return now.isBefore(until) && !at.isAfter(now);
    }

    boolean isWorthKeeping(Instant now) {
        // Failures in a row are counted on for some time after the last.
        return holds(now) || rateNow(now) > 0 || (failures > 0 && now.isBefore(until.plus(LONGEST_ABSENCE)));
    }
}
