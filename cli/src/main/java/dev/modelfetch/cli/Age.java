package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long ago something was, such as {@code 7d} or {@code 3mo}, in the units of {@code hf cache}; a bare number counts seconds. */
record Age(Duration time) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(s|m|h|d|w|mo|y)?");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7),
            "mo", Duration.ofDays(30),
            "y", Duration.ofDays(365));

    /**
     * @throws FetchException.Usage if it is not such an age
     */
    static Age parse(String text) {
        Matcher form = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new FetchException.Usage(
                    Message.of("bad-age", "\"{0}\" is not an age.", text),
                    Hint.plain("Write for example 30s, 15m, 6h, 7d, 2w, 3mo or 1y."));
        }
        String unit = form.group(2) == null ? "s" : form.group(2);
        return new Age(UNITS.getOrDefault(unit, Duration.ZERO).multipliedBy(Long.parseLong(form.group(1))));
    }
}
