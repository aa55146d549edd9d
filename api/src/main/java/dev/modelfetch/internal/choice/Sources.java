package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Repo;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.SourceInfo;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.PrivateHosts;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.internal.net.Setting;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** All sources found, and which of them a job may ask. */
public final class Sources {

    /** A hub does not care which part of a program asks: what it tolerates is for all jobs of the process. */
    private static final Map<String, Semaphore> PERMITS = new ConcurrentHashMap<>();

    private final Map<String, Source> byId = new LinkedHashMap<>();
    private final Map<String, Supplier<ModelSource>> unraced = new LinkedHashMap<>();
    private final Map<String, Source> alone = new ConcurrentHashMap<>();
    /** What is wrong with the settings of some. */
    private final Map<String, FetchException.Usage> flaws = new LinkedHashMap<>();

    private final Settings settings;
    private final Providers providers;

    /**
     * Opens them all. One that breaks while it is opened is left out, and does not take the others with it.
     *
     * @throws FetchException.Usage if settings name a source that does not exist
     */
    public Sources(Settings settings, HttpClients clients, Providers providers) {
        this.settings = settings;
        this.providers = providers;
        providers.checkNames(settings);
        Map<String, HttpUrl> endpoints = new LinkedHashMap<>();
        providers.all().forEach(provider -> endpoints.put(provider.id(), endpoint(provider)));
        List<Source> made = new ArrayList<>();
        for (ModelSourceProvider provider : providers.all()) {
            try {
                made.add(open(provider, endpoints, clients));
            } catch (FetchException.Usage e) {
                throw e;
            } catch (RuntimeException | Error e) {
                System.getLogger(Sources.class.getName())
                        .log(Level.WARNING, "the source " + provider.id() + " cannot be opened: " + e);
            }
        }
        made.sort(startOrder(settings.chinaFirst()));
        made.forEach(source -> byId.put(source.id(), source));
    }

    /** Its own where a setting cannot be used, of which whoever asks this source will hear. */
    private HttpUrl endpoint(ModelSourceProvider provider) {
        Setting usual = new Setting(provider.defaultEndpoint(), "The endpoint of " + provider.id());
        Optional<Setting> configured = Providers.configured(settings.endpoints(), provider);
        return configured
                .flatMap(setting -> usable(provider, () -> Endpoints.parse(setting)))
                .orElseGet(() -> Endpoints.parse(usual));
    }

    /** What a setting says; empty if it cannot be used. */
    private <T> Optional<T> usable(ModelSourceProvider provider, Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (FetchException.Usage e) {
            flaws.putIfAbsent(provider.id(), e);
            return Optional.empty();
        }
    }

    private Source open(ModelSourceProvider provider, Map<String, HttpUrl> endpoints, HttpClients clients) {
        String id = provider.id();
        HttpUrl endpoint = Objects.requireNonNull(endpoints.get(id));
        Secret token = Providers.configured(settings.tokens(), provider)
                .flatMap(setting -> usable(provider, () -> Secret.of(id, setting)))
                .orElse(null);
        String route =
                usable(provider, () -> settings.routes().describe(id, endpoint)).orElse("unknown");
        Set<HttpUrl> others = endpoints.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(id) && !Endpoints.sameOrigin(entry.getValue(), endpoint))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
        Function<OkHttpClient, ModelSource> asking = probes -> provider.create(new SourceContext(
                id,
                endpoint,
                probes,
                clients.calls(id, endpoint, token),
                token != null,
                PrivateHosts.isPrivate(endpoint.host()),
                Providers.configured(settings.aliases(), provider).orElse(Map.of())));
        unraced.put(id, () -> asking.apply(clients.probesAlone(id, endpoint, token)));
        ModelSource source = asking.apply(clients.probes(id, endpoint, token));
        SourceProfile profile = source.profile();
        OkHttpClient data = clients.data(id, endpoint, token, others, profile.firstByte());
        return new Source(
                source,
                profile,
                Set.copyOf(provider.names()),
                data,
                HttpClients.small(data),
                route,
                token == null ? null : token.from(),
                permits(profile));
    }

    private static Semaphore permits(SourceProfile profile) {
        int most = Math.max(1, profile.maxConnections());
        return PERMITS.computeIfAbsent(profile.endpoint() + " " + most, any -> new Semaphore(most, true));
    }

    /** The same source for a job that asks nobody else: with more patience for its first answer. */
    private Source alone(Source source) {
        return alone.computeIfAbsent(
                source.id(),
                id -> new Source(
                        Objects.requireNonNull(unraced.get(id), id).get(),
                        source.profile(),
                        source.names(),
                        source.data(),
                        source.small(),
                        source.route(),
                        source.tokenFrom(),
                        source.permits()));
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
