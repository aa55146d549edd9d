package dev.modelfetch.cli.screen;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Locale;

/** The time of day that a line of a log begins with. */
record LogTime(ZoneId zone) {

    /** For example {@code 20:14:22}. */
    String of(Instant at) {
        LocalTime time = LocalTime.ofInstant(at, zone);
        return String.format(Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
    }
}
