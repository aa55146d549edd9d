package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The hashing of bytes that are there, as far as it is told, which is only where it takes a while. Whoever is not heard
 * of for some seconds is through with it: there is no word for its end. Guarded by whoever owns the board.
 */
final class Checks {

    private static final Duration HEARD = Duration.ofSeconds(3);

    private final Map<String, FetchEvent.Hashing> files = new HashMap<>();
    private final TimeLeft left = new TimeLeft();
    private @Nullable RecentRate rate;
    private Instant heard = Instant.MIN;

    void hashed(FetchEvent.Hashing event) {
        if (!running(event.at())) {
            files.clear();
            rate = null;
        }
        heard = event.at();
        FetchEvent.Hashing before = files.put(event.path(), event);
        if (rate == null) {
            rate = new RecentRate(event.at());
        } else {
            rate.add(event.done() - (before == null ? 0 : before.done()), event.at());
        }
    }

    /** The digest of that file is known. */
    void finished(String path) {
        FetchEvent.Hashing last = files.get(path);
        if (last != null) {
            files.put(path, new FetchEvent.Hashing(last.at(), path, last.size(), last.size()));
        }
    }

    boolean running(Instant now) {
        return recent(heard, now);
    }

    long done() {
        return files.values().stream().mapToLong(FetchEvent.Hashing::done).sum();
    }

    long size() {
        return files.values().stream().mapToLong(FetchEvent.Hashing::size).sum();
    }

    OptionalDouble rate(Instant now) {
        return rate == null ? OptionalDouble.empty() : rate.perSecond(now);
    }

    Optional<Duration> left(Instant now) {
        return left.of(size() - done(), rate(now).orElse(0), now);
    }

    /** How many of so many bytes of a file are there and not hashed yet; 0 where nothing is told about it. */
    long behind(String path, long present, Instant now) {
        FetchEvent.Hashing last = files.get(path);
        return last == null || !recent(last.at(), now) ? 0 : Math.max(0, present - last.done());
    }

    private static boolean recent(Instant then, Instant now) {
        return Duration.between(then, now).abs().compareTo(HEARD) <= 0;
    }
}
