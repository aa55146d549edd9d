package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.cli.screen.StoredRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition such as {@code size>1GB}, {@code accessed>7d} or {@code refs=main}, with the meaning it has for {@code hf
 * cache ls}: an age is how long ago something was.
 *
 * @param test of a row, at a moment
 */
record CacheFilter(BiPredicate<StoredRow, Instant> test) {

    private static final Pattern FORM = Pattern.compile("([A-Za-z_]+)\\s*([=!<>]+)\\s*(.*)", Pattern.DOTALL);
    private static final String EXAMPLES =
            "Write for example size>1GB, accessed>7d, modified<=2w, type=model or refs=main, in quotes.";

    /** The Python library has one more than we. */
    private static final List<String> TYPES = List.of("model", "dataset", "space", "kernel");

    private static final Set<String> MEASURES = Set.of("size", "accessed", "modified");
    private static final Set<String> WORDS = Set.of("type", "refs");

    private enum Comparison {
        EQUAL("="),
        OTHER("!="),
        MORE(">"),
        LESS("<"),
        AT_LEAST(">="),
        AT_MOST("<=");

        private final String symbol;

        Comparison(String symbol) {
            this.symbol = symbol;
        }

        static Optional<Comparison> of(String symbol) {
            return Arrays.stream(values())
                    .filter(each -> each.symbol.equals(symbol))
                    .findFirst();
        }

        <T extends Comparable<T>> boolean holds(T one, T other) {
            int sign = one.compareTo(other);
            return switch (this) {
                case EQUAL -> sign == 0;
                case OTHER -> sign != 0;
                case MORE -> sign > 0;
                case LESS -> sign < 0;
                case AT_LEAST -> sign >= 0;
                case AT_MOST -> sign <= 0;
            };
        }
    }

    boolean accepts(StoredRow row, Instant now) {
        return test.test(row, now);
    }

    /**
     * @throws FetchException.Usage if it is not such a condition
     */
    static CacheFilter parse(String text) {
        Matcher form = FORM.matcher(text.trim());
        if (!form.matches()) {
            throw new FetchException.Usage(
                    Message.of("bad-filter", "\"{0}\" is not a filter.", text), Hint.plain(EXAMPLES));
        }
        String key = form.group(1).toLowerCase(Locale.ROOT);
        String value = form.group(3).trim();
        if (!MEASURES.contains(key) && !WORDS.contains(key)) {
            throw new FetchException.Usage(
                    Message.of("bad-filter-key", "There is no \"{0}\" to filter by.", form.group(1)),
                    Hint.plain("Filter by size, accessed, modified, type or refs."));
        }
        Comparison comparison = Comparison.of(form.group(2))
                .orElseThrow(() -> new FetchException.Usage(
                        Message.of("bad-comparison", "\"{0}\" in \"{1}\" compares nothing.", form.group(2), text),
                        Hint.plain("Use =, !=, <, <=, > or >=.")));
        if (value.isEmpty()) {
            throw new FetchException.Usage(
                    Message.of("filter-without-value", "The filter \"{0}\" has no value.", text), Hint.plain(EXAMPLES));
        }
        return MEASURES.contains(key)
                ? new CacheFilter(measure(key, comparison, value))
                : new CacheFilter(word(key, comparison, value));
    }

    private static BiPredicate<StoredRow, Instant> measure(String key, Comparison comparison, String value) {
        if (key.equals("size")) {
            long bytes = Amount.parse(value).bytes();
            return (row, now) -> comparison.holds(row.size(), bytes);
        }
        Duration age = Age.parse(value).time();
        return key.equals("accessed")
                ? (row, now) -> comparison.holds(Duration.between(row.lastAccessed(), now), age)
                : (row, now) -> comparison.holds(Duration.between(row.lastModified(), now), age);
    }

    private static BiPredicate<StoredRow, Instant> word(String key, Comparison comparison, String value) {
        if (comparison != Comparison.EQUAL) {
            throw new FetchException.Usage(
                    Message.of("only-equal", "\"{0}\" can only be equal to something.", key),
                    Hint.of("write-equal", "Write " + key + "=" + value + ".", key, value));
        }
        if (key.equals("refs")) {
            return (row, now) -> row.refs().stream().anyMatch(value::equalsIgnoreCase);
        }
        if (TYPES.stream().noneMatch(value::equalsIgnoreCase)) {
            throw new FetchException.Usage(
                    Message.of("bad-cache-type", "\"{0}\" is not a type that a cache knows.", value),
                    Hint.plain("Use model, dataset, space or kernel."));
        }
        return (row, now) -> row.repo().type().equalsIgnoreCase(value);
    }
}
