package dev.modelfetch.internal.engine;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.LockFile;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.store.RepoStore;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Answers from what is stored, without any connection. */
final class OfflineAnswers {

    private static final String MAIN = "main";

    private final FetchRequest request;
    private final RepoStore stored;

    OfflineAnswers(FetchRequest request, RepoStore stored) {
        this.request = request;
        this.stored = stored;
    }

    /** The commit the request means, as far as the store knows. */
    Optional<String> commit() {
        if (request.locked().isPresent()) {
            return request.locked().map(LockFile::commit);
        }
        String revision = request.revision().orElse(MAIN);
        return Digest.isGitId(revision) ? Optional.of(revision) : stored.ref(revision);
    }

    /** Whether the commit is fixed by the request itself, so that no source could say anything new about it. */
    boolean isPinned() {
        return request.locked().isPresent()
                || request.revision().filter(Digest::isGitId).isPresent();
    }

    /**
     * The result, if everything asked for is stored and correct.
     *
     * @throws FetchException.NotStored if something of it is missing
     */
    Snapshot result(Report report) throws IOException {
        String commit = commit().orElseThrow(() -> missing("Nothing of " + request.repo() + " is stored for revision "
                + request.revision().orElse(MAIN)));
        Manifest manifest = stored.manifest(commit)
                .orElseThrow(() -> missing("Commit " + commit + " of " + request.repo() + " is not stored"));
        SnapshotStore store = stored.at(commit);
        List<RepoFile> files;
        try {
            files = new Planner(request).selected(manifest);
        } catch (FetchException.NotFound e) {
            if (request.locked().isPresent()) {
                // The lock file alone says so, whatever is stored.
                throw e;
            }
            throw missing("What is stored of " + request.repo() + " has no such file: " + e.getMessage());
        }
        store.check(files);
        List<Snapshot.Item> items = new ArrayList<>();
        for (RepoFile file : files) {
            StoredFile found = store.find(file)
                    .orElseThrow(
                            () -> missing(file.path() + " of " + request.repo() + " is not stored, or not correct"));
            Verification level = request.locked().isPresent() ? Verification.PINNED : found.verified();
            if (!request.minVerification().isMetBy(level)) {
                throw missing(file.path() + " of " + request.repo() + " is stored, but at the level " + level.word()
                        + " only");
            }
            items.add(new Snapshot.Item(file.path(), file.size(), found.sha256().hex(), found.from(), level, true));
        }
        return report.stored(manifest, store, files, items);
    }

    /** The commit to be checked, if at most the files themselves, or an incomplete list, say what it consists of. */
    Optional<String> commitWithoutManifest() {
        return request.locked().isPresent()
                ? Optional.empty()
                : commitToCheck()
                        .filter(commit -> stored.manifest(commit)
                                .filter(Manifest::complete)
                                .isEmpty());
    }

    /**
     * Hashes every selected file anew.
     *
     * @param fresh what a source lists for that commit, if it was asked
     */
    StoredCheck check(Optional<Manifest> fresh) throws IOException {
        String commit = commitToCheck().orElseThrow(() -> missing("Nothing of " + request.repo() + " is stored"));
        Manifest manifest = fresh.or(() -> stored.manifest(commit))
                .orElseThrow(() -> missing("Commit " + commit + " of " + request.repo() + " is not stored"));
        List<RepoFile> files = new Planner(request).selected(manifest);
        SnapshotStore store = stored.at(commit);
        boolean all = !request.selection().isEverything() || request.locked().isPresent();
        return check(store, commit, against(manifest, fresh.isPresent()), files, all);
    }

    private Optional<String> commitToCheck() {
        return commit().or(() -> stored.commits().stream().findFirst());
    }

    private String against(Manifest manifest, boolean fresh) {
        if (request.locked().isPresent()) {
            return "the lock file";
        }
        if (fresh) {
            return "a fresh listing of " + manifest.source();
        }
        return manifest.complete() ? "the stored listing of " + manifest.source() : "the names of the stored blobs";
    }

    /** @param all whether a file that was never stored counts as missing */
    static StoredCheck check(SnapshotStore store, String commit, String against, List<RepoFile> files, boolean all)
            throws IOException {
        List<StoredCheck.Item> items = new ArrayList<>();
        for (RepoFile file : files) {
            Path path = store.pathOf(file);
            if (!Files.exists(path)) {
                if (all || store.recorded(file)) {
                    items.add(new StoredCheck.Item(
                            file.path(),
                            StoredCheck.State.MISSING,
                            file.digest().orElse(null),
                            null));
                }
                continue;
            }
            Content content = Digests.of(path);
            boolean right = Files.size(path) == file.size() && content.satisfies(file);
            Digest expected = file.digest().orElse(null);
            Digest actual = expected != null && expected.algorithm() == Digest.Algorithm.GIT_BLOB
                    ? content.gitBlob()
                    : content.sha256();
            if (!right) {
                store.distrust(file);
            }
            StoredCheck.State state = !right
                    ? StoredCheck.State.CORRUPT
                    : expected == null ? StoredCheck.State.UNPROVED : StoredCheck.State.OK;
            items.add(new StoredCheck.Item(file.path(), state, expected, actual));
        }
        return new StoredCheck(store.root(), commit, against, items);
    }

    /**
     * What was found of several repositories in one directory. A file that two of them have is the one that was fetched
     * last, so it is right if either has it so.
     *
     * @param checks the most recent first; not empty
     */
    static StoredCheck together(List<StoredCheck> checks) {
        Map<String, StoredCheck.Item> items = new LinkedHashMap<>();
        for (StoredCheck check : checks) {
            check.files()
                    .forEach(item -> items.merge(
                            item.path(), item, (one, other) -> other.state() == StoredCheck.State.OK ? other : one));
        }
        String against = checks.stream().map(StoredCheck::against).distinct().collect(Collectors.joining(", "));
        StoredCheck latest = checks.get(0);
        return new StoredCheck(latest.path(), latest.commit(), against, List.copyOf(items.values()));
    }

    private FetchException.NotStored missing(String what) {
        boolean mayAsk = !request.offline() && request.locked().isEmpty();
        return new FetchException.NotStored(
                what + ".",
                mayAsk
                        ? "Fetch it first: fetch " + request.repo() + "."
                        : "Run the same command without --offline and --locked.");
    }
}
