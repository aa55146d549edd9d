package dev.modelfetch.cli.screen;

import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the program says, in English, or in Chinese under a {@code zh} locale. Sentences that come from the engine are
 * English; those that never change have a translation under a key made of their own words, the others stay as they are.
 */
public final class Messages {

    private static final String BUNDLE = "dev.modelfetch.cli.screen.messages";
    private static final Pattern PLACE = Pattern.compile("\\{([0-9])\\}");
    private static final ResourceBundle.Control ONLY_THIS =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private final ResourceBundle bundle;

    private Messages(Locale locale) {
        this.bundle = ResourceBundle.getBundle(BUNDLE, locale, Messages.class.getClassLoader(), ONLY_THIS);
    }

    public static Messages english() {
        return new Messages(Locale.ROOT);
    }

    public static Messages chinese() {
        return new Messages(Locale.CHINESE);
    }

    /** The language the locale variables ask for. */
    public static Messages of(Map<String, String> environment) {
        return localeText(environment, "LC_MESSAGES").toLowerCase(Locale.ROOT).startsWith("zh") ? chinese() : english();
    }

    /** A category of the POSIX locale, for example {@code zh_CN.UTF-8}; empty when nothing is set. */
    static String localeText(Map<String, String> environment, String category) {
        for (String variable : new String[] {"LC_ALL", category, "LANG"}) {
            String value = environment.getOrDefault(variable, "");
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    public ResourceBundle bundle() {
        return bundle;
    }

    /** Words that do not change, and where it was. */
    private static final Pattern PLACED = Pattern.compile("(.*?)( \\(.*\\))?", Pattern.DOTALL);

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** The text of that key with {@code {0}}, {@code {1}} … filled in. */
    public String say(String key, Object... values) {
        return filled(bundle.getString(key), values);
    }

    private static String filled(String template, Object... values) {
        // In one pass, so that a value which looks like a place to fill in stays as it is.
        return PLACE.matcher(template).replaceAll(place -> {
            int index = Integer.parseInt(place.group(1));
            return Matcher.quoteReplacement(index < values.length ? String.valueOf(values[index]) : place.group());
        });
    }

    /** What a failure says, in the person's language as far as there are words for it. */
    public String phrase(Phrase phrase) {
        if (phrase instanceof Message message) {
            return Stream.concat(Stream.of(message), message.more().stream())
                    .map(this::own)
                    .collect(Collectors.joining(bundle.getString("join.sentences")));
        }
        if (phrase instanceof Phrase.Series series) {
            return series.parts().stream()
                    .map(this::phrase)
                    .collect(Collectors.joining(bundle.getString("join.parts")));
        }
        return phrase instanceof Phrase.Clause clause ? clause(clause.text()) : phrase.text();
    }

    /** Without the sentences that follow. */
    private String own(Message message) {
        if (message.code().isEmpty()) {
            return message.values().isEmpty() ? sentence(message.template()) : message.template();
        }
        String key = "fail." + message.code();
        return filled(
                bundle.containsKey(key) ? bundle.getString(key) : message.template(),
                message.values().stream().map(this::phrase).toArray());
    }

    /** A sentence written elsewhere, in the person's language if there is a translation. */
    public String sentence(String english) {
        try {
            return bundle.getString(keyOf(english));
        } catch (MissingResourceException e) {
            return english;
        }
    }

    /**
     * A clause of the engine or of the system, in the person's language if there is a translation: numbers in it are values,
     * and a place in parentheses behind it stays as it is.
     */
    public String clause(String english) {
        Matcher parts = PLACED.matcher(english);
        if (!parts.matches()) {
            return english;
        }
        List<String> numbers = new ArrayList<>();
        String template = NUMBER.matcher(parts.group(1)).replaceAll(number -> {
            numbers.add(number.group());
            return Matcher.quoteReplacement("{" + (numbers.size() - 1) + "}");
        });
        String key = keyOf(template);
        String place = Optional.ofNullable(parts.group(2)).orElse("");
        if (bundle.containsKey(key)) {
            return say(key, numbers.toArray()) + place(place);
        }
        return known(english)
                .or(() -> known(parts.group(1)).map(words -> words + place(place)))
                .orElse(english);
    }

    /** Where it was, and by which way. */
    private String place(String words) {
        if (words.isEmpty()) {
            return words;
        }
        String inside = words.substring(2, words.length() - 1);
        return " (" + known(inside).orElse(inside) + ")";
    }

    /** By the most telling of the clauses that it may be; what stands at the places may be a clause as well. */
    private Optional<String> known(String english) {
        for (Clause clause : Clause.ALL) {
            Matcher found = clause.english().matcher(english);
            if (found.matches()) {
                Object[] values = IntStream.rangeClosed(1, found.groupCount())
                        .mapToObj(index -> clause(found.group(index)))
                        .toArray();
                return Optional.of(say(clause.key(), values));
            }
        }
        return Optional.empty();
    }

    /**
     * What is said without a code, by verdicts that any source may write, and by file systems.
     *
     * @param english with a group for each place
     */
    private record Clause(String key, Pattern english, int letters) {

        static final List<Clause> ALL = all();

        private static List<Clause> all() {
            ResourceBundle bundle = Messages.english().bundle();
            return bundle.keySet().stream()
                    .filter(key -> key.startsWith("clause."))
                    .map(key -> of(key, bundle.getString(key)))
                    .sorted(Comparator.comparingInt(Clause::letters).reversed().thenComparing(Clause::key))
                    .toList();
        }

        private static Clause of(String key, String template) {
            String[] words = PLACE.split(template, -1);
            String pattern = Stream.of(words).map(Pattern::quote).collect(Collectors.joining("(.+?)"));
            return new Clause(
                    key,
                    Pattern.compile(pattern, Pattern.DOTALL),
                    String.join("", words).length());
        }
    }

    /** What to do, by our own options where a hint has words for them. */
    public String hints(List<Hint> hints) {
        return hints.stream()
                .map(this::hint)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(bundle.getString("join.sentences")));
    }

    private String hint(Hint hint) {
        String key = "hint." + hint.code();
        return bundle.containsKey(key) ? say(key, hint.values().toArray()) : sentence(hint.text());
    }

    /** {@code Check the path.} has the key {@code say.check-the-path}. */
    static String keyOf(String english) {
        String words = english.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return "say." + words.replaceAll("^-|-$", "");
    }
}
