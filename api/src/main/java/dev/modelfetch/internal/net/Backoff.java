package dev.modelfetch.internal.net;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How long to wait before asking again, or that it is time to give up. A pure function of its arguments. */
public final class Backoff {

    /** As the reference client: five retries after the first attempt (huggingface.md 2.4). */
    public static final int MOST_RETRIES = 5;

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(8);
    /** A host that wants to be left alone longer than this is better replaced, or reported, than waited for. */
    private static final Duration MOST_PATIENT = Duration.ofMinutes(1);

    private Backoff() {}

    /**
     * @param retries made so far since the last progress
     * @param asked what the server asked for
     * @return empty to give up
     */
    public static Optional<Duration> next(int retries, Optional<Duration> asked, RandomGenerator random) {
        if (retries >= MOST_RETRIES
                || asked.filter(wait -> wait.compareTo(MOST_PATIENT) > 0).isPresent()) {
            return Optional.empty();
        }
        if (asked.isPresent()) {
            return asked;
        }
        long full = Math.min(LONGEST.toMillis(), FIRST.toMillis() << retries);
        // Half fixed, half random: many clients of one broken hub must not come back together.
        return Optional.of(Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1)));
    }
}
