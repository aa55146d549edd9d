package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.SourceInfo;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.PrivateHosts;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.internal.net.Setting;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** All sources found, and which of them a job may ask. */
public final class Sources implements AutoCloseable {

    /** A hub does not care which part of a program asks: what it tolerates is for all jobs of the process. */
    private static final Map<String, Semaphore> PERMITS = new ConcurrentHashMap<>();

    private final Map<String, Source> byId = new LinkedHashMap<>();
    private final Map<String, Supplier<Made>> unraced = new LinkedHashMap<>();
    private final Map<String, Source> alone = new ConcurrentHashMap<>();
    /** What is wrong with the settings of some. */
    private final Map<String, FetchException.Usage> flaws = new LinkedHashMap<>();

    private final Settings settings;
    private final Providers providers;
    private final ExecutorService threads = Threads.perTask("source");

    /**
     * Opens them all. One that breaks while it is opened stays, to say so when it is asked.
     *
     * @throws FetchException.Usage if settings name a source that does not exist
     */
    public Sources(Settings settings, HttpClients clients, Providers providers) {
        this.settings = settings;
        this.providers = providers;
        providers.checkNames(settings);
        Map<String, URI> endpoints = new LinkedHashMap<>();
        providers.all().forEach(provider -> endpoints.put(provider.id(), endpoint(provider)));
        List<Source> made = new ArrayList<>();
        for (Provider provider : providers.all()) {
            made.add(open(provider, endpoints, clients));
        }
        made.sort(startOrder(settings.chinaFirst()));
        made.forEach(source -> byId.put(source.id(), source));
    }

    /** Its own where a setting cannot be used, of which whoever asks this source will hear. */
    private URI endpoint(Provider provider) {
        Setting usual = new Setting(provider.endpoint(), "The endpoint of " + provider.id());
        return provider.configured(settings.endpoints())
                .flatMap(setting -> usable(provider, () -> Endpoints.parse(setting, provider.endpoint())))
                .orElseGet(() -> Endpoints.parse(usual, provider.endpoint()));
    }

    /** What a setting says; empty if it cannot be used. */
    private <T> Optional<T> usable(Provider provider, Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (FetchException.Usage e) {
            flaws.putIfAbsent(provider.id(), e);
            return Optional.empty();
        }
    }

    private Source open(Provider provider, Map<String, URI> endpoints, HttpClients clients) {
        String id = provider.id();
        URI endpoint = Objects.requireNonNull(endpoints.get(id));
        HttpUrl web = Endpoints.web(endpoint);
        Secret token = provider.configured(settings.tokens())
                .flatMap(setting -> usable(provider, () -> Secret.of(id, setting)))
                .orElse(null);
        String route = Endpoints.isWeb(endpoint)
                ? usable(provider, () -> settings.routes().describe(id, web)).orElse("unknown")
                : "direct";
        Set<HttpUrl> others = endpoints.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(id) && Endpoints.isWeb(entry.getValue()))
                .map(entry -> Endpoints.web(entry.getValue()))
                .filter(other -> !Endpoints.sameOrigin(other, web))
                .collect(Collectors.toSet());
        Function<OkHttpClient, Made> asking = probes -> make(
                provider,
                new SourceContext(
                        id,
                        endpoint,
                        probes,
                        clients.calls(id, web, token),
                        token != null,
                        PrivateHosts.isPrivate(web.host()),
                        provider.configured(settings.aliases()).orElse(Map.of())));
        unraced.put(id, () -> asking.apply(clients.probesAlone(id, web, token)));
        Made made = asking.apply(clients.probes(id, web, token));
        OkHttpClient data = clients.data(id, web, token, others, made.profile().firstByte());
        return new Source(
                made.source(),
                made.profile(),
                provider.names(),
                data,
                HttpClients.small(data),
                route,
                token == null ? null : token.from(),
                permits(made.profile()),
                threads);
    }

    private record Made(ModelSource source, SourceProfile profile) {}

    private Made make(Provider provider, SourceContext context) {
        try {
            return PluginCall.begin(
                            threads,
                            provider.code().getClass(),
                            "create",
                            Endpoints.name(context.endpoint()),
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

    /** Lets go of what the sources hold, and waits for that within reason. */
    @Override
    public void close() {
        if (threads.isShutdown()) {
            return;
        }
        CompletableFuture<?>[] closed = Stream.concat(byId.values().stream(), alone.values().stream())
                .map(source -> source.call("close", () -> {
                            source.backend().close();
                            return source;
                        })
                        .within(Limits.FAREWELL)
                        .exceptionally(failure -> source))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(closed).join();
        threads.shutdown();
    }

    private static Semaphore permits(SourceProfile profile) {
        int most = profile.maxConnections();
        return PERMITS.computeIfAbsent(profile.endpoint() + " " + most, any -> new Semaphore(most, true));
    }

    /** The same source for a job that asks nobody else: with more patience for its first answer. */
    private Source alone(Source source) {
        return alone.computeIfAbsent(
                source.id(),
                id -> new Source(
                        Objects.requireNonNull(unraced.get(id), id).get().source(),
                        source.profile(),
                        source.names(),
                        source.data(),
                        source.small(),
                        source.route(),
                        source.tokenFrom(),
                        source.permits(),
                        threads));
    }

    /**
     * The sources a job may ask, in the order they are started.
     *
     * @throws FetchException.Usage if one does not exist or is set up wrongly, or none of them knows ids of the
     *     repository's family
     */
    public List<Source> allowed(SourceChoice choice, Repo repo) {
        List<Source> chosen = choice instanceof SourceChoice.Only only
                ? only.sources().stream().map(this::named).distinct().toList()
                : byId.values().stream()
                        .filter(source -> !settings.notRaced().contains(source.id()))
                        .toList();
        List<Source> fitting = chosen.stream()
                .filter(source -> repo.family() == null
                        || repo.family().equals(source.profile().family()))
                .toList();
        if (fitting.isEmpty()) {
            throw new FetchException.Usage(
                    repo.family() == null
                            ? "No source is available."
                            : "The address names an id of " + repo.family() + ", which "
                                    + chosen.stream().map(Source::id).collect(Collectors.joining(", "))
                                    + " cannot look up.",
                    "Leave out --source, or write the id as owner/name.");
        }
        for (Source source : fitting) {
            FetchException.Usage flaw = flaws.get(source.id());
            if (flaw != null) {
                throw new FetchException.Usage(String.valueOf(flaw.getMessage()), flaw.hint(), flaw);
            }
        }
        return fitting.size() == 1 ? List.of(alone(fitting.get(0))) : fitting;
    }

    public List<SourceInfo> infos() {
        return byId.values().stream()
                .map(source -> new SourceInfo(
                        source.id(),
                        source.names(),
                        Redact.url(source.profile().endpoint()),
                        source.route(),
                        source.hasToken()))
                .toList();
    }

    private Source named(String name) {
        return byId.values().stream()
                .filter(source -> source.answersTo(name))
                .findFirst()
                .orElseThrow(() -> providers.unknown(name));
    }

    /** The origin first, or in mainland China what is near (mirrors.md 5.9, step 0); orders the start, excludes nobody. */
    private static Comparator<Source> startOrder(boolean chinaFirst) {
        List<Trust> order = chinaFirst
                ? List.of(Trust.INDEPENDENT, Trust.MIRROR, Trust.ORIGIN)
                : List.of(Trust.ORIGIN, Trust.MIRROR, Trust.INDEPENDENT);
        return Comparator.comparingInt(source -> order.indexOf(source.profile().trust()));
    }
}
