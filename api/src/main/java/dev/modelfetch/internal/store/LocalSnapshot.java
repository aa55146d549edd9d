package dev.modelfetch.internal.store;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Manifest;
import dev.modelfetch.Message;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.file.SafePath;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One commit in a plain directory. What the user put or changed there is never overwritten. */
final class LocalSnapshot implements SnapshotStore {

    private final LocalDir directory;
    private final String commit;
    private final Path root;

    LocalSnapshot(LocalDir directory, String commit) {
        this.directory = directory;
        this.commit = commit;
        this.root = directory.folder();
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Path pathOf(RepoFile file) {
        return SafePath.resolveLocal(root, file.path());
    }

    @Override
    public void check(List<RepoFile> selected) {
        selected.forEach(this::pathOf);
        SafePath.check(root, selected.stream().map(RepoFile::path).toList());
    }

    @Override
    public void prepare(Manifest manifest) throws IOException {
        directory.settle();
        books().prepare(manifest, List.of(this::mark));
    }

    /** Neither versioned nor backed up. */
    private void mark() throws IOException {
        Path ignore = directory.hub().resolve(".gitignore");
        if (!Files.exists(ignore)) {
            AtomicFile.write(books().own(), ignore, "*");
        }
        CacheTag.ensure(books().own(), directory.hub());
    }

    private Bookkeeping books() {
        return directory.books();
    }

    private ContentCheck contents() {
        return books().contents(commit);
    }

    @Override
    public Optional<StoredFile> find(RepoFile file, Verification vouched, IntConsumer hashed) throws IOException {
        Path path = pathOf(file);
        if (Files.isRegularFile(path)) {
            Optional<ContentCheck.Proof> proof = contents().of(path, file, vouched, isOfThisCommit(path, file), hashed);
            if (proof.isPresent()) {
                noteIfPossible(path, file, proof.get().content());
                return Optional.of(proof.get().at(path));
            }
        }
        Optional<CacheSnapshot.Found> cached = directory.cached().isPresent()
                ? directory.cached().get().of(commit, file, vouched, hashed)
                : Optional.empty();
        return cached.isPresent()
                ? Optional.of(taken(directory.cached().get(), cached.get(), path, file))
                : Optional.empty();
    }

    private StoredFile taken(CachedCopy cache, CacheSnapshot.Found found, Path path, RepoFile file) throws IOException {
        checkReplaceable(file);
        AtomicFile.directories(books().own());
        Path fresh = cache.taken(found.file(), books().own());
        try {
            publish(fresh, Files.getLastModifiedTime(fresh).toMillis(), path, file, found.proof(), AtomicFile::move);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return found.proof().at(path);
    }

    @Override
    public boolean seems(RepoFile file) {
        return isHere(file)
                || directory
                        .cached()
                        .filter(cached -> cached.seems(commit, file))
                        .isPresent();
    }

    private boolean isHere(RepoFile file) {
        try {
            Path path = pathOf(file);
            return contents().seems(path, file) && (file.digest().isPresent() || isOfThisCommit(path, file));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public long bytesToCopy(RepoFile file) {
        return isHere(file) ? 0 : file.size();
    }

    @Override
    public boolean recorded(RepoFile file) {
        return Files.exists(directory.metadata(file)) || books().provenance().knows(commit, file.path());
    }

    @Override
    public long partialBytes(RepoFile file) {
        return Math.max(
                books().partialBytes(file, commit),
                directory
                        .cached()
                        .map(cached -> cached.partialBytes(commit, file))
                        .orElse(0L));
    }

    @Override
    public Optional<Partial> partial(RepoFile file) throws IOException {
        Optional<Partial> partial = books().partial(file, commit);
        if (partial.isPresent()
                && directory.cached().isPresent()
                && partial.get().ranges().total() == 0) {
            directory.cached().get().continueIn(partial.get(), commit, file);
        }
        return partial;
    }

    /**
     * An existing file may go if our record says that nobody touched it since we wrote it, or if it still is what the
     * Python library noted: its hash is compared, as times say little after a copy or a clock that jumped. That somebody
     * doubted it makes it nobody's: only a line with the content says that we wrote it.
     */
    @Override
    public void checkReplaceable(RepoFile file) throws IOException {
        Path path = pathOf(file);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isRegularFile(path)) {
            throw new FetchException.Storage(
                    Message.of(
                            "in-the-way", "There is something else where {0} is to be stored: {1}.", file.path(), path),
                    Hint.of("in-the-way", "Move it away, or store elsewhere."));
        }
        if (contents().isOurs(path)) {
            return;
        }
        Optional<LocalMetadata> noted = LocalMetadata.read(directory.metadata(file));
        Content content = Digests.of(path);
        boolean asNoted = noted.isPresent()
                && (noted.get().etag().equals(content.etag(true))
                        || noted.get().etag().equals(content.etag(false)));
        boolean asListed = file.digest().isPresent() && content.satisfies(file);
        // What git leaves there without its LFS extension names by itself what it stands for.
        boolean asPointer = file.sha256() != null
                && Digests.pointerId(file.sha256(), file.size()).equals(content.gitBlob());
        if (!asNoted && !asListed && !asPointer) {
            throw new FetchException.Storage(
                    Message.of(
                            "changed-file",
                            "{0} was changed or put there by somebody else, so it is not overwritten.",
                            path),
                    Hint.of("changed-file", "Move it away to have that file fetched, or leave it out.", file.path()));
        }
    }

    @Override
    public StoredFile publish(Partial partial, RepoFile file, Content content, List<String> from, Verification level)
            throws IOException {
        try (partial) {
            Path path = pathOf(file);
            checkReplaceable(file);
            ContentCheck.Proof proof = new ContentCheck.Proof(content, from, level);
            publish(partial, partial.modifiedMillis(), path, file, proof, Partial::moveTo);
            return proof.at(path);
        }
    }

    private <T> void publish(T what, long modified, Path path, RepoFile file, ContentCheck.Proof proof, Move<T> move)
            throws IOException {
        AtomicFile.directoriesAbove(path);
        // Before the move: without its record the file could later be taken for the user's own.
        contents().remember(path, modified, file, proof);
        move.to(what, path);
        books().published(path);
        note(path, file, proof.content());
    }

    @Override
    public void distrust(RepoFile file) throws IOException {
        Path path = pathOf(file);
        // Where nothing trusts it, nothing is to be taken back, and the folder of somebody else stays as it is.
        if (Files.isRegularFile(path)
                && (recorded(file) || contents().line(path).isPresent())) {
            contents().distrust(path, file);
        }
    }

    @Override
    public void finish(Manifest manifest, @Nullable String requestedRevision) throws IOException {
        books().settle();
        books().point(requestedRevision == null ? Refs.DEFAULT : requestedRevision, manifest.commit());
    }

    /** Whether a record says that the file at this path was fetched for this very commit, and none doubts it. */
    private boolean isOfThisCommit(Path path, RepoFile file) throws IOException {
        Optional<ProvenanceLine> line = contents().line(path);
        if (line.isPresent() && line.get().content().isEmpty()) {
            return false;
        }
        if (line.filter(known -> known.commit().equals(commit) && known.path().equals(file.path()))
                .isPresent()) {
            return true;
        }
        return LocalMetadata.read(directory.metadata(file))
                .filter(noted -> noted.commit().equals(commit) && noted.isValid(modified(path)))
                .isPresent();
    }

    private void noteIfPossible(Path path, RepoFile file, Content content) throws IOException {
        Optional<LocalMetadata> noted = LocalMetadata.read(directory.metadata(file));
        boolean current = noted.isPresent()
                && noted.get().commit().equals(commit)
                && noted.get().etag().equals(content.etag(file.lfs()))
                && noted.get().isValid(Files.getLastModifiedTime(path));
        if (!current) {
            try {
                note(path, file, content);
            } catch (IOException e) {
                if (!StorageErrors.takesNothing(e)) {
                    throw e;
                }
            }
        }
    }

    /**
     * For the Python library; our own record is enough for us. Where its note would have too long a name, or that of a
     * folder, the library itself could not store the file either.
     */
    private void note(Path path, RepoFile file, Content content) throws IOException {
        LocalMetadata metadata = LocalMetadata.of(
                commit, content.etag(file.lfs()), books().clock().instant(), Files.getLastModifiedTime(path));
        try {
            AtomicFile.write(books().own(), directory.metadata(file), metadata.text());
        } catch (IOException e) {
            if (!StorageErrors.isOfTheName(e)) {
                throw e;
            }
        }
    }

    private static FileTime modified(Path path) {
        try {
            return Files.getLastModifiedTime(path);
        } catch (IOException e) {
            return FileTime.fromMillis(Long.MAX_VALUE);
        }
    }
}
