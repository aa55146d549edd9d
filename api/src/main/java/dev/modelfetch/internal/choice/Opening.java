package dev.modelfetch.internal.choice;

import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.PrivateHosts;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceProfile;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Makes one source out of its provider, with clients that show its token to nobody else.
 *
 * @param endpoint in force
 * @param others endpoints of all other sources
 * @param token null for none
 * @param route how requests to the endpoint travel
 * @param program connections that the program wants in all
 */
record Opening(
        ModelSourceProvider provider,
        HttpUrl endpoint,
        Set<HttpUrl> others,
        @Nullable Secret token,
        String route,
        Settings settings,
        HttpClients clients,
        @Nullable Semaphore program) {

    /** A hub does not care which part of a program asks: what it tolerates is for all jobs of the process. */
    private static final Map<String, Semaphore> PERMITS = new ConcurrentHashMap<>();

    Opening {
        others = others.stream()
                .filter(other -> !Endpoints.sameOrigin(other, endpoint))
                .collect(Collectors.toSet());
    }

    /** With another token than the configured one. */
    Opening with(Secret other) {
        return new Opening(provider, endpoint, others, other, route, settings, clients, program);
    }

    /** Where others answer as well. */
    Source raced() {
        ModelSource backend = backend(clients.probes(provider.id(), endpoint, token));
        SourceProfile profile = backend.profile();
        OkHttpClient data = clients.data(provider.id(), endpoint, token, others, profile.firstByte());
        return new Source(
                backend,
                profile,
                Set.copyOf(provider.names()),
                data,
                HttpClients.small(data),
                route,
                token == null ? null : token.from(),
                permits(profile));
    }

    /** The same source for a job that asks nobody else: with more patience for its first answer. */
    Source alone(Source raced) {
        return new Source(
                backend(clients.probesAlone(provider.id(), endpoint, token)),
                raced.profile(),
                raced.names(),
                raced.data(),
                raced.small(),
                raced.route(),
                raced.tokenFrom(),
                raced.permits());
    }

    private ModelSource backend(OkHttpClient probes) {
        return provider.create(new SourceContext(
                provider.id(),
                endpoint,
                probes,
                clients.calls(provider.id(), endpoint, token),
                token != null,
                PrivateHosts.isPrivate(endpoint.host()),
                Providers.configured(settings.aliases(), provider).orElse(Map.of())));
    }

    private Semaphore permits(SourceProfile profile) {
        int most = Math.max(1, profile.maxConnections());
        Semaphore ofSource = PERMITS.computeIfAbsent(profile.endpoint() + " " + most, any -> new Semaphore(most, true));
        return program == null ? ofSource : new Permits(ofSource, program);
    }
}
