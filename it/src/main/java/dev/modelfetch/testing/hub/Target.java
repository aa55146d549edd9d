package dev.modelfetch.testing.hub;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The address in a request line.
 *
 * @param raw as it came over the wire
 * @param segments of the path, decoded
 * @param query decoded; the last value of each name
 */
public record Target(String raw, List<String> segments, Map<String, String> query) {

    /** Takes a path with an optional query. */
    static Target parse(String raw) {
        int mark = raw.indexOf('?');
        String path = mark < 0 ? raw : raw.substring(0, mark);
        List<String> segments = Arrays.stream(path.split("/", -1))
                .filter(part -> !part.isEmpty())
                .map(Target::decodePath)
                .toList();
        return new Target(raw, segments, mark < 0 ? Map.of() : parseForm(raw.substring(mark + 1)));
    }

    /** Reads {@code a=b&c=d}, the form of queries and of some request bodies. */
    static Map<String, String> parseForm(String text) {
        Map<String, String> form = new LinkedHashMap<>();
        parseFields(text).forEach(field -> form.put(field.getKey(), field.getValue()));
        return form;
    }

    /** As {@link #parseForm}, keeping repeated names. */
    static List<Map.Entry<String, String>> parseFields(String text) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (String field : text.split("&", -1)) {
            int equal = field.indexOf('=');
            String name = equal < 0 ? field : field.substring(0, equal);
            fields.add(Map.entry(decodeForm(name), equal < 0 ? "" : decodeForm(field.substring(equal + 1))));
        }
        return fields;
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    /** The same without one query parameter. */
    Target without(String name) {
        int mark = raw.indexOf('?');
        if (mark < 0) {
            return this;
        }
        String rest = Arrays.stream(raw.substring(mark + 1).split("&", -1))
                .filter(field -> !field.startsWith(name + "="))
                .collect(Collectors.joining("&"));
        return parse(raw.substring(0, mark) + (rest.isEmpty() ? "" : "?" + rest));
    }

    /** The path from this segment on, decoded, without a leading slash. */
    String from(int segment) {
        return String.join("/", segments.subList(Math.min(segment, segments.size()), segments.size()));
    }

    /** Encodes everything but the unreserved characters (huggingface.md 1.3). */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** As {@link #encode}, with slashes left alone. */
    static String encodePath(String path) {
        return encode(path).replace("%2F", "/");
    }

    private static String decodePath(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String decodeForm(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
