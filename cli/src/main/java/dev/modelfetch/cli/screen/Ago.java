package dev.modelfetch.cli.screen;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How long ago something was, in the units in which one may also ask for it. */
final class Ago {

    private static final Duration JUST_NOW = Duration.ofSeconds(20);

    private enum Unit {
        SECONDS(1, 60),
        MINUTES(60, 60),
        HOURS(3_600, 24),
        DAYS(86_400, 7),
        WEEKS(7 * 86_400, 7),
        MONTHS(30 * 86_400, 12),
        YEARS(365 * 86_400, Long.MAX_VALUE);

        private final long seconds;
        private final long end;

        Unit(long seconds, long end) {
            this.seconds = seconds;
            this.end = end;
        }
    }

    private Ago() {}

    /** For example {@code just now}, {@code 5 min ago}, {@code 3 w ago}; what lies ahead is by a clock set back. */
    static String words(Instant then, Instant now, Messages messages) {
        Duration ago = Duration.between(then, now);
        if (ago.compareTo(JUST_NOW) < 0) {
            return messages.say("ago.now");
        }
        for (Unit unit : Unit.values()) {
            long number = Math.round(ago.toSeconds() / (double) unit.seconds);
            if (number < unit.end) {
                return messages.say("ago." + unit.name().toLowerCase(Locale.ROOT), number);
            }
        }
        throw new AssertionError(ago);
    }
}
