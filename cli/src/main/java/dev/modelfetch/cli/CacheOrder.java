package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.cli.screen.StoredRow;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An order such as {@code size} or {@code modified:asc}. Unless said otherwise, what is largest or latest comes first. */
record CacheOrder(Comparator<StoredRow> comparator) {

    private static final Pattern FORM = Pattern.compile("([a-z_]+)(?::(asc|desc))?");
    private static final String NAME = "name";
    private static final Map<String, Comparator<StoredRow>> KEYS = Map.of(
            "accessed",
            Comparator.comparing(StoredRow::lastAccessed),
            "modified",
            Comparator.comparing(StoredRow::lastModified),
            "size",
            Comparator.comparing(StoredRow::size),
            NAME,
            Comparator.comparing(row -> row.id().toLowerCase(Locale.ROOT)));

    /**
     * @throws FetchException.Usage if it is not such an order
     */
    static CacheOrder parse(String text) {
        Matcher form = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
        Comparator<StoredRow> key = form.matches() ? KEYS.get(form.group(1)) : null;
        if (key == null) {
            throw new FetchException.Usage(
                    Message.of("bad-order", "\"{0}\" is not an order.", text),
                    Hint.plain("Use accessed, modified, name or size; :asc or :desc behind it says which way."));
        }
        boolean up = form.group(2) == null
                ? form.group(1).equals(NAME)
                : form.group(2).equals("asc");
        return new CacheOrder(up ? key : key.reversed());
    }
}
