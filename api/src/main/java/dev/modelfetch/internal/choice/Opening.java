package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.memory.SourceMemory;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.Line;
import dev.modelfetch.internal.net.PrivateHosts;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Makes one source out of its provider, with clients that show its token to nobody else. One that breaks stays, to say so
 * when it is asked.
 *
 * @param endpoint in force
 * @param others web endpoints of all other sources
 * @param token null for none
 * @param lines by which requests travel, in the order in which they are tried
 * @param threads for its code
 * @param program connections that the program wants in all; null for no limit
 * @param memory of all sources
 */
record Opening(
        Provider provider,
        URI endpoint,
        Set<HttpUrl> others,
        @Nullable Secret token,
        List<Line> lines,
        Settings settings,
        HttpClients clients,
        Executor threads,
        @Nullable Semaphore program,
        SourceMemory memory) {

    /** A hub does not care which part of a program asks: what it tolerates is for all jobs of the process. */
    private static final Map<String, Semaphore> PERMITS = new ConcurrentHashMap<>();

    /** With another token than the configured one. */
    Opening with(Secret other) {
        return new Opening(provider, endpoint, others, other, lines, settings, clients, threads, program, memory);
    }

    /** Where others answer as well: by each line, the first of which stands for all where one is named. */
    List<Source> raced() {
        List<Source> sources = new ArrayList<>();
        for (Line line : lines) {
            Source before = sources.isEmpty() ? null : sources.get(sources.size() - 1);
            sources.add(
                    line.role() == Line.Role.SPARE && before != null ? before.by(line, data(line, before)) : by(line));
        }
        return sources;
    }

    private Source by(Line line) {
        Secret secret = token;
        Source source = source(line);
        return secret == null
                ? source
                : source.with(
                        new TokenInPlay(secret, memory, once(() -> without().source(line))));
    }

    private Opening without() {
        return new Opening(provider, endpoint, others, null, lines, settings, clients, threads, program, memory);
    }

    private static Supplier<Source> once(Supplier<Source> making) {
        return new Supplier<>() {
            private @Nullable Source made;

            @Override
            public synchronized Source get() {
                Source source = made == null ? making.get() : made;
                made = source;
                return source;
            }
        };
    }

    private Source source(Line line) {
        Made made = make(line, clients.probes(line, Endpoints.web(endpoint), token));
        OkHttpClient data = data(line, made.profile());
        return new Source(
                made.source(),
                made.profile(),
                provider.names(),
                data,
                HttpClients.small(data),
                line,
                token == null ? null : token.from(),
                permits(made.profile()),
                threads,
                memory.of(Redact.url(endpoint), line.key()));
    }

    private OkHttpClient data(Line line, Source like) {
        return data(line, like.profile());
    }

    private OkHttpClient data(Line line, SourceProfile profile) {
        return clients.data(line, Endpoints.web(endpoint), token, others, profile.firstByte());
    }

    /** The same sources for a job that asks nobody else: with more patience for the first answer. */
    List<Source> alone(List<Source> raced) {
        List<Source> alone = new ArrayList<>();
        for (Source source : raced) {
            Line line = source.line();
            alone.add(
                    line.role() == Line.Role.SPARE && !alone.isEmpty()
                            ? alone.get(alone.size() - 1).by(line, source.data())
                            : source.asking(make(line, clients.probesAlone(line, Endpoints.web(endpoint), token))
                                    .source()));
        }
        return alone;
    }

    private Semaphore permits(SourceProfile profile) {
        int most = profile.maxConnections();
        Semaphore ofSource = PERMITS.computeIfAbsent(profile.endpoint() + " " + most, any -> new Semaphore(most, true));
        return program == null ? ofSource : new Permits(ofSource, program);
    }

    private record Made(ModelSource source, SourceProfile profile) {}

    private Made make(Line line, OkHttpClient probes) {
        HttpUrl web = Endpoints.web(endpoint);
        SourceContext context = new SourceContext(
                provider.id(),
                endpoint,
                probes,
                clients.calls(line, web, token),
                token != null,
                PrivateHosts.isPrivate(web.host()),
                provider.configured(settings.aliases()).orElse(Map.of()));
        try {
            return PluginCall.begin(
                            threads,
                            provider.code().getClass(),
                            "create",
                            Endpoints.name(endpoint),
                            () -> make(provider.code(), context))
                    .await(Limits.OPENING);
        } catch (SourceException e) {
            System.getLogger(Sources.class.getName())
                    .log(Level.WARNING, "the source " + provider.id() + " cannot be opened: " + e.getMessage());
            SourceProfile profile = SourceProfile.of(context);
            return new Made(new Unopened(profile, e), profile);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        }
    }

    private static Made make(ModelSourceProvider provider, SourceContext context) throws SourceException {
        ModelSource source = provider.create(context);
        if (source == null) {
            throw new SourceException(new Verdict.Broken("create returned null"));
        }
        SourceProfile profile = source.profile();
        if (profile == null) {
            throw new SourceException(new Verdict.Broken("profile returned null"));
        }
        if (!profile.id().equals(context.id())) {
            throw new SourceException(new Verdict.Broken(
                    "its profile has the id \"" + profile.id() + "\", its provider \"" + context.id() + "\""));
        }
        return new Made(source, profile);
    }

    /** In the place of one that broke before it could be asked anything. */
    private record Unopened(SourceProfile profile, SourceException why) implements ModelSource {
        @Override
        public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
            throw why;
        }

        @Override
        public Manifest list(Resolved resolved) throws SourceException {
            throw why;
        }
    }
}
