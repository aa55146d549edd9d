package dev.modelfetch.cli.screen;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who runs the program: what paths would tell whoever reads a bug report.
 *
 * @param homes absolute folders, the longest first
 * @param names of the account
 */
public record Person(List<String> homes, List<String> names) {

    public Person {
        homes = List.copyOf(homes);
        names = List.copyOf(names);
    }

    /** Whose process this is; variables and Java need not agree. */
    public static Person of(Map<String, String> environment) {
        return new Person(
                said(environment, "user.home", "HOME", "USERPROFILE")
                        .map(folder -> folder.replaceAll("[/\\\\]+$", ""))
                        .filter(folder -> folder.length() > 1)
                        .sorted((one, other) -> other.length() - one.length())
                        .toList(),
                said(environment, "user.name", "USER", "USERNAME").toList());
    }

    private static Stream<String> said(Map<String, String> environment, String property, String... variables) {
        return Stream.concat(
                        Stream.of(variables).map(variable -> environment.getOrDefault(variable, "")),
                        Stream.of(System.getProperty(property, "")))
                .filter(text -> !text.isBlank())
                .distinct();
    }

    /** The text with {@code ~} in place of each home. */
    public String withoutHome(String text) {
        String hidden = text;
        for (String home : homes) {
            // Not where it is only the beginning of another name.
            hidden = replaced(hidden, Pattern.quote(home) + "(?![\\w.-]*[\\w-])", "~");
        }
        return hidden;
    }

    /** As {@link #withoutHome}, and without folders that are called like the account. */
    public String withoutName(String text) {
        String hidden = withoutHome(text);
        for (String name : names) {
            hidden = replaced(hidden, "(?<=[/\\\\])" + Pattern.quote(name) + "(?=[/\\\\\\s,;)]|$)", "<user>");
        }
        return hidden;
    }

    private static String replaced(String text, String pattern, String by) {
        return Pattern.compile(pattern).matcher(text).replaceAll(Matcher.quoteReplacement(by));
    }
}
