package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.internal.config.Complaints;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.config.Suggestion;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceProfile;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The providers of sources that were found, by their names; nothing is opened. */
public final class Providers {

    /** The environment speaks of these even where one of them is not on the class path. */
    private static final Set<String> USUAL = Set.of(SourceProfile.HUB, "mirror", "modelscope");

    private final Map<String, Provider> byId;

    private Providers(Map<String, Provider> byId) {
        this.byId = byId;
    }

    /**
     * Those that were handed in, and those on the class path, of which one that cannot be used is left out.
     *
     * @param context where to look beside our own class path
     * @throws FetchException.Usage if two share an id or a name, or one that was handed in cannot be used
     */
    public static Providers find(Settings settings, @Nullable ClassLoader context) {
        ExecutorService threads = Threads.OWN.perTask("source");
        try {
            List<Provider> all = new ArrayList<>();
            for (ModelSourceProvider handedIn : settings.providers()) {
                all.add(Provider.of(handedIn, threads));
            }
            if (settings.discover()) {
                Set<ClassLoader> loaders = new LinkedHashSet<>();
                loaders.add(Providers.class.getClassLoader());
                if (context != null) {
                    loaders.add(context);
                }
                for (ClassLoader loader : loaders) {
                    discover(loader, all, threads);
                }
            }
            return new Providers(unique(all));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        } finally {
            threads.shutdown();
        }
    }

    Collection<Provider> all() {
        return byId.values();
    }

    /** @throws FetchException.Usage if a setting is of a source that does not exist */
    public void checkNames(Settings settings) {
        Complaints complaints = new Complaints();
        checkNames(settings, complaints);
        complaints.raise();
    }

    /** As {@link #checkNames(Settings)}, for one who has more to complain of. */
    public void checkNames(Settings settings, Complaints complaints) {
        for (Map<String, ?> setting : List.of(
                settings.endpoints(), settings.tokens(), settings.transport().tokens(), settings.aliases())) {
            setting.keySet().forEach(name -> complaints.of(() -> checkName(name)));
        }
        // Routes are looked up for every request, by id alone.
        for (String id : settings.routes().sources()) {
            if (!byId.containsKey(id) && !USUAL.contains(id)) {
                complaints.of(() -> {
                    throw unknown(id);
                });
            }
        }
    }

    /** @throws FetchException.Usage if it names a source that does not exist */
    public void checkNames(SourceChoice choice) {
        if (choice instanceof SourceChoice.Only only) {
            for (String name : only.sources()) {
                if (isUnknown(name)) {
                    throw unknown(name);
                }
            }
        }
    }

    FetchException.Usage unknown(String name) {
        Set<String> known = new LinkedHashSet<>();
        for (Provider provider : all()) {
            known.add(provider.id());
            known.addAll(provider.names());
        }
        String usable = byId.keySet().stream().map(id -> ", " + id).collect(Collectors.joining("", "auto", ""));
        return new FetchException.Usage(
                Suggestion.forWord(name, known)
                        .map(near -> Message.of(
                                "no-source-but", "There is no source \"{0}\", did you mean \"{1}\"?", name, near))
                        .orElseGet(() -> Message.of("no-source", "There is no source \"{0}\".", name)),
                Hint.of("use-one-of", "Use " + usable + ".", usable));
    }

    private void checkName(String name) {
        if (isUnknown(name) && !USUAL.contains(name)) {
            throw unknown(name);
        }
    }

    private boolean isUnknown(String name) {
        return all().stream().noneMatch(provider -> provider.answersTo(name));
    }

    /** A provider that does not load, or says nonsense, must not take the others with it. */
    private static void discover(ClassLoader loader, List<Provider> into, Executor threads)
            throws InterruptedException {
        var candidates =
                ServiceLoader.load(ModelSourceProvider.class, loader).stream().iterator();
        while (true) {
            try {
                if (!candidates.hasNext()) {
                    return;
                }
                var candidate = candidates.next();
                if (into.stream().noneMatch(known -> known.code().getClass().equals(candidate.type()))) {
                    into.add(Provider.of(candidate.type(), candidate, threads));
                }
            } catch (FetchException.Usage | ServiceConfigurationError | LinkageError e) {
                System.getLogger(Providers.class.getName())
                        .log(Level.WARNING, "a source does not load: " + e.getMessage());
            }
        }
    }

    /** Whoever answers to a name is given what is set under it, be it a token: nobody else may. */
    private static Map<String, Provider> unique(List<Provider> providers) {
        Map<String, Provider> byId = new LinkedHashMap<>();
        for (Provider provider : providers) {
            for (Provider other : byId.values()) {
                Optional<String> shared = Stream.concat(Stream.of(provider.id()), provider.names().stream())
                        .filter(other::answersTo)
                        .findFirst();
                if (shared.isPresent()) {
                    throw new FetchException.Usage(
                            Message.of(
                                    "namesake-sources",
                                    "Two sources call themselves \"{0}\": {1} and {2}.",
                                    shared.get(),
                                    other.place(),
                                    provider.place()),
                            Hint.plain("Remove one of them from the class path."));
                }
            }
            byId.put(provider.id(), provider);
        }
        return byId;
    }
}
