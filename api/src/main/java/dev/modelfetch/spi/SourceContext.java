package dev.modelfetch.spi;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import okhttp3.Call;
import okhttp3.HttpUrl;

/**
 * What the engine lends a source. Both call factories know the proxy routes, attach the source's token at its own
 * origin, and follow redirects there only: any other redirect comes back as the answer. Both have a deadline to the last
 * byte, cut long error bodies, and fail with {@link AnswerTooLong} while a success is read that has no end;
 * {@link CommonVerdicts#ofFailure} knows what these failures mean.
 *
 * <p>Made by the engine; by others, for tests of a source, with {@link #of}, which a new component does not break.
 *
 * @param id of the provider
 * @param endpoint base address in force. One of the web ends in a slash and may have a path prefix; one of another scheme
 *     is as it was given. The origin of such a source is {@code https} at the host it names, if it asks anything there
 * @param probes for {@link ModelSource#resolve}: short deadline, nothing is retried
 * @param calls for {@link ModelSource#list}: passing failures are retried, {@code Retry-After} is honoured
 * @param hasToken whether a token is configured for this source; the token itself stays with the engine
 * @param nearby whether the endpoint is inside the network of whoever runs this, as a caching proxy in an office is
 * @param aliases ids the user maps by hand: common spelling to this hub's spelling
 */
public record SourceContext(
        String id,
        URI endpoint,
        Call.Factory probes,
        Call.Factory calls,
        boolean hasToken,
        boolean nearby,
        Map<String, String> aliases) {

    public SourceContext {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(probes, "probes");
        Objects.requireNonNull(calls, "calls");
        aliases = Map.copyOf(aliases);
    }

    /**
     * For a test of a source: nearby, without a token or aliases.
     *
     * @param endpoint such as {@code http://localhost:8080/} or {@code file:///models}
     * @param calls for both kinds of questions, for instance an {@code OkHttpClient}
     */
    public static SourceContext of(String id, URI endpoint, Call.Factory calls) {
        return new SourceContext(id, endpoint, calls, calls, false, true, Map.of());
    }

    /** As {@link #of(String, URI, Call.Factory)}, for a source that asks nothing over HTTP. */
    public static SourceContext of(String id, URI endpoint) {
        return of(id, endpoint, request -> {
            throw new IllegalStateException("this context was made without calls, and is asked for "
                    + request.url().redact());
        });
    }

    /** The same, for a source that has been given a token. */
    public SourceContext withToken() {
        return new SourceContext(id, endpoint, probes, calls, true, nearby, aliases);
    }

    /** The same, whose endpoint is somewhere in the world. */
    public SourceContext farAway() {
        return new SourceContext(id, endpoint, probes, calls, hasToken, false, aliases);
    }

    /** The same with other aliases. */
    public SourceContext withAliases(Map<String, String> byHand) {
        return new SourceContext(id, endpoint, probes, calls, hasToken, nearby, byHand);
    }

    /**
     * The endpoint of a source that is asked over HTTP, with a trailing slash, so that relative paths can be resolved.
     *
     * @throws IllegalStateException if the endpoint is not one of the web
     */
    public HttpUrl url() {
        HttpUrl url = HttpUrl.get(endpoint);
        if (url == null) {
            throw new IllegalStateException("not an address of the web: " + endpoint);
        }
        return url;
    }
}
