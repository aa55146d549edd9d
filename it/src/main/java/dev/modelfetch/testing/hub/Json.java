package dev.modelfetch.testing.hub;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON from maps and lists; members keep their order, nulls are written. */
final class Json {

    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private Json() {}

    static String text(Object value) {
        return GSON.toJson(value);
    }

    /** Takes names and values in turn. */
    static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return object;
    }

    /** The strings in a member that is an array; empty without one. */
    static Set<String> strings(String text, String member) {
        Set<String> strings = new LinkedHashSet<>();
        if (parse(text).get(member) instanceof Iterable<?> values) {
            values.forEach(value -> strings.add(String.valueOf(value)));
        }
        return strings;
    }

    static Map<?, ?> parse(String text) {
        return GSON.fromJson(text, Map.class);
    }
}
