package dev.modelfetch.cli.screen;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the person is at home: paths there would name them to whoever reads a bug report.
 *
 * @param folders absolute, the longest first
 */
public record Homes(List<String> folders) {

    public Homes {
        folders = List.copyOf(folders);
    }

    /** Those of this process; the variable and Java need not agree. */
    public static Homes of(Map<String, String> environment) {
        return new Homes(Stream.of(
                        environment.getOrDefault("HOME", ""),
                        environment.getOrDefault("USERPROFILE", ""),
                        System.getProperty("user.home", ""))
                .map(folder -> folder.replaceAll("[/\\\\]+$", ""))
                .filter(folder -> folder.length() > 1)
                .distinct()
                .sorted((one, other) -> other.length() - one.length())
                .toList());
    }

    /** The text with {@code ~} in place of each. */
    public String hidden(String text) {
        String hidden = text;
        for (String folder : folders) {
            // Not where it is only the beginning of another name.
            hidden = Pattern.compile(Pattern.quote(folder) + "(?![\\w.-]*[\\w-])")
                    .matcher(hidden)
                    .replaceAll(Matcher.quoteReplacement("~"));
        }
        return hidden;
    }
}
