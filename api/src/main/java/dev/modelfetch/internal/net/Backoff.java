package dev.modelfetch.internal.net;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How long to wait before asking again, or that it is time to give up. A pure function of its arguments. */
public final class Backoff {

    /** As the reference client: five retries after the first attempt (huggingface.md 2.4). */
    public static final int MOST_RETRIES = 5;

    private static final Duration SHORTEST_REST = Duration.ofMillis(250);

    /** Whoever is back is noticed within a quarter of a minute; more often would only bother a host in trouble. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(15);

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(8);
    /** A host that wants to be left alone longer than this is better replaced, or reported, than waited for. */
    private static final Duration MOST_PATIENT = Duration.ofMinutes(1);

    private Backoff() {}

    /**
     * For those that go on however long it takes.
     *
     * @param tries made in vain so far, at least one
     */
    public static Duration rest(int tries, RandomGenerator random) {
        long full = Math.min(LONGEST_REST.toMillis(), SHORTEST_REST.toMillis() << Math.min(tries - 1, 16));
        return halfRandom(full, random);
    }

    /**
     * @param retries made so far since the last progress
     * @param asked what the server asked for
     * @return empty to give up
     */
    public static Optional<Duration> next(int retries, Optional<Duration> asked, RandomGenerator random) {
        if (retries >= MOST_RETRIES || asked.filter(Backoff::isTooLong).isPresent()) {
            return Optional.empty();
        }
        if (asked.isPresent()) {
            return asked;
        }
        long full = Math.min(LONGEST.toMillis(), FIRST.toMillis() << retries);
        return Optional.of(halfRandom(full, random));
    }

    /** Whether a host asks for more time than one has who is not patient. */
    public static boolean isTooLong(Duration asked) {
        return asked.compareTo(MOST_PATIENT) > 0;
    }

    /** Half fixed, half random: many clients of one broken hub must not come back together. */
    private static Duration halfRandom(long millis, RandomGenerator random) {
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }
}
