package dev.modelfetch.internal.engine;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Identity;
import dev.modelfetch.LockFile;
import dev.modelfetch.Manifest;
import dev.modelfetch.Message;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.store.RepoStore;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.StoredFile;
import dev.modelfetch.spi.SourceProfile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Answers from what is stored, without any connection. */
final class OfflineAnswers {

    private static final String MAIN = "main";
    /** What stands for a source where none was asked. */
    static final String CACHE = "cache";

    private final FetchRequest request;
    private final RepoStore stored;

    OfflineAnswers(FetchRequest request, RepoStore stored) {
        this.request = request;
        this.stored = stored;
    }

    /** Whether the commit is fixed by the request itself, so that no source could say anything new about it. */
    boolean isPinned() {
        return request.locked().isPresent()
                || request.revision().filter(Digest::isGitId).isPresent();
    }

    /**
     * What is asked for, at a commit of which the store knows what it consists of.
     *
     * @param manifest as it was listed when it was stored
     * @param files selected of it; whether they are there is another question
     */
    record Known(Manifest manifest, SnapshotStore store, List<RepoFile> files) {

        /** Whether all of it is likely to be there, by lengths and records alone. */
        boolean seemsStored() {
            return files.stream().allMatch(store::seems);
        }

        long bytes() {
            return files.stream().mapToLong(RepoFile::size).sum();
        }

        /** How many of the files have their names, right or not. */
        long shown() {
            return files.stream()
                    .filter(file -> Files.exists(store.pathOf(file)))
                    .count();
        }

        /** Who can deliver a file: we, or nobody that could be named without asking. */
        List<String> sourcesOf(RepoFile file) {
            return store.seems(file) ? List.of(CACHE) : List.of();
        }
    }

    /** All of it, there and correct. */
    record Complete(Known known, List<Snapshot.Item> items) {}

    /**
     * Everything asked for, if it is stored and correct.
     *
     * @throws FetchException.NotStored if something of it is missing
     */
    Complete complete() throws IOException {
        FetchException.NotStored unlisted = null;
        FetchException.NotStored incomplete = null;
        // One after the other: to read what every commit consists of takes longer than to look at the files of one.
        for (String commit : commits()) {
            Known known;
            try {
                known = known(commit);
            } catch (FetchException.NotStored e) {
                unlisted = unlisted == null ? e : unlisted;
                continue;
            }
            try {
                return complete(known);
            } catch (FetchException.NotStored e) {
                incomplete = incomplete == null ? e : incomplete;
            }
        }
        throw incomplete != null ? incomplete : Objects.requireNonNull(unlisted);
    }

    private Complete complete(Known known) throws IOException {
        SnapshotStore store = known.store();
        store.check(known.files());
        List<Snapshot.Item> items = new ArrayList<>();
        for (RepoFile file : known.files()) {
            StoredFile found = store.find(file)
                    .orElseThrow(() -> missing(Message.of(
                            "file-not-stored",
                            "{0} of {1} is not stored, or not correct.",
                            file.path(),
                            request.repo())));
            Verification level = request.locked().isPresent() ? Verification.PINNED : found.verified();
            if (!request.minVerification().isMetBy(level)) {
                throw missing(Message.of(
                        "stored-level",
                        "{0} of {1} is stored, but at the level {2} only.",
                        file.path(),
                        request.repo(),
                        level.word()));
            }
            items.add(new Snapshot.Item(file.path(), file.size(), found.sha256().hex(), found.from(), level, true));
        }
        store.used();
        return new Complete(known, items);
    }

    /** As {@link #complete()}, as the result of a job. */
    Snapshot result(Report report) throws IOException {
        Complete complete = complete();
        return report.stored(complete, identity(complete.known().manifest()));
    }

    /**
     * What there is, if the store is to say it: because nobody may be asked, or because nobody need be, as the commit is
     * fixed and all of it is there.
     *
     * @throws FetchException.NotStored if nobody may be asked and it was never listed
     */
    Optional<Known> listed() {
        if (request.offline()) {
            List<Known> all = known();
            return Optional.of(
                    all.stream().filter(Known::seemsStored).findFirst().orElse(all.get(0)));
        }
        if (!isPinned() || request.force()) {
            return Optional.empty();
        }
        try {
            return known().stream()
                    .filter(known -> known.manifest().complete() && known.seemsStored())
                    .findFirst();
        } catch (FetchException.NotStored neverListed) {
            return Optional.empty();
        }
    }

    /** The manifest as the store gives it out, whoever had listed it. */
    static Manifest asOurs(Manifest manifest) {
        return new Manifest(
                CACHE,
                manifest.family(),
                manifest.repo(),
                manifest.revision(),
                manifest.commit(),
                manifest.files(),
                manifest.complete());
    }

    /** Whether what is stored is the repository asked for; whoever could prove it is not asked again. */
    Identity identity(Manifest manifest) {
        boolean own = manifest.family().equals(SourceProfile.HUB)
                || manifest.family().equals(request.repo().family());
        return own ? Identity.SAME : Identity.UNPROVED;
    }

    /**
     * What is asked for, at each commit that may be meant, the likeliest first: the one that the request names, and where
     * content is pinned any other that consists of the same, as another hub has commits of its own.
     */
    private List<Known> known() {
        List<Known> all = new ArrayList<>();
        FetchException.NotStored first = null;
        for (String commit : commits()) {
            try {
                all.add(known(commit));
            } catch (FetchException.NotStored e) {
                first = first == null ? e : first;
            }
        }
        if (all.isEmpty()) {
            throw Objects.requireNonNull(first);
        }
        return all;
    }

    private Known known(String commit) {
        Manifest manifest = stored.manifest(commit).orElseThrow(() -> missingCommit(commit));
        try {
            return new Known(manifest, stored.at(commit), new Planner(request).selected(manifest));
        } catch (FetchException.NotFound e) {
            if (request.locked().isPresent()) {
                // The lock file alone says so, whatever is stored.
                throw e;
            }
            throw missing(Message.of("stored-without", "What is stored of {0} has no such file.", request.repo())
                    .then(e.message()));
        }
    }

    private Set<String> commits() {
        Optional<String> pinned = request.locked().map(LockFile::commit);
        if (pinned.isPresent()) {
            Set<String> commits = new LinkedHashSet<>(List.of(pinned.get()));
            commits.addAll(stored.commits());
            return commits;
        }
        return Set.of(commit().orElseThrow(() -> missing(Message.of(
                "revision-not-stored",
                "Nothing of {0} is stored for revision {1}.",
                request.repo(),
                request.revision().orElse(MAIN)))));
    }

    /** The commit that a request without a lock means, as far as the store knows. */
    private Optional<String> commit() {
        String revision = request.revision().orElse(MAIN);
        return Digest.isGitId(revision) ? Optional.of(revision) : stored.ref(revision);
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

    /** Whether nothing says which commit is to be checked: a folder that another program has filled, or none. */
    boolean isUnknown() {
        return request.locked().isEmpty() && commitToCheck().isEmpty();
    }

    /**
     * Hashes every selected file anew.
     *
     * @param fresh what a source lists for that commit, if it was asked
     */
    StoredCheck check(Optional<Manifest> fresh) throws IOException {
        Manifest manifest = fresh.orElseGet(this::manifestToCheck);
        List<RepoFile> files = new Planner(request).selected(manifest);
        SnapshotStore store = stored.at(manifest.commit());
        // Of what somebody else has put there nobody knows what was left out.
        boolean all = !request.selection().isEverything() || request.locked().isPresent() || isUnknown();
        if (isUnknown() && files.stream().noneMatch(file -> Files.exists(store.pathOf(file)))) {
            throw missing(Message.of("not-there", "Nothing of {0} is in {1}.", request.repo(), store.root()));
        }
        return check(store, manifest.commit(), against(manifest, fresh.isPresent()), files, all, Digests::of);
    }

    private Manifest manifestToCheck() {
        if (request.locked().isPresent()) {
            return known().stream()
                    .sorted(Comparator.comparingLong(Known::shown).reversed())
                    .findFirst()
                    .orElseThrow()
                    .manifest();
        }
        String commit = commitToCheck()
                .orElseThrow(() -> missing(Message.of("not-stored", "Nothing of {0} is stored.", request.repo())));
        return stored.manifest(commit).orElseThrow(() -> missingCommit(commit));
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
        return againstStored(manifest);
    }

    /** Where the expected digests come from if nobody is asked. */
    static String againstStored(Manifest manifest) {
        return manifest.complete() ? "the stored listing of " + manifest.source() : "the names of the stored blobs";
    }

    /** How content is hashed. */
    interface Hashing {
        Content of(Path file) throws IOException;
    }

    /** @param all whether a file that was never stored counts as missing */
    static StoredCheck check(
            SnapshotStore store, String commit, String against, List<RepoFile> files, boolean all, Hashing hashing)
            throws IOException {
        List<StoredCheck.Item> items = new ArrayList<>();
        for (RepoFile file : files) {
            if (Files.exists(store.pathOf(file))) {
                items.add(checked(store, file, hashing));
            } else if (all || store.recorded(file)) {
                items.add(new StoredCheck.Item(
                        file.path(), StoredCheck.State.MISSING, file.digest().orElse(null), null));
            }
        }
        return new StoredCheck(store.root(), commit, against, items);
    }

    private static StoredCheck.Item checked(SnapshotStore store, RepoFile file, Hashing hashing) throws IOException {
        Digest expected = file.digest().orElse(null);
        Path path = store.pathOf(file);
        Content content;
        try {
            content = hashing.of(path);
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            // As good as damaged, and no reason to leave the others unlooked at.
            store.distrust(file);
            return new StoredCheck.Item(file.path(), StoredCheck.State.CORRUPT, expected, null);
        }
        boolean right = Files.size(path) == file.size() && content.satisfies(file);
        if (!right) {
            store.distrust(file);
        }
        Digest actual = expected != null && expected.algorithm() == Digest.Algorithm.GIT_BLOB
                ? content.gitBlob()
                : content.sha256();
        StoredCheck.State state = !right
                ? StoredCheck.State.CORRUPT
                : expected == null ? StoredCheck.State.UNPROVED : StoredCheck.State.OK;
        return new StoredCheck.Item(file.path(), state, expected, actual);
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

    private FetchException.NotStored missingCommit(String commit) {
        return missing(Message.of("commit-not-stored", "Commit {0} of {1} is not stored.", commit, request.repo()));
    }

    private FetchException.NotStored missing(Message what) {
        boolean mayAsk = !request.offline() && request.locked().isEmpty();
        return new FetchException.NotStored(
                what,
                mayAsk
                        ? Hint.of(
                                "fetch-first", "Fetch it first.", request.repo().toString())
                        : Hint.of("ask-somebody", "Allow connections, and pin nothing."));
    }
}
