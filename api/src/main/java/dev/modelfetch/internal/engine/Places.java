package dev.modelfetch.internal.engine;

import dev.modelfetch.Alias;
import dev.modelfetch.Destination;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Repo;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.file.SafePath;
import dev.modelfetch.internal.store.FromCache;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.LocalDir;
import dev.modelfetch.internal.store.RepoStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where requests store, and from where they may take what is stored already. */
final class Places {

    private static final String MODELSCOPE = "modelscope";

    private final Settings settings;
    private final Function<Repo, List<Alias>> aliases;
    private final InstantSource clock;

    /** @param aliases what a repository is called elsewhere */
    Places(Settings settings, Function<Repo, List<Alias>> aliases, InstantSource clock) {
        this.settings = settings;
        this.aliases = aliases;
        this.clock = clock;
    }

    RepoStore of(FetchRequest request) {
        Destination destination = request.destination();
        if (destination instanceof Destination.Directory directory) {
            return LocalDir.copying(usualCache(request), directory.path(), request.repo(), clock);
        }
        if (destination instanceof Destination.ModelScopeCache) {
            return LocalDir.sharing(usualCache(request), theirFolder(folder(request), request), request.repo(), clock);
        }
        HubCache cache = new HubCache(folder(request), request.repo(), settings.symlinks(), clock);
        return destination instanceof Destination.CacheTakingFrom giver
                ? cache.takingFrom(giver.folder(), giver.linked())
                : cache;
    }

    private HubCache usualCache(FetchRequest request) {
        return new HubCache(settings.cacheRoot(), request.repo(), settings.symlinks(), clock);
    }

    /** What a plain directory may be filled from without asking anybody. */
    Optional<RepoStore> spare(RepoStore repository, FetchRequest request) {
        return repository instanceof LocalDir directory
                ? Optional.of(new FromCache(directory, usualCache(request)))
                : Optional.empty();
    }

    /** Where the job stores: names the folder and the volume in its messages. */
    Path folder(FetchRequest request) {
        if (request.destination() instanceof Destination.Directory directory) {
            return directory.path();
        }
        if (request.destination() instanceof Destination.ModelScopeCache theirs) {
            return theirs.root().orElse(settings.modelScopeCache());
        }
        return request.destination() instanceof Destination.HubCacheAt elsewhere
                ? elsewhere.root()
                : settings.cacheRoot();
    }

    /** As ModelScope's tools name it: by the name that the repository has there, and by the branch that was asked for. */
    private Path theirFolder(Path root, FetchRequest request) {
        Repo repo = request.repo();
        String id = aliases.apply(repo).stream()
                .filter(alias -> alias.source().equals(MODELSCOPE))
                .map(Alias::id)
                .findFirst()
                .orElse(repo.id());
        return SafePath.resolve(
                root.resolve(repo.type().plural())
                        .resolve(id.replace("/", "--"))
                        .resolve("snapshots"),
                request.revision().orElse("master"));
    }
}
