package dev.modelfetch.spi;

import java.util.Map;
import okhttp3.Call;
import okhttp3.HttpUrl;

/**
 * What the engine lends a source. Both call factories know the proxy routes, attach the source's token at its own
 * origin, and follow redirects there only: any other redirect comes back as the answer. Both have a deadline to the last
 * byte, cut long error bodies, and fail with {@link AnswerTooLong} while a success is read that has no end;
 * {@link CommonVerdicts#ofFailure} knows what these failures mean.
 *
 * @param id of the provider
 * @param endpoint base address in force, with a trailing slash; may have a path prefix, so resolve relative paths
 * @param probes for {@link ModelSource#resolve}: short deadline, nothing is retried
 * @param calls for {@link ModelSource#list}: passing failures are retried, {@code Retry-After} is honoured
 * @param hasToken whether a token is configured for this source; the token itself stays with the engine
 * @param nearby whether the endpoint is inside the network of whoever runs this, as a caching proxy in an office is
 * @param aliases ids the user maps by hand: common spelling to this hub's spelling
 */
public record SourceContext(
        String id,
        HttpUrl endpoint,
        Call.Factory probes,
        Call.Factory calls,
        boolean hasToken,
        boolean nearby,
        Map<String, String> aliases) {

    public SourceContext {
        aliases = Map.copyOf(aliases);
    }
}
