package dev.modelfetch.internal.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.ProxyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The user's {@code modelfetch/config.json}. All mistakes in it are reported at once, unknown keys included: a
 * misspelt setting that is silently ignored is worse than an error.
 *
 * @param endpoints source id to address
 * @param proxies source id to route
 * @param aliases source id to (common id to id there)
 * @param cacheDir root of the hub cache
 * @param source default choice of sources
 * @param maxWorkers files in flight
 * @param connections per file
 * @param proxyPolicy when a proxy is used that is not fixed for a source
 */
public record ConfigFile(
        Map<String, String> endpoints,
        Map<String, String> proxies,
        Map<String, Map<String, String>> aliases,
        @Nullable String cacheDir,
        @Nullable String source,
        @Nullable Integer maxWorkers,
        @Nullable Integer connections,
        @Nullable String proxyPolicy) {

    static final ConfigFile EMPTY = new ConfigFile(Map.of(), Map.of(), Map.of(), null, null, null, null, null);

    private static final Set<String> KEYS = new TreeSet<>(Set.of(
            "v", "endpoints", "proxies", "aliases", "cacheDir", "source", "maxWorkers", "connections", "proxyPolicy"));

    /**
     * @return {@link #EMPTY} if there is no such file
     * @throws FetchException.Usage if there is one and it cannot be used
     */
    static ConfigFile read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return EMPTY;
        } catch (IOException e) {
            throw new FetchException.Usage(
                    Message.of(
                            "config-unreadable",
                            "The configuration file {0} cannot be read: {1}.",
                            file,
                            Phrase.Clause.of(e)),
                    Hint.plain("Check its permissions."),
                    e);
        }
        List<Message> wrong = new ArrayList<>();
        ConfigFile config;
        try {
            JsonElement json = JsonParser.parseString(text);
            config = json.isJsonObject() ? new Reader(json.getAsJsonObject(), wrong).read() : EMPTY;
            if (!json.isJsonObject()) {
                wrong.add(Message.of("config-no-object", "it is not a JSON object"));
            }
        } catch (JsonParseException e) {
            throw new FetchException.Usage(
                    Message.of(
                            "config-no-json", "The configuration file {0} is not valid JSON: {1}.", file, placeOf(e)),
                    Hint.plain("Mend it or remove it."),
                    e);
        }
        if (!wrong.isEmpty()) {
            throw new FetchException.Usage(
                    Message.of(
                            "config-unusable",
                            "The configuration file {0} cannot be used: {1}.",
                            file,
                            Phrase.Series.of(wrong)),
                    Hint.plain("Mend it or remove it."));
        }
        return config;
    }

    /** Gson's words are for programmers, and name the place last. */
    private static String placeOf(JsonParseException e) {
        String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return said.substring(said.lastIndexOf(" at line ") + 1);
    }

    /** Reads one object and collects what is wrong with it. */
    private record Reader(JsonObject json, List<Message> wrong) {

        ConfigFile read() {
            for (String key : json.keySet()) {
                if (!KEYS.contains(key)) {
                    wrong.add(Suggestion.forWord(key, KEYS)
                            .map(near -> Message.of(
                                    "config-key-but", "unknown key \"{0}\", did you mean \"{1}\"?", key, near))
                            .orElseGet(() -> Message.of("config-key", "unknown key \"{0}\"", key)));
                }
            }
            if (json.has("v")
                    && !(json.get("v").isJsonPrimitive()
                            && json.get("v").getAsString().equals("1"))) {
                wrong.add(Message.of("config-version", "\"v\" is not 1"));
            }
            return new ConfigFile(
                    texts("endpoints"),
                    texts("proxies"),
                    aliases(),
                    text("cacheDir"),
                    text("source"),
                    count("maxWorkers"),
                    count("connections"),
                    policy());
        }

        private @Nullable String text(String key) {
            JsonElement value = json.get(key);
            if (value == null
                    || (value.isJsonPrimitive() && value.getAsJsonPrimitive().isString())) {
                return value == null ? null : value.getAsString();
            }
            wrong.add(Message.of("config-no-text", "\"{0}\" is not a text", key));
            return null;
        }

        private @Nullable String policy() {
            String said = text("proxyPolicy");
            if (said != null
                    && Arrays.stream(ProxyPolicy.values())
                            .noneMatch(policy -> policy.word().equals(said))) {
                wrong.add(Message.of(
                        "config-policy", "\"proxyPolicy\" is none of direct-first, proxy-first, always and never"));
                return null;
            }
            return said;
        }

        private @Nullable Integer count(String key) {
            JsonElement value = json.get(key);
            if (value == null) {
                return null;
            }
            try {
                int number = value.getAsBigDecimal().intValueExact();
                if (number >= 1 && number <= 64) {
                    return number;
                }
            } catch (RuntimeException notANumber) {
                // Falls through to the same complaint.
            }
            wrong.add(Message.of("config-no-number", "\"{0}\" is not a number from 1 to 64", key));
            return null;
        }

        private Map<String, String> texts(String key) {
            JsonElement value = json.get(key);
            return value == null ? Map.of() : texts(key, value);
        }

        private Map<String, String> texts(String key, JsonElement value) {
            Map<String, String> entries = new LinkedHashMap<>();
            if (!value.isJsonObject()) {
                wrong.add(Message.of("config-not-an-object", "\"{0}\" is not an object", key));
                return entries;
            }
            value.getAsJsonObject().asMap().forEach((name, entry) -> {
                if (entry.isJsonPrimitive()) {
                    entries.put(name, entry.getAsString());
                } else {
                    wrong.add(Message.of("config-no-text", "\"{0}\" is not a text", key + "." + name));
                }
            });
            return entries;
        }

        private Map<String, Map<String, String>> aliases() {
            Map<String, Map<String, String>> all = new LinkedHashMap<>();
            JsonElement value = json.get("aliases");
            if (value != null && value.isJsonObject()) {
                value.getAsJsonObject()
                        .asMap()
                        .forEach((source, ids) -> all.put(source, texts("aliases." + source, ids)));
            } else if (value != null) {
                wrong.add(Message.of("config-not-an-object", "\"{0}\" is not an object", "aliases"));
            }
            return all;
        }
    }
}
