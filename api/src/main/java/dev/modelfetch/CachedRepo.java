package dev.modelfetch;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One repository in a hub cache, as its folder shows it.
 *
 * @param type word of the folder's name, usually that of a {@link RepoType}; other tools know more of them
 * @param id as the folder spells it
 * @param path of the folder, absolute
 * @param size in bytes of all its revisions together, bytes with several names counted once
 * @param files how many different ones its revisions have
 * @param lastAccessed when any of them was used last, as far as the disk or our own record tells
 * @param lastModified when any of them was stored last
 * @param refs branches and tags, each with its commit, whether that is stored or not
 * @param revisions the most recently stored first
 * @param leftovers what lies in the folder and belongs to no revision, unfinished data among it
 * @param warnings about what could not be read or is not as it should be
 */
public record CachedRepo(
        String type,
        String id,
        Path path,
        long size,
        int files,
        Instant lastAccessed,
        Instant lastModified,
        Map<String, String> refs,
        List<CachedRevision> revisions,
        List<Leftover> leftovers,
        List<CacheWarning> warnings)
        implements Evictable {

    public CachedRepo {
        refs = Collections.unmodifiableMap(new TreeMap<>(refs));
        revisions = List.copyOf(revisions);
        leftovers = List.copyOf(leftovers);
        warnings = List.copyOf(warnings);
    }

    /** Type and id, for example {@code model/acme-lab/aurora-7b}. */
    public String key() {
        return type + "/" + id;
    }

    /** The repository to ask a hub for; empty if no hub could have one of that type or name. */
    public Optional<Repo> repo() {
        try {
            return Optional.of(Repo.of(RepoType.parse(type), id));
        } catch (FetchException.Usage e) {
            return Optional.empty();
        }
    }
}
