package dev.modelfetch.internal.token;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokens of {@code stored_tokens} by their names, each with whatever else is kept with it (huggingface.md 3.2): an INI
 * file as Python's {@code configparser} reads and writes it. Immutable.
 */
record Profiles(SortedMap<String, Map<String, String>> fields) {

    static final Profiles NONE = new Profiles(new TreeMap<>());

    private static final String TOKEN = "hf_token";

    /** Stands for values that all sections share, and is none itself. */
    private static final String SHARED = "DEFAULT";

    private static final Pattern SECTION = Pattern.compile("\\[(.+)\\].*");
    private static final Pattern FIELD = Pattern.compile("(.*?)\\s*[=:]\\s*(.*)");

    /** @throws IOException if it is not such a file; its words name no value */
    static Profiles parse(String text) throws IOException {
        SortedMap<String, Map<String, String>> all = new TreeMap<>();
        Map<String, String> section = null;
        String key = null;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String words = line.strip();
            if (words.isEmpty() || words.startsWith("#") || words.startsWith(";")) {
                continue;
            }
            if (section != null && key != null && Character.isWhitespace(line.charAt(0))) {
                section.merge(key, words, (before, more) -> before + "\n" + more);
                continue;
            }
            Matcher header = SECTION.matcher(words);
            Matcher field = FIELD.matcher(words);
            if (header.matches()) {
                section = new LinkedHashMap<>();
                key = null;
                if (all.put(header.group(1), section) != null) {
                    throw new IOException("line " + number + " begins a section a second time");
                }
            } else if (section != null && field.matches() && !field.group(1).isEmpty()) {
                key = field.group(1).toLowerCase(Locale.ROOT);
                section.put(key, field.group(2));
            } else {
                throw new IOException("line " + number + " is neither a section nor a value");
            }
        }
        return new Profiles(all);
    }

    /** As the reference client writes it. */
    String text() {
        StringBuilder text = new StringBuilder();
        fields.forEach((name, values) -> {
            text.append('[').append(name).append("]\n");
            values.forEach((key, value) -> text.append(key)
                    .append(" = ")
                    .append(value.replace("\n", "\n\t"))
                    .append('\n'));
            text.append('\n');
        });
        return text.toString();
    }

    /** With that token under that name, and nothing of what was kept under it before. */
    Profiles with(String name, String token) {
        SortedMap<String, Map<String, String>> all = new TreeMap<>(fields);
        all.put(heading(name), Map.of(TOKEN, token));
        return new Profiles(all);
    }

    /** A name that is fit to head a section. */
    private static String heading(String name) {
        String line = name.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.isEmpty() || line.equals(SHARED) ? "token " + line : line;
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>(fields.keySet());
        names.remove(SHARED);
        return names;
    }
}
