package dev.modelfetch.internal.store.cache;

import dev.modelfetch.FetchException;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.internal.store.HubCache;
import java.util.Optional;
import java.util.Set;

/**
 * What the name of a folder says of the repository in it.
 *
 * @param type word, which may be that of a kind only other tools know
 */
record CacheName(String folder, String type, String id) {

    private static final String JOINT = "--";
    /** The Python library has one kind more than we. */
    private static final Set<String> TYPES = Set.of("models", "datasets", "spaces", "kernels");

    /** Empty if it is not that of a repository. */
    static Optional<CacheName> parse(String folder) {
        int joint = folder.indexOf(JOINT);
        if (joint < 0 || !TYPES.contains(folder.substring(0, joint))) {
            return Optional.empty();
        }
        String id = folder.substring(joint + JOINT.length()).replace(JOINT, "/");
        return id.isEmpty() ? Optional.empty() : Optional.of(new CacheName(folder, folder.substring(0, joint - 1), id));
    }

    /** The repository of which this program could have stored something there. */
    Optional<Repo> repo() {
        try {
            return Optional.of(Repo.of(RepoType.parse(type), id))
                    .filter(repo -> HubCache.folderName(repo).equals(folder));
        } catch (FetchException.Usage e) {
            return Optional.empty();
        }
    }
}
