package dev.modelfetch.cli.screen;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a job will be over. What was once estimated counts down by the clock and is only corrected when it is clearly
 * wrong, because a number that changes its mind ten times a second cannot be read.
 */
final class TimeLeft {

    private static final double CLEARLY = 0.1;
    private static final double LEAST_SECONDS = 2;
    private static final double MOST_SECONDS = Duration.ofDays(99).toSeconds();

    private @Nullable Instant end;

    /** Empty while the rate is too low to tell. */
    Optional<Duration> of(long amount, double perSecond, Instant now) {
        double seconds = perSecond <= 0 ? Double.MAX_VALUE : amount / perSecond;
        if (seconds > MOST_SECONDS) {
            end = null;
            return Optional.empty();
        }
        Instant estimate = now.plusMillis((long) (seconds * 1000));
        Instant said = end;
        if (said == null || isWrong(Duration.between(said, estimate), seconds)) {
            said = estimate;
            end = estimate;
        }
        Duration left = Duration.between(now, said);
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }

    private static boolean isWrong(Duration by, double seconds) {
        return by.abs().toMillis() / 1000.0 > Math.max(LEAST_SECONDS, seconds * CLEARLY);
    }

    /** As a person would say it, the coarser the longer: {@code 9 s left}, {@code 5 min left}, {@code 1 h 20 left}. */
    static String words(Duration left, Messages messages) {
        long seconds = (left.toMillis() + 999) / 1000;
        if (seconds < 20) {
            return messages.say("left.seconds", seconds);
        }
        if (seconds < 90) {
            return messages.say("left.seconds", rounded(seconds, 5));
        }
        long minutes = (seconds + 30) / 60;
        if (minutes < 60) {
            return messages.say("left.minutes", minutes);
        }
        minutes = rounded(minutes, 5);
        if (minutes < 600) {
            return messages.say("left.hours-minutes", minutes / 60, String.format(Locale.ROOT, "%02d", minutes % 60));
        }
        long hours = (minutes + 30) / 60;
        return hours < 48 ? messages.say("left.hours", hours) : messages.say("left.days", (hours + 12) / 24);
    }

    private static long rounded(long number, long step) {
        return (number + step / 2) / step * step;
    }
}
