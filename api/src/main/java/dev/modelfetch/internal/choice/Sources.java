package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Repo;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.SourceInfo;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.internal.net.Setting;
import dev.modelfetch.spi.ModelSourceProvider;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** All sources found, and which of them a job may ask. */
public final class Sources {

    private final Map<String, Opening> openings = new LinkedHashMap<>();
    private final Map<String, Source> byId = new LinkedHashMap<>();
    private final Map<String, Source> alone = new ConcurrentHashMap<>();
    /** What is wrong with the settings of some. */
    private final Map<String, FetchException.Usage> flaws = new LinkedHashMap<>();

    private final Settings settings;
    private final Providers providers;

    /** As {@link #Sources(Settings, HttpClients, Providers, Semaphore)}, with as many connections as sources tolerate. */
    public Sources(Settings settings, HttpClients clients, Providers providers) {
        this(settings, clients, providers, null);
    }

    /**
     * Opens them all. One that breaks while it is opened is left out, and does not take the others with it.
     *
     * @param connections for bytes over all of them; null for no limit
     * @throws FetchException.Usage if settings name a source that does not exist
     */
    public Sources(Settings settings, HttpClients clients, Providers providers, @Nullable Semaphore connections) {
        this.settings = settings;
        this.providers = providers;
        providers.checkNames(settings);
        Map<String, HttpUrl> endpoints = new LinkedHashMap<>();
        providers.all().forEach(provider -> endpoints.put(provider.id(), endpoint(provider)));
        List<Source> made = new ArrayList<>();
        for (ModelSourceProvider provider : providers.all()) {
            try {
                Opening opening = opening(provider, endpoints, clients, connections);
                made.add(opening.raced());
                openings.put(provider.id(), opening);
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

    private Opening opening(
            ModelSourceProvider provider,
            Map<String, HttpUrl> endpoints,
            HttpClients clients,
            @Nullable Semaphore connections) {
        String id = provider.id();
        HttpUrl endpoint = Objects.requireNonNull(endpoints.get(id));
        Set<HttpUrl> others = endpoints.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(id))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
        String route =
                usable(provider, () -> settings.routes().describe(id, endpoint)).orElse("unknown");
        return new Opening(provider, endpoint, others, token(provider), route, settings, clients, connections);
    }

    private @Nullable Secret token(ModelSourceProvider provider) {
        String id = provider.id();
        return Providers.configured(settings.transport().tokens(), provider)
                .map(token -> Secret.rotating(id, token))
                .or(() -> Providers.configured(settings.tokens(), provider)
                        .flatMap(setting -> usable(provider, () -> Secret.of(id, setting))))
                .orElse(null);
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

    /**
     * The sources a job may ask, in the order they are started.
     *
     * @throws FetchException.Usage if one does not exist or is set up wrongly, or none of them knows ids of the
     *     repository's family
     */
    public List<Source> allowed(FetchRequest request) {
        request.sourcesWithToken().forEach(this::named);
        Map<Source, Optional<Opening>> asked = new LinkedHashMap<>();
        for (Source source : fitting(request.source(), request.repo())) {
            Optional<Opening> own = token(request, source).map(opening(source)::with);
            asked.put(own.map(Opening::raced).orElse(source), own);
        }
        if (asked.size() > 1) {
            return List.copyOf(asked.keySet());
        }
        return asked.entrySet().stream()
                .map(only ->
                        only.getValue().map(own -> own.alone(only.getKey())).orElseGet(() -> alone(only.getKey())))
                .toList();
    }

    private static Optional<Secret> token(FetchRequest request, Source source) {
        return request.sourcesWithToken().stream()
                .filter(source::answersTo)
                .findFirst()
                .flatMap(request::token)
                .map(token -> Secret.of(source.id(), new Setting(token, "the token of the request")));
    }

    private Opening opening(Source source) {
        return Objects.requireNonNull(openings.get(source.id()), source.id());
    }

    /** With more patience, since it asks nobody else. */
    private Source alone(Source source) {
        return alone.computeIfAbsent(source.id(), any -> opening(source).alone(source));
    }

    /**
     * As {@link #allowed(FetchRequest)}, for whoever has no request.
     *
     * @throws FetchException.Usage as there
     */
    public List<Source> allowed(SourceChoice choice, Repo repo) {
        List<Source> fitting = fitting(choice, repo);
        return fitting.size() == 1 ? List.of(alone(fitting.get(0))) : fitting;
    }

    private List<Source> fitting(SourceChoice choice, Repo repo) {
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
        return fitting;
    }

    /** Lets go of answers that no job can want any more. */
    public void forget(long oldestBegunNanos) {
        byId.values().forEach(source -> source.forget(oldestBegunNanos));
        alone.values().forEach(source -> source.forget(oldestBegunNanos));
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
