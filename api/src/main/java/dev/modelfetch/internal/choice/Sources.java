package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Repo;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.SourceInfo;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.config.Suggestion;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** All sources found, and which of them a job may ask. */
public final class Sources {

    private final Map<String, Source> hubs = new LinkedHashMap<>();
    private final Settings settings;

    /**
     * Finds and opens them all.
     *
     * @param context where to look for providers beside our own class path
     * @throws FetchException.Usage if settings name a source that does not exist, or two providers share an id
     */
    public Sources(Settings settings, HttpClients clients, @Nullable ClassLoader context) {
        this.settings = settings;
        Map<String, ModelSourceProvider> providers = unique(found(settings, context));
        Map<String, HttpUrl> endpoints = new LinkedHashMap<>();
        providers.forEach((id, provider) -> endpoints.put(
                id,
                Endpoints.parse(
                        "The endpoint of " + id,
                        configured(settings.endpoints(), provider).orElseGet(provider::defaultEndpoint))));
        List<String> known = providers.values().stream()
                .flatMap(provider -> names(provider).stream())
                .toList();
        for (Map<String, ?> setting : List.of(settings.endpoints(), settings.tokens(), settings.aliases())) {
            setting.keySet().forEach(name -> requireKnown(name, known));
        }
        // Routes are looked up for every request, by id alone.
        settings.routes().sources().forEach(name -> requireKnown(name, providers.keySet()));
        List<Source> made = new ArrayList<>();
        providers.forEach((id, provider) -> made.add(open(provider, endpoints, clients)));
        made.sort(startOrder(settings.chinaFirst()));
        made.forEach(hub -> hubs.put(hub.id(), hub));
    }

    private Source open(ModelSourceProvider provider, Map<String, HttpUrl> endpoints, HttpClients clients) {
        String id = provider.id();
        HttpUrl endpoint = java.util.Objects.requireNonNull(endpoints.get(id));
        Secret token = configured(settings.tokens(), provider).orElse(null);
        Set<HttpUrl> others = endpoints.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(id) && !Endpoints.sameOrigin(entry.getValue(), endpoint))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
        ModelSource source = provider.create(new SourceContext(
                id,
                endpoint,
                clients.probes(id, endpoint, token),
                clients.calls(id, endpoint, token),
                token != null,
                configured(settings.aliases(), provider).orElse(Map.of())));
        SourceProfile profile = source.profile();
        OkHttpClient data = clients.data(id, endpoint, token, others, profile.firstByte());
        return new Source(
                source,
                profile,
                Set.copyOf(provider.names()),
                data,
                HttpClients.small(data),
                settings.routes().describe(id, endpoint),
                token != null,
                new Semaphore(Math.max(1, profile.maxConnections()), true));
    }

    /**
     * The sources a job may ask, in the order they are started.
     *
     * @throws FetchException.Usage if one does not exist, or none of them knows ids of the repository's family
     */
    public List<Source> allowed(SourceChoice choice, Repo repo) {
        List<Source> chosen = choice instanceof SourceChoice.Only only
                ? only.sources().stream().map(this::named).distinct().toList()
                : hubs.values().stream()
                        .filter(hub -> !settings.notRaced().contains(hub.id()))
                        .toList();
        List<Source> fitting = chosen.stream()
                .filter(hub -> repo.family() == null
                        || repo.family().equals(hub.profile().family()))
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
        return fitting;
    }

    public List<SourceInfo> infos() {
        return hubs.values().stream()
                .map(hub -> new SourceInfo(
                        hub.id(), hub.names(), Redact.url(hub.profile().endpoint()), hub.route(), hub.hasToken()))
                .toList();
    }

    private Source named(String name) {
        return hubs.values().stream()
                .filter(hub -> hub.answersTo(name))
                .findFirst()
                .orElseThrow(() -> unknown(name, hubs.keySet()));
    }

    /** The origin first, or in mainland China what is near (mirrors.md 5.9, step 0); orders the start, excludes nobody. */
    private static Comparator<Source> startOrder(boolean chinaFirst) {
        List<Trust> order = chinaFirst
                ? List.of(Trust.INDEPENDENT, Trust.MIRROR, Trust.ORIGIN)
                : List.of(Trust.ORIGIN, Trust.MIRROR, Trust.INDEPENDENT);
        return Comparator.comparingInt(hub -> order.indexOf(hub.profile().trust()));
    }

    private static List<ModelSourceProvider> found(Settings settings, @Nullable ClassLoader context) {
        List<ModelSourceProvider> all = new ArrayList<>(settings.providers());
        if (settings.discover()) {
            Set<ClassLoader> loaders = new LinkedHashSet<>();
            loaders.add(Sources.class.getClassLoader());
            if (context != null) {
                loaders.add(context);
            }
            loaders.forEach(loader -> discover(loader, all));
        }
        return all;
    }

    /** A provider that does not load must not take the others with it. */
    private static void discover(ClassLoader loader, List<ModelSourceProvider> into) {
        var candidates =
                ServiceLoader.load(ModelSourceProvider.class, loader).stream().iterator();
        while (true) {
            try {
                if (!candidates.hasNext()) {
                    return;
                }
                var candidate = candidates.next();
                if (into.stream().noneMatch(known -> known.getClass().equals(candidate.type()))) {
                    into.add(candidate.get());
                }
            } catch (ServiceConfigurationError e) {
                System.getLogger(Sources.class.getName())
                        .log(Level.WARNING, "a source does not load: " + e.getMessage());
            }
        }
    }

    private static Map<String, ModelSourceProvider> unique(List<ModelSourceProvider> providers) {
        Map<String, ModelSourceProvider> byId = new LinkedHashMap<>();
        for (ModelSourceProvider provider : providers) {
            ModelSourceProvider other = byId.putIfAbsent(provider.id(), provider);
            if (other != null) {
                throw new FetchException.Usage(
                        "Two sources call themselves \"" + provider.id() + "\": " + place(other) + " and "
                                + place(provider) + ".",
                        "Remove one of them from the class path.");
            }
        }
        return byId;
    }

    private static String place(ModelSourceProvider provider) {
        var code = provider.getClass().getProtectionDomain().getCodeSource();
        return provider.getClass().getName() + (code == null ? "" : " in " + code.getLocation());
    }

    private static Set<String> names(ModelSourceProvider provider) {
        Set<String> names = new LinkedHashSet<>(provider.names());
        names.add(provider.id());
        return names;
    }

    /** What is set under any of its names; the last one, which comes from the layer that counts most. */
    private static <T> Optional<T> configured(Map<String, T> settings, ModelSourceProvider provider) {
        Set<String> names = names(provider);
        return settings.entrySet().stream()
                .filter(entry -> names.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .reduce((less, more) -> more);
    }

    private void requireKnown(String name, Collection<String> known) {
        // The environment speaks of the three usual sources even where one of them is not on the class path.
        boolean usual = Set.of(SourceProfile.HUB, "mirror", "modelscope").contains(name);
        if (!known.contains(name) && !usual) {
            throw unknown(name, known);
        }
    }

    private static FetchException.Usage unknown(String name, Collection<String> known) {
        return new FetchException.Usage(
                "There is no source \"" + name + "\""
                        + (Suggestion.forWord(name, known).isEmpty() ? "." : Suggestion.forWord(name, known)),
                "Use auto" + known.stream().map(id -> ", " + id).collect(Collectors.joining()) + ".");
    }
}
