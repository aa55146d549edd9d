package dev.modelfetch.internal.choice;

import dev.modelfetch.Alias;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.SourceInfo;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.memory.SourceMemory;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.Line;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.internal.net.Setting;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.spi.KnownAs;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** All sources found, and which of them a job may ask. */
public final class Sources implements AutoCloseable {

    private final Map<String, Opening> openings = new LinkedHashMap<>();
    /** Each by the line that is tried first. */
    private final Map<String, Source> byId = new LinkedHashMap<>();
    /** Each by all its lines. */
    private final Map<String, List<Source>> byLines = new LinkedHashMap<>();

    private final Map<String, List<Source>> alone = new ConcurrentHashMap<>();
    /** What is wrong with the settings of some. */
    private final Map<String, FetchException.Usage> flaws = new LinkedHashMap<>();
    /** What is wrong with the tokens of some. */
    private final Map<String, FetchException.Usage> badTokens = new LinkedHashMap<>();

    private final Settings settings;
    private final SourceMemory memory;
    private final Providers providers;
    private final ExecutorService threads = Threads.OWN.perTask("source");

    /** As the other, with as many connections as sources tolerate, and without a memory. */
    public Sources(Settings settings, HttpClients clients, Providers providers) {
        this(settings, clients, providers, null, SourceMemory.NONE);
    }

    /**
     * Opens them all. One that breaks while it is opened stays, to say so when it is asked.
     *
     * @param connections for bytes over all of them; null for no limit
     * @param memory of earlier jobs
     * @throws FetchException.Usage if settings name a source that does not exist
     */
    public Sources(
            Settings settings,
            HttpClients clients,
            Providers providers,
            @Nullable Semaphore connections,
            SourceMemory memory) {
        this.memory = memory;
        this.settings = settings;
        this.providers = providers;
        providers.checkNames(settings);
        Map<String, URI> endpoints = new LinkedHashMap<>();
        providers.all().forEach(provider -> endpoints.put(provider.id(), endpoint(provider)));
        List<Source> made = new ArrayList<>();
        for (Provider provider : providers.all()) {
            Opening opening = opening(provider, endpoints, clients, connections);
            openings.put(provider.id(), opening);
            List<Source> lines = opening.raced();
            byLines.put(provider.id(), lines);
            made.add(lines.get(0));
        }
        made.sort(startOrder(settings.chinaFirst()));
        made.forEach(source -> byId.put(source.id(), source));
    }

    private Opening opening(
            Provider provider, Map<String, URI> endpoints, HttpClients clients, @Nullable Semaphore connections) {
        String id = provider.id();
        URI endpoint = Objects.requireNonNull(endpoints.get(id));
        HttpUrl web = Endpoints.web(endpoint);
        Set<HttpUrl> others = endpoints.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(id) && Endpoints.isWeb(entry.getValue()))
                .map(entry -> Endpoints.web(entry.getValue()))
                .filter(other -> !Endpoints.sameOrigin(other, web))
                .collect(Collectors.toSet());
        List<Line> lines = Endpoints.isWeb(endpoint)
                ? usable(provider, () -> settings.routes().lines(id, web))
                        .orElseGet(() -> List.of(settings.routes().asSet(id, web)))
                : List.of(settings.routes().none(id));
        return new Opening(
                provider,
                endpoint,
                others,
                token(provider, endpoint),
                lines,
                settings,
                clients,
                threads,
                connections,
                memory);
    }

    private @Nullable Secret token(Provider provider, URI endpoint) {
        String id = provider.id();
        return provider.configured(settings.transport().tokens())
                .map(token -> Secret.rotating(id, token))
                .or(() -> provider.configured(settings.tokens())
                        .or(() -> stored(id, endpoint))
                        .flatMap(setting -> usable(provider, badTokens, () -> Secret.of(id, setting))))
                .orElse(null);
    }

    /** The one that was kept for that endpoint; that of the Hub is among the settings. */
    private Optional<Setting> stored(String id, URI endpoint) {
        Settings.StoredTokens stored = settings.stored();
        if (stored == null
                || id.equals(SourceProfile.HUB)
                || stored.offBy().apply(id).isPresent()) {
            return Optional.empty();
        }
        try {
            return stored.of().apply(id).read(endpoint);
        } catch (IOException e) {
            // Means going without, as everywhere.
            return Optional.empty();
        }
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
        return usable(provider, flaws, reading);
    }

    private static <T> Optional<T> usable(
            Provider provider, Map<String, FetchException.Usage> complaints, Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (FetchException.Usage e) {
            complaints.putIfAbsent(provider.id(), e);
            return Optional.empty();
        }
    }

    /** Lets go of what the sources hold, and waits for that within reason. */
    @Override
    public void close() {
        if (threads.isShutdown()) {
            return;
        }
        // Lines share the code that asks.
        IdentityHashMap<ModelSource, Source> backends = new IdentityHashMap<>();
        Stream.concat(byLines.values().stream(), alone.values().stream())
                .flatMap(List::stream)
                .forEach(source -> backends.putIfAbsent(source.backend(), source));
        CompletableFuture<?>[] closed = backends.values().stream()
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

    /**
     * The sources a job may ask, in the order they are started.
     *
     * @throws FetchException.Usage if one does not exist or is set up wrongly, or none of them knows ids of the
     *     repository's family
     */
    public List<Source> allowed(FetchRequest request) {
        request.sourcesWithToken().forEach(this::named);
        List<Source> fitting = fitting(request.source(), request.repo());
        List<Source> asked = new ArrayList<>();
        for (Source source : fitting) {
            Optional<Opening> own = token(request, source).map(opening(source)::with);
            List<Source> lines = own.map(Opening::raced).orElseGet(() -> byLines(source));
            asked.addAll(
                    fitting.size() > 1
                            ? lines
                            : own.map(opening -> opening.alone(lines)).orElseGet(() -> alone(source)));
        }
        return asked;
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
    private List<Source> alone(Source source) {
        return alone.computeIfAbsent(source.id(), any -> opening(source).alone(byLines(source)));
    }

    private List<Source> byLines(Source source) {
        return Objects.requireNonNull(byLines.get(source.id()), source.id());
    }

    /**
     * As {@link #allowed(FetchRequest)}, for whoever has no request.
     *
     * @throws FetchException.Usage as there
     */
    public List<Source> allowed(SourceChoice choice, Repo repo) {
        List<Source> fitting = fitting(choice, repo);
        return fitting.size() == 1
                ? alone(fitting.get(0))
                : fitting.stream().flatMap(source -> byLines(source).stream()).toList();
    }

    /**
     * Those that are meant, each by every line that would be asked, in the order they are started, whatever is wrong with
     * their settings.
     *
     * @throws FetchException.Usage if one does not exist
     */
    public List<Source> examined(SourceChoice choice) {
        return chosen(choice).stream()
                .flatMap(source -> byLines(source).stream())
                .filter(source -> source.line().role() != Line.Role.SPARE)
                .toList();
    }

    private List<Source> chosen(SourceChoice choice) {
        return choice instanceof SourceChoice.Only only
                ? only.sources().stream().map(this::named).distinct().toList()
                : byId.values().stream()
                        .filter(source -> !settings.notRaced().contains(source.id()))
                        .toList();
    }

    /** What is wrong with the settings of one; empty if they can be used. */
    public Optional<FetchException.Usage> flaw(Source source) {
        return Optional.ofNullable(flaws.getOrDefault(source.id(), badTokens.get(source.id())));
    }

    /**
     * One source by the lines that lead to it, for a question about its token, whether or not it has one.
     *
     * @throws FetchException.Usage if it does not exist or is set up wrongly
     */
    public List<Source> withToken(String name) {
        Source source = named(name);
        flaw(source).ifPresent(Sources::raise);
        return asked(alone(source));
    }

    /**
     * The same with that token in place of its own, whatever is wrong with that.
     *
     * @throws FetchException.Usage as there
     */
    public List<Source> withToken(String name, Secret token) {
        Source source = named(name);
        Optional.ofNullable(flaws.get(source.id())).ifPresent(Sources::raise);
        Opening opening = opening(source).with(token);
        return asked(opening.alone(opening.raced()));
    }

    private static List<Source> asked(List<Source> lines) {
        return lines.stream()
                .filter(source -> source.line().role() != Line.Role.SPARE)
                .toList();
    }

    /**
     * What a source is called in settings, by whichever name.
     *
     * @throws FetchException.Usage if it does not exist
     */
    public String idOf(String name) {
        return named(name).id();
    }

    /** The address in force. */
    public URI endpoint(String id) {
        return named(id).profile().endpoint();
    }

    /** Where users of a source make tokens; empty if it does not say, or its code breaks. */
    public Optional<URI> tokenPage(String id) {
        try {
            return named(id).backend().tokenPage();
        } catch (RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    private List<Source> fitting(SourceChoice choice, Repo repo) {
        List<Source> chosen = chosen(choice);
        List<Source> fitting = chosen.stream()
                .filter(source -> repo.family() == null
                        || repo.family().equals(source.profile().family()))
                .toList();
        if (fitting.isEmpty()) {
            throw new FetchException.Usage(
                    repo.family() == null
                            ? Message.plain("No source is available.")
                            : Message.of(
                                    "foreign-id",
                                    "The address names an id of {0}, which {1} cannot look up.",
                                    repo.family(),
                                    chosen.stream().map(Source::id).collect(Collectors.joining(", "))),
                    Hint.of("plain-id", "Allow every source, or write the id as owner/name."));
        }
        for (Source source : fitting) {
            flaw(source).ifPresent(Sources::raise);
        }
        return fitting;
    }

    private static void raise(FetchException.Usage flaw) {
        FetchException.Usage usage =
                new FetchException.Usage(flaw.message(), flaw.hints().toArray(new Hint[0]));
        usage.addSuppressed(flaw);
        throw usage;
    }

    /** Those that {@code auto} does not ask, with the reason. */
    public List<Probe> leftOut() {
        return byId.values().stream()
                .filter(source -> settings.notRaced().contains(source.id()))
                .map(source -> new Probe(
                        source.id(),
                        Redact.url(source.profile().endpoint()),
                        source.route(),
                        new Verdict.NotAsked("HF_ENDPOINT names another hub"),
                        0))
                .toList();
    }

    /** Lets go of answers that no job can want any more. */
    public void forget(long oldestBegunNanos) {
        Stream.concat(byLines.values().stream(), alone.values().stream())
                .flatMap(List::stream)
                .forEach(source -> source.forget(oldestBegunNanos));
    }

    /** What repositories are called at each of them; one whose code breaks has nothing to say. */
    public List<Alias> aliases(Optional<Repo> repo) {
        List<Alias> all = new ArrayList<>();
        for (Source source : byId.values()) {
            try {
                for (KnownAs known : source.backend().names(repo)) {
                    all.add(new Alias(known.repo(), source.id(), known.id(), known.because()));
                }
            } catch (RuntimeException | LinkageError e) {
                System.getLogger(Sources.class.getName())
                        .log(Level.WARNING, "the source " + source.id() + " cannot say what it calls repositories", e);
            }
        }
        return all;
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
