package dev.modelfetch.cli.screen;

import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.StoredCheck;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What re-hashing a revision found, and of which repository it is. */
public record StoredRevisionCheck(CachedRepo repo, StoredCheck check) {

    /** Each with the repository that has a revision at its path. */
    public static List<StoredRevisionCheck> of(List<CachedRepo> repositories, List<StoredCheck> checks) {
        Map<Path, CachedRepo> owners = new HashMap<>();
        for (CachedRepo repo : repositories) {
            for (CachedRevision revision : repo.revisions()) {
                owners.put(revision.path(), repo);
            }
        }
        return checks.stream()
                .map(check -> new StoredRevisionCheck(Objects.requireNonNull(owners.get(check.path())), check))
                .toList();
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
