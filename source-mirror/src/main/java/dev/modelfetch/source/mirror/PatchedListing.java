package dev.modelfetch.source.mirror;

import dev.modelfetch.Digest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.source.huggingface.HubClient;
import dev.modelfetch.source.huggingface.HubListing;
import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listing put together from several questions because the mirror does not get through its pages (M4): names from the
 * repository's info, sizes and digests from whoever knows them.
 */
final class PatchedListing {

    private static final int PATHS_PER_QUESTION = 500;

    /** The info names no more files than about this many (huggingface.md 1.5). */
    private static final int MOST_SIBLINGS = 50_000;

    private final HubClient hub;
    private final Resolved resolved;
    private final ListingBounds bounds;

    /** @param bounds of the listing that went wrong: patching it must not cost another one's */
    PatchedListing(HubClient hub, Resolved resolved, ListingBounds bounds) {
        this.hub = hub;
        this.resolved = resolved;
        this.bounds = bounds;
    }

    /**
     * @param tree what the pages gave before they went wrong
     * @throws SourceException if not a single file can be listed with its size
     */
    HubListing around(HubListing tree) throws SourceException {
        HubListing siblings = hub.siblings(resolved, bounds);
        Map<String, RepoFile> known = new LinkedHashMap<>();
        siblings.files().forEach(file -> known.put(file.path(), file));
        for (RepoFile file : tree.files()) {
            RepoFile other = known.put(file.path(), file);
            if (other != null && contradicts(other, file)) {
                throw SourceException.blocked(
                        "the mirror lists \"" + file.path() + "\" twice, with different contents");
            }
        }

        Set<String> names = new LinkedHashSet<>();
        siblings.files().forEach(file -> names.add(file.path()));
        names.addAll(siblings.bare());
        boolean cut =
                names.size() >= MOST_SIBLINGS || !names.containsAll(known.keySet()) || !names.containsAll(tree.bare());
        names.addAll(known.keySet());
        names.addAll(tree.bare());

        ask(names, known);
        List<RepoFile> files = inOrder(names, known);
        List<String> bare =
                names.stream().filter(name -> !known.containsKey(name)).toList();
        if (files.isEmpty() && !names.isEmpty()) {
            throw SourceException.blocked("the mirror lists file names without sizes");
        }
        return new HubListing(
                files,
                bare,
                cut ? "the info of the repository names fewer files than it has" : null,
                tree.understood());
    }

    /** Whatever they leave out, they are of one commit. */
    private static boolean contradicts(RepoFile one, RepoFile other) {
        return one.size() != other.size()
                || differ(one.sha256(), other.sha256())
                || differ(one.gitBlob(), other.gitBlob());
    }

    private static boolean differ(@Nullable Digest one, @Nullable Digest other) {
        return one != null && other != null && !one.equals(other);
    }

    /** Adds what paths-info knows about files that still lack a size or a digest. */
    private void ask(Collection<String> names, Map<String, RepoFile> known) throws SourceException {
        List<String> open = names.stream()
                .filter(name ->
                        !known.containsKey(name) || known.get(name).digest().isEmpty())
                .toList();
        for (int from = 0; from < open.size(); from += PATHS_PER_QUESTION) {
            List<String> part = open.subList(from, Math.min(from + PATHS_PER_QUESTION, open.size()));
            Set<String> asked = Set.copyOf(part);
            for (RepoFile file : details(part)) {
                if (asked.contains(file.path())) {
                    known.put(file.path(), file);
                }
            }
        }
    }

    private List<RepoFile> details(List<String> paths) throws SourceException {
        try {
            return hub.details(resolved, paths, bounds).files();
        } catch (SourceException e) {
            if (e.verdict().retryable()) {
                throw e;
            }
            // A mirror that cannot answer this question; the rows stay as they are.
            return List.of();
        }
    }

    private static List<RepoFile> inOrder(Collection<String> names, Map<String, RepoFile> known) {
        List<RepoFile> files = new ArrayList<>();
        for (String name : names) {
            RepoFile file = known.get(name);
            if (file != null) {
                files.add(file);
            }
        }
        return files;
    }
}
