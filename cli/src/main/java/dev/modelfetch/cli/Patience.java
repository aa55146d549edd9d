package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A span of time such as {@code 30s}, {@code 10m}, {@code 12h} or {@code 2d}; a bare number counts seconds. */
record Patience(Duration time) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(s|m|min|h|d)?");
    private static final Map<String, Long> SECONDS = Map.of("s", 1L, "m", 60L, "min", 60L, "h", 3_600L, "d", 86_400L);

    /** A century: nobody means more, and a clock of nanoseconds can still count it. */
    private static final Duration MOST = Duration.ofDays(36_500);

    /**
     * @throws FetchException.Usage if it is not such a span
     */
    static Patience parse(String text) {
        Matcher form = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (form.matches()) {
            long unit = form.group(2) == null ? 1 : SECONDS.getOrDefault(form.group(2), 1L);
            Duration time = Duration.ofSeconds(Long.parseLong(form.group(1)) * unit);
            if (time.compareTo(MOST) <= 0) {
                return new Patience(time);
            }
        }
        throw new FetchException.Usage(
                Message.of("bad-span", "\"{0}\" is not a span of time.", text),
                Hint.plain("Write for example 30s, 10m or 12h; 0 gives up as soon as every source has failed."));
    }
}
