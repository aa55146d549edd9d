package dev.modelfetch.cli.screen;

import dev.modelfetch.Hint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
        // In one pass, so that a value which looks like a place to fill in stays as it is.
        return PLACE.matcher(bundle.getString(key)).replaceAll(place -> {
            int index = Integer.parseInt(place.group(1));
            return Matcher.quoteReplacement(index < values.length ? String.valueOf(values[index]) : place.group());
        });
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
     * A clause of the engine, in the person's language if there is a translation: numbers in it are values, and a place in
     * parentheses behind it stays as it is.
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
        String words = bundle.containsKey(key) ? say(key, numbers.toArray()) : parts.group(1);
        return words + Optional.ofNullable(parts.group(2)).orElse("");
    }

    /** What to do, by our own options where a hint has words for them. */
    public String hints(List<Hint> hints) {
        return hints.stream().map(this::hint).filter(text -> !text.isEmpty()).collect(Collectors.joining(" "));
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
