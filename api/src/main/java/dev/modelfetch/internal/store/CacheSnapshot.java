package dev.modelfetch.internal.store;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Manifest;
import dev.modelfetch.Message;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.SafePath;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One commit of a repository in a hub cache: links (or files) under the snapshot folder, content in the blobs. */
final class CacheSnapshot implements SnapshotStore {

    private final HubCache cache;
    private final String commit;
    private final Path root;
    private final Bookkeeping books;
    private final ContentCheck contents;

    CacheSnapshot(HubCache cache, String commit) {
        this.cache = cache;
        this.commit = commit;
        this.root = cache.snapshot(commit);
        this.books = cache.books();
        this.contents = books.contents(commit);
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Path pathOf(RepoFile file) {
        return SafePath.resolve(root, file.path());
    }

    @Override
    public void check(List<RepoFile> selected) {
        SafePath.check(root, selected.stream().map(RepoFile::path).toList());
    }

    @Override
    public void prepare(Manifest manifest) throws IOException {
        books.prepare(manifest, List.of(() -> CacheTag.ensure(books.own(), cache.cacheRoot())), cache.blobs(), root);
    }

    @Override
    public Optional<StoredFile> find(RepoFile file, Verification vouched, IntConsumer hashed) throws IOException {
        Path target = pathOf(file);
        Optional<Found> found = lookup(file, vouched, hashed);
        if (found.isPresent() && !found.get().file().equals(Links.behind(target))) {
            show(found.get().file(), target, file, found.get().proof());
        }
        return found.isPresent() || cache.giver().isEmpty()
                ? found.map(there -> there.proof().at(target))
                : given(cache.giver().get(), file, vouched, hashed);
    }

    /** What another folder has of it, stored here. */
    private Optional<StoredFile> given(PlainFolder giver, RepoFile file, Verification vouched, IntConsumer hashed)
            throws IOException {
        books.checkReady();
        AtomicFile.directories(books.own());
        Optional<PlainFolder.Given> given = giver.take(file, books.own(), hashed);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        Path fresh = given.get().fresh();
        try {
            ContentCheck.Proof proof = new ContentCheck.Proof(given.get().content(), ProvenanceLine.FOUND, vouched);
            publish(fresh, Files.getLastModifiedTime(fresh).toMillis(), file, proof, AtomicFile::move);
            return Optional.of(proof.at(pathOf(file)));
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** A file that has the content, whatever its name. */
    record Found(Path file, ContentCheck.Proof proof) {}

    /** As {@link #find}, but nothing gets a name here that it does not have. */
    Optional<Found> lookup(RepoFile file, Verification vouched, IntConsumer hashed) throws IOException {
        Path shown = Links.behind(pathOf(file));
        Optional<ContentCheck.Proof> inPlace = contents.of(shown, file, vouched, true, hashed);
        if (inPlace.isPresent()) {
            return Optional.of(new Found(shown, inPlace.get()));
        }
        for (Path candidate : elsewhere(file, shown)) {
            Optional<ContentCheck.Proof> proof = contents.of(candidate, file, vouched, false, hashed);
            if (proof.isPresent()) {
                return Optional.of(new Found(candidate, proof.get()));
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean seems(RepoFile file) {
        return isHere(file) || isGiven(file);
    }

    @Override
    public long bytesToCopy(RepoFile file) {
        return isGiven(file) && !cache.giver().get().linked() && !isHere(file) ? file.size() : 0;
    }

    private boolean isGiven(RepoFile file) {
        return cache.giver().filter(giver -> giver.seems(file)).isPresent();
    }

    private boolean isHere(RepoFile file) {
        try {
            for (Path candidate : candidates(file, Links.behind(pathOf(file)))) {
                if (contents.seems(candidate, file)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean recorded(RepoFile file) {
        return Files.exists(pathOf(file), LinkOption.NOFOLLOW_LINKS)
                || books.provenance().knows(commit, file.path());
    }

    @Override
    public long partialBytes(RepoFile file) {
        return books.partialBytes(file, commit);
    }

    @Override
    public Optional<Partial> partial(RepoFile file) throws IOException {
        return books.partial(file, commit);
    }

    @Override
    public void checkReplaceable(RepoFile file) {
        Path target = pathOf(file);
        if (Files.exists(target) && Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FetchException.Storage(
                    Message.of("folder-in-the-way", "There is a folder where a file is to be stored: {0}.", target),
                    Hint.plain("Remove it and try again."));
        }
    }

    @Override
    public StoredFile publish(Partial partial, RepoFile file, Content content, List<String> from, Verification level)
            throws IOException {
        try (partial) {
            ContentCheck.Proof proof = new ContentCheck.Proof(content, from, level);
            publish(partial, partial.modifiedMillis(), file, proof, Partial::moveTo);
            return proof.at(pathOf(file));
        }
    }

    private <T> void publish(T what, long modified, RepoFile file, ContentCheck.Proof proof, Move<T> move)
            throws IOException {
        boolean linked = cache.links().inUse();
        Path target = pathOf(file);
        Path stored = linked ? cache.blobs().resolve(proof.content().etag(file.lfs())) : target;
        AtomicFile.directoriesAbove(stored);
        // Before the move: a file without its record would have to be hashed again.
        contents.remember(stored, modified, file, proof);
        move.to(what, stored);
        books.published(stored);
        if (linked) {
            cache.links().show(stored, target);
        }
    }

    @Override
    public void distrust(RepoFile file) throws IOException {
        Path shown = Links.behind(pathOf(file));
        if (Files.isRegularFile(shown)) {
            contents.distrust(shown, file);
        }
    }

    @Override
    public void finish(Manifest manifest, @Nullable String requestedRevision) throws IOException {
        books.settle();
        cache.point(requestedRevision == null ? Refs.DEFAULT : requestedRevision, manifest);
        used();
    }

    @Override
    public void used() {
        books.uses().note(commit, books.clock().instant());
    }

    private void show(Path candidate, Path target, RepoFile file, ContentCheck.Proof proof) throws IOException {
        books.checkReady();
        boolean blob = candidate.startsWith(cache.blobs());
        if (blob || !cache.links().inUse()) {
            cache.links().show(candidate, target);
        } else {
            AtomicFile.copy(books.own(), candidate, target);
        }
        Path shown = Links.behind(target);
        contents.remember(shown, Files.getLastModifiedTime(shown).toMillis(), file, proof);
    }

    /** Where else the content could be: as {@link #candidates}, or where another commit has it. */
    private Set<Path> elsewhere(RepoFile file, Path shown) throws IOException {
        Set<Path> elsewhere = candidates(file, shown);
        if (file.sha256() != null && file.gitBlob() == null) {
            elsewhere.addAll(inOtherCommits(file));
        }
        elsewhere.remove(shown);
        return elsewhere;
    }

    /** Where the content could be: under its own name here, or under one by which it was stored before. */
    private Set<Path> candidates(RepoFile file, Path shown) {
        Set<Path> candidates = new LinkedHashSet<>();
        candidates.add(shown);
        for (Digest digest : digests(file)) {
            candidates.add(cache.blobs().resolve(digest.hex()));
            books.provenance()
                    .fileWith(digest)
                    .ifPresent(name -> candidates.add(cache.folder().resolve(name)));
        }
        return candidates;
    }

    /** Small files the Python library named by a git id that this manifest does not have; only hashing can tell. */
    private Set<Path> inOtherCommits(RepoFile file) throws IOException {
        Set<Path> found = new LinkedHashSet<>();
        for (String other : cache.commits()) {
            Path link = SafePath.resolve(cache.snapshot(other), file.path());
            Path blob = Links.behind(link);
            if (Digest.isGitId(String.valueOf(blob.getFileName()))) {
                found.add(blob);
            }
        }
        return found;
    }

    private static List<Digest> digests(RepoFile file) {
        Digest sha256 = file.sha256();
        Digest git = file.gitBlob();
        if (sha256 == null) {
            return git == null ? List.of() : List.of(git);
        }
        return git == null ? List.of(sha256) : List.of(sha256, git);
    }
}
