package dev.modelfetch.testing.hub;

import java.net.URLDecoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked.
 *
 * @param method GET, HEAD or POST
 * @param target path and query
 * @param headers names in any case
 * @param body of a POST, as text
 */
public record Request(String method, Target target, HttpHeaders headers, String body) {

    /** A header's first value. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** The token of an {@code Authorization: Bearer} header. */
    @Nullable
    String bearer() {
        return header("Authorization")
                .filter(value -> value.startsWith("Bearer "))
                .map(value -> value.substring("Bearer ".length()))
                .orElse(null);
    }

    Request withTarget(Target other) {
        return new Request(method, other, headers, body);
    }

    /** Whether the decoded address contains this text. */
    boolean mentions(String text) {
        return target.from(0).contains(text)
                || target.raw().contains(text)
                || URLDecoder.decode(target.raw(), StandardCharsets.UTF_8).contains(text);
    }
}
