package dev.modelfetch.cli.screen;

import dev.modelfetch.CacheWarning;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.StoredCheck;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What re-hashing a revision found, and of which repository it is. */
public record StoredRevisionCheck(CachedRepo repo, StoredCheck check) {

    /**
     * Each with the repository that has a revision at its path. A link without content is only a warning of the
     * contents where nobody left a listing; here it is a file that is missing.
     */
    public static List<StoredRevisionCheck> of(List<CachedRepo> repositories, List<StoredCheck> checks) {
        Map<Path, CachedRepo> owners = new HashMap<>();
        for (CachedRepo repo : repositories) {
            for (CachedRevision revision : repo.revisions()) {
                owners.put(revision.path(), repo);
            }
        }
        return checks.stream()
                .map(check -> of(Objects.requireNonNull(owners.get(check.path())), check))
                .toList();
    }

    private static StoredRevisionCheck of(CachedRepo repo, StoredCheck check) {
        Set<String> known = check.files().stream().map(StoredCheck.Item::path).collect(Collectors.toSet());
        Stream<StoredCheck.Item> broken = repo.warnings().stream()
                .filter(warning -> warning.kind() == CacheWarning.Kind.BROKEN_LINK)
                .filter(warning -> warning.path().startsWith(check.path()))
                .map(warning -> inRepository(check.path().relativize(warning.path())))
                .filter(path -> !known.contains(path))
                .map(path -> new StoredCheck.Item(path, StoredCheck.State.MISSING, null, null));
        List<StoredCheck.Item> files =
                Stream.concat(check.files().stream(), broken).toList();
        return new StoredRevisionCheck(repo, new StoredCheck(check.path(), check.commit(), check.against(), files));
    }

    private static String inRepository(Path path) {
        return StreamSupport.stream(path.spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("/"));
    }

    /** Paths in the repository of what is damaged or missing. */
    public List<String> files() {
        return damaged().stream().map(StoredCheck.Item::path).toList();
    }

    List<StoredCheck.Item> damaged() {
        return check.files().stream()
                .filter(item -> item.state() == StoredCheck.State.CORRUPT || item.state() == StoredCheck.State.MISSING)
                .toList();
    }

    String name() {
        return repo.key() + "@" + StoredRow.shortened(check.commit());
    }
}
