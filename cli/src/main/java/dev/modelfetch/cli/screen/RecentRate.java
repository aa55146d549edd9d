package dev.modelfetch.cli.screen;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** How much comes in a second, over the last few seconds: long enough to read, short enough to be true. */
final class RecentRate {

    /** What the screen calls the rate. */
    static final Duration WINDOW = Duration.ofSeconds(5);

    private static final Duration STEP = Duration.ofMillis(250);
    /** Before that a rate would say more about the moment it is asked for than about the line. */
    private static final Duration YOUNGEST = Duration.ofSeconds(1);
    /** Whatever is in flight is told about once a second, so nothing that is told took longer to come. */
    static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private record Sample(Instant at, long total) {}

    private final Duration window;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private Instant start;
    private long total;
    private long before;

    RecentRate(Instant start) {
        this(start, WINDOW);
    }

    RecentRate(Instant start, Duration window) {
        this.start = start;
        this.window = window;
        samples.add(new Sample(start, 0));
    }

    /** That much has come since the last time. */
    void add(long amount, Instant at) {
        Sample last = samples.getLast();
        if (at.isAfter(last.at().plus(HEARTBEAT))) {
            samples.addLast(new Sample(at.minus(HEARTBEAT), total));
        }
        total += Math.max(0, amount);
        if (at.isBefore(last.at())) {
            restart(at);
        }
        if (!at.isBefore(samples.getLast().at().plus(STEP))) {
            samples.addLast(new Sample(at, total));
        }
        while (samples.size() > 2 && secondSample().at().isBefore(at.minus(window))) {
            samples.removeFirst();
        }
    }

    /** Empty as long as there is none: nothing has come yet, or it has not been watched for long enough. */
    OptionalDouble perSecond(Instant now) {
        Duration age = Duration.between(start, now);
        if (total == before || age.compareTo(YOUNGEST) < 0) {
            return OptionalDouble.empty();
        }
        Duration span = age.compareTo(window) < 0 ? age : window;
        return OptionalDouble.of((total - totalAt(now.minus(span))) * 1000.0 / span.toMillis());
    }

    /** The clock was set back: what came before has no place on it. */
    private void restart(Instant at) {
        samples.clear();
        samples.add(new Sample(at, total));
        start = at;
        before = total;
    }

    private double totalAt(Instant moment) {
        Sample earlier = samples.getFirst();
        for (Sample sample : samples) {
            if (sample.at().isAfter(moment)) {
                double way = Duration.between(earlier.at(), sample.at()).toMillis();
                double gone = Math.max(0, Duration.between(earlier.at(), moment).toMillis());
                return way == 0 ? earlier.total() : earlier.total() + (sample.total() - earlier.total()) * gone / way;
            }
            earlier = sample;
        }
        return total;
    }

    private Sample secondSample() {
        var all = samples.iterator();
        all.next();
        return all.next();
    }
}
