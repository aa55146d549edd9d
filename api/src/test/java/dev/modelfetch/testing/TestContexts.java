package dev.modelfetch.testing;

import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.Routes;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.spi.SourceContext;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** What the engine would hand a source, for tests of that source alone. */
public final class TestContexts {

    private TestContexts() {}

    /** @param token null for none */
    public static SourceContext of(String id, String endpoint, @Nullable String token) {
        return of(id, endpoint, token, Map.of());
    }

    /** As {@link #of(String, String, String)} with aliases the user has set. */
    public static SourceContext of(String id, String endpoint, @Nullable String token, Map<String, String> aliases) {
        HttpUrl url = Endpoints.parse("endpoint", endpoint);
        Secret secret = token == null ? null : new Secret(token);
        HttpClients clients = new HttpClients("test", new Routes(Map.of(), Map.of()), HttpClients.Timeouts.DEFAULT);
        return new SourceContext(
                id, url, clients.probes(id, url, secret), clients.calls(id, url, secret), token != null, aliases);
    }
}
