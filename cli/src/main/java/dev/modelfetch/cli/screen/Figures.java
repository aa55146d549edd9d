package dev.modelfetch.cli.screen;

import java.time.Duration;
import java.util.Locale;

/** Sizes, rates and times as people read them. Decimal units, as hubs and network providers count. */
final class Figures {

    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB"};

    private Figures() {}

    /** For example {@code 25 B}, {@code 4.9 kB}, {@code 641.3 GB}. */
    static String bytes(long count) {
        if (Math.abs(count) < 1000) {
            return count + " B";
        }
        double value = count / 1000.0;
        int unit = 0;
        // 999.95 would be printed as 1000.0.
        while (Math.abs(value) >= 999.95 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    static String rate(double bytesPerSecond) {
        return bytes(Math.round(bytesPerSecond)) + "/s";
    }

    /** How many of how many, the unit said once: {@code 40.6} and {@code 65.5 GB}. */
    static Share share(long done, long size) {
        if (Math.abs(size) < 1000) {
            return new Share(Long.toString(done), bytes(size));
        }
        double unit = 1000;
        while (Math.abs(size) / unit >= 999.95 && unit < 1e15) {
            unit *= 1000;
        }
        return new Share(String.format(Locale.ROOT, "%.1f", done / unit), bytes(size));
    }

    /**
     * A part and the whole it belongs to, in the unit of the whole.
     *
     * @param done as wide as the number of the whole at most
     */
    record Share(String done, String size) {}

    /** For example {@code 3,002}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** How many a second: {@code 175}, {@code 2.4}. */
    static String perSecond(double number) {
        return number == 0 || number >= 9.95
                ? Long.toString(Math.round(number))
                : String.format(Locale.ROOT, "%.1f", number);
    }

    /** How long something took: {@code 0.23 s}, {@code 41.0 s}, {@code 3 min 20 s}, {@code 1 h 05 min}. */
    static String took(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0);
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
    }

    /** A few seconds in words, more as a clock: {@code 8 s}, {@code 1:20}. */
    static String span(Duration time, Messages messages) {
        long seconds = Math.max(0, time.toSeconds() + (time.toMillisPart() > 0 ? 1 : 0));
        return seconds < 60 ? messages.say("span.seconds", seconds) : clock(Duration.ofSeconds(seconds));
    }

    /** A clock that runs down or up: {@code 0:51}, {@code 1:02:03}; never below zero. */
    static String clock(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds % 3600 / 60, seconds % 60);
    }

    /** Whole per cent, 100 only when nothing is missing. */
    static int percent(long done, long size) {
        if (size <= 0 || done >= size) {
            return 100;
        }
        return (int) Math.min(99, Math.max(0, done) * 100.0 / size);
    }
}
