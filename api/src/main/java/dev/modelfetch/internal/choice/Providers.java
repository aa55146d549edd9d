package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.internal.config.Complaints;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.config.Suggestion;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The providers of sources that were found, by their names; nothing is opened. */
public final class Providers {

    /** The environment speaks of these even where one of them is not on the class path. */
    private static final Set<String> USUAL = Set.of(SourceProfile.HUB, "mirror", "modelscope");

    private final Map<String, ModelSourceProvider> byId;

    private Providers(Map<String, ModelSourceProvider> byId) {
        this.byId = byId;
    }

    /**
     * Those that were handed in, and those on the class path.
     *
     * @param context where to look beside our own class path
     * @throws FetchException.Usage if two share an id
     */
    public static Providers find(Settings settings, @Nullable ClassLoader context) {
        List<ModelSourceProvider> all = new ArrayList<>(settings.providers());
        if (settings.discover()) {
            Set<ClassLoader> loaders = new LinkedHashSet<>();
            loaders.add(Providers.class.getClassLoader());
            if (context != null) {
                loaders.add(context);
            }
            loaders.forEach(loader -> discover(loader, all));
        }
        return new Providers(unique(all));
    }

    Collection<ModelSourceProvider> all() {
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
                if (all().stream().noneMatch(provider -> names(provider).contains(name))) {
                    throw unknown(name);
                }
            }
        }
    }

    /** What is set under any of its names; the last one, which comes from the layer that counts most. */
    static <T> Optional<T> configured(Map<String, T> settings, ModelSourceProvider provider) {
        Set<String> names = names(provider);
        return settings.entrySet().stream()
                .filter(entry -> names.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .reduce((less, more) -> more);
    }

    FetchException.Usage unknown(String name) {
        Set<String> known =
                all().stream().flatMap(provider -> names(provider).stream()).collect(Collectors.toSet());
        String suggestion = Suggestion.forWord(name, known);
        return new FetchException.Usage(
                "There is no source \"" + name + "\"" + (suggestion.isEmpty() ? "." : suggestion),
                "Use auto" + byId.keySet().stream().map(id -> ", " + id).collect(Collectors.joining()) + ".");
    }

    private void checkName(String name) {
        boolean known = all().stream().anyMatch(provider -> names(provider).contains(name));
        if (!known && !USUAL.contains(name)) {
            throw unknown(name);
        }
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
            } catch (ServiceConfigurationError | LinkageError e) {
                System.getLogger(Providers.class.getName())
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
}
