package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** So many bytes, such as {@code 10MB}, {@code 1.5G} or {@code 500}. Units are decimal, as everywhere in this program. */
record Amount(long bytes) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) ?([KMGTP]?)B?");
    private static final Map<String, Long> UNITS = Map.of(
            "", 1L,
            "K", 1_000L,
            "M", 1_000_000L,
            "G", 1_000_000_000L,
            "T", 1_000_000_000_000L,
            "P", 1_000_000_000_000_000L);

    /**
     * @throws FetchException.Usage if it is not such an amount
     */
    static Amount parse(String text) {
        Matcher form = FORM.matcher(text.trim().toUpperCase(Locale.ROOT));
        if (form.matches()) {
            BigDecimal bytes =
                    new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(UNITS.getOrDefault(form.group(2), 1L)));
            if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                return new Amount(bytes.longValue());
            }
        }
        throw new FetchException.Usage(
                Message.of("bad-size", "\"{0}\" is not a size.", text),
                Hint.plain("Write for example 500MB, 20GB or 1.5TB; units are decimal."));
    }
}
