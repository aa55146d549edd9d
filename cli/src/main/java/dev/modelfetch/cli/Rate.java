package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit such as {@code 10M}, {@code 1.5G}, {@code 500K} or plain bytes per second, also as {@code 10MB/s}. Units are
 * decimal, the same that the progress display shows: {@code 10M} is 10,000,000 bytes per second, and {@code 10MiB}
 * 10,485,760.
 */
record Rate(long bytesPerSecond) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?) ?(|[KMG]|[KMG]I)B?(?:/S|PS)?");
    private static final Map<String, Long> UNITS = Map.of(
            "", 1L, "K", 1_000L, "M", 1_000_000L, "G", 1_000_000_000L, "KI", 1L << 10, "MI", 1L << 20, "GI", 1L << 30);

    /**
     * @throws FetchException.Usage if it is not such a rate or less than one byte per second
     */
    static Rate parse(String text) {
        Matcher form = FORM.matcher(text.trim().toUpperCase(Locale.ROOT));
        if (form.matches()) {
            BigDecimal bytes =
                    new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(UNITS.getOrDefault(form.group(2), 1L)));
            if (bytes.compareTo(BigDecimal.ONE) >= 0 && bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                return new Rate(bytes.longValue());
            }
        }
        throw new FetchException.Usage(
                Message.of("bad-rate", "\"{0}\" is not a transfer rate.", text),
                Hint.plain(
                        "Write bytes per second, for example 500K, 10M, 10MiB or 1.5G; leave the option out for no limit."));
    }
}
