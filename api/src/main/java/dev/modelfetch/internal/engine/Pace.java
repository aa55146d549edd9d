package dev.modelfetch.internal.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How fast something comes, over the last seconds. Told by one thread, asked by any. */
final class Pace {

    private static final Duration SPAN = Duration.ofSeconds(2);

    private @Nullable Instant since;
    private long bytes;
    private volatile long rate;

    void came(Instant at, long count) {
        Instant start = since;
        if (start == null) {
            since = at;
            return;
        }
        bytes += count;
        Duration span = Duration.between(start, at);
        if (span.compareTo(SPAN) >= 0) {
            rate = bytes * 1_000 / span.toMillis();
            since = at;
            bytes = 0;
        }
    }

    /** Bytes per second; zero before anybody can know. */
    long rate() {
        return rate;
    }
}
