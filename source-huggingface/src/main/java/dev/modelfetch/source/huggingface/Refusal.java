package dev.modelfetch.source.huggingface;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.CommonVerdicts;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * An answer other than the one asked for, reduced to what its meaning depends on. Texts that were
 * not sent are empty.
 *
 * @param status HTTP status
 * @param host that answered
 * @param repo the repository in the address, with its type word in front unless it is a model
 * @param asked what the address names
 * @param code {@code X-Error-Code}
 * @param message the Hub's own words, from the header or the JSON body
 * @param text beginning of a body that is not the Hub's JSON
 * @param requestId for the operator of the host
 * @param hasToken whether a token was there to be sent
 */
public record Refusal(
        int status,
        String host,
        String repo,
        Verdict.What asked,
        String code,
        String message,
        String text,
        String requestId,
        boolean hasToken) {

    private static final int LONGEST_TEXT = 200;
    private static final Pattern MARKUP = Pattern.compile("\\s*<(!doctype|html)\\b", Pattern.CASE_INSENSITIVE);
    private static final Set<String> WORDS_BEFORE = Set.of("api", "resolve-cache", "models");
    private static final Set<String> WORDS_BEHIND = Set.of("revision", "tree", "paths-info", "resolve");

    /**
     * @param body as far as it was read
     * @param endpoint of the source that asked
     */
    static Refusal of(Response response, String body, Verdict.What asked, HttpUrl endpoint, boolean hasToken) {
        HttpUrl url = response.request().url();
        String said = messageIn(body);
        String message = header(response, "X-Error-Message");
        return new Refusal(
                response.code(),
                url.host(),
                repoIn(url, endpoint),
                asked,
                header(response, "X-Error-Code"),
                message.isEmpty() ? said : message,
                said.isEmpty() && !isPage(response, body) ? clean(body) : "",
                header(response, "X-Request-Id"),
                hasToken);
    }

    /** Whether the Hub has withdrawn the repository; recognised by its words alone. */
    public boolean disabled() {
        return status == 403 && says("Access to this resource is disabled");
    }

    /** Whether the Hub's words, however they were sent, contain these. */
    public boolean says(String words) {
        return message.contains(words) || text.contains(words);
    }

    /** What was said, or the bare status, for a message to people; names the request where its number is known. */
    public String words() {
        String said = message.isEmpty() ? text : message;
        String line = "HTTP " + status + " from " + host + (said.isEmpty() ? "" : ": " + withoutStop(said));
        return requestId.isEmpty() ? line : line + " (request " + requestId + ")";
    }

    /** Markup says nothing to people. */
    private static boolean isPage(Response response, String body) {
        return CommonVerdicts.isWebPage(response) || MARKUP.matcher(body).lookingAt();
    }

    private static String withoutStop(String said) {
        return said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
    }

    private static String header(Response response, String name) {
        String value = response.header(name);
        return value == null ? "" : clean(value);
    }

    /** Every shape the Hub is known to use: a text, a list of texts, or a list of objects. */
    private static String messageIn(String body) {
        try {
            if (JsonParser.parseString(body) instanceof JsonObject answer) {
                for (String key : List.of("error_description", "error", "errors", "message")) {
                    String text = textOf(answer.get(key));
                    if (!text.isEmpty()) {
                        return clean(text);
                    }
                }
            }
            return "";
        } catch (JsonParseException notJson) {
            return "";
        }
    }

    private static String textOf(@Nullable JsonElement value) {
        if (value == null) {
            return "";
        }
        if (value.isJsonArray()) {
            return value.getAsJsonArray().isEmpty()
                    ? ""
                    : textOf(value.getAsJsonArray().get(0));
        }
        if (value.isJsonObject()) {
            return textOf(value.getAsJsonObject().get("message"));
        }
        return value.isJsonPrimitive() ? value.getAsString() : "";
    }

    /** One line, no control characters, of bearable length: it may end up on a terminal. */
    static String clean(String text) {
        String line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) + "…" : line;
    }

    /** The id behind the endpoint's prefix, the API words and the type. */
    private static String repoIn(HttpUrl url, HttpUrl endpoint) {
        int prefix = endpoint.pathSegments().size() - 1;
        List<String> words = url.pathSegments().stream()
                .skip(prefix)
                .dropWhile(WORDS_BEFORE::contains)
                .takeWhile(word -> !WORDS_BEHIND.contains(word))
                .toList();
        boolean typed = !words.isEmpty()
                && (words.get(0).equals("datasets") || words.get(0).equals("spaces"));
        return words.stream().limit(typed ? 3 : 2).collect(Collectors.joining("/"));
    }
}
