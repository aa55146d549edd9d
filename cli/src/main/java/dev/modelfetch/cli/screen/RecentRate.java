package dev.modelfetch.cli.screen;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Bytes per second over the last few seconds: long enough to read, short enough to be true. */
final class RecentRate {

    private static final Duration WINDOW = Duration.ofSeconds(8);
    private static final Duration STEP = Duration.ofMillis(250);

    private record Sample(Instant at, long total) {}

    private final Deque<Sample> samples = new ArrayDeque<>();
    private long total;

    RecentRate(Instant start) {
        samples.add(new Sample(start, 0));
    }

    /** Some bytes came in. */
    void add(long bytes, Instant at) {
        total += Math.max(0, bytes);
        if (at.isBefore(samples.getLast().at())) {
            // The clock was set back: count anew.
            samples.clear();
            samples.add(new Sample(at, total));
        }
        if (!at.isBefore(samples.getLast().at().plus(STEP))) {
            samples.addLast(new Sample(at, total));
        }
        while (samples.size() > 2 && samples.getFirst().at().isBefore(at.minus(WINDOW))) {
            samples.removeFirst();
        }
    }

    /** Falls towards 0 while nothing comes in. */
    double bytesPerSecond(Instant now) {
        Sample first = samples.getFirst();
        long millis = Duration.between(first.at(), now).toMillis();
        return millis < STEP.toMillis() ? 0 : (total - first.total()) * 1000.0 / millis;
    }
}
