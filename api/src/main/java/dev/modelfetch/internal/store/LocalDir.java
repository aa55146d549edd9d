package dev.modelfetch.internal.store;

import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.file.SafePath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plain directory with the Python library's bookkeeping in {@code .cache/huggingface} (huggingface.md 5.7) and ours
 * in a folder of its own below that, where uploads and checks of other programs pass it over.
 */
public final class LocalDir implements RepoStore {

    private static final String METADATA = ".metadata";

    private final Path directory;
    private final Repo repo;
    private final InstantSource clock;
    private final @Nullable CachedCopy cached;
    private final FormerFolder former;
    private volatile Tenants tenants;
    private volatile Bookkeeping books;

    /**
     * Opens the directory without touching the disk.
     *
     * @param repo whose commits these are to be; the directory may hold those of others as well
     */
    public LocalDir(Path directory, Repo repo, InstantSource clock) {
        this(directory, repo, clock, null);
    }

    /** As the other, for a directory of the user's that takes copies of what a cache has. */
    public static LocalDir copying(HubCache cache, Path directory, Repo repo, InstantSource clock) {
        return new LocalDir(directory, repo, clock, new CachedCopy(cache, CachedCopy::copied));
    }

    /** As the other, for a directory that nobody writes to and that shares with a cache what is there. */
    public static LocalDir sharing(HubCache cache, Path directory, Repo repo, InstantSource clock) {
        return new LocalDir(directory, repo, clock, new CachedCopy(cache, CachedCopy::linked));
    }

    private LocalDir(Path directory, Repo repo, InstantSource clock, @Nullable CachedCopy cached) {
        this.cached = cached;
        this.directory = directory.toAbsolutePath();
        this.repo = repo;
        this.clock = clock;
        this.former =
                new FormerFolder(this.directory.resolve(".cache").resolve("modelfetch"), hub().resolve("modelfetch"));
        this.tenants = new Tenants(former.readable(), repo);
        this.books = booksIn(former.readable());
    }

    /** Every repository of which the directory has a record, the most recently listed first. */
    public List<Repo> repositories() {
        return tenants.all();
    }

    /** Brings notes of earlier versions to where they belong; what cannot be moved serves where it is. */
    void settle() {
        try {
            former.takeOver();
        } catch (IOException e) {
            // The next job tries again.
        }
        Path own = former.readable();
        if (!books.own().equals(own)) {
            tenants = new Tenants(own, repo);
            books = booksIn(own);
        }
    }

    private Bookkeeping booksIn(Path own) {
        return new Bookkeeping(repo, directory, own, tenants.listings(), tenants.refs(), hub().resolve("trees"), clock);
    }

    /** Nobody evicts from a directory of the user's. */
    @Override
    public Optional<Closeable> enter() {
        return Optional.of(() -> {});
    }

    @Override
    public SnapshotStore at(String commit) {
        return new LocalSnapshot(this, CommitName.checked(commit));
    }

    @Override
    public Optional<String> ref(String revision) {
        Optional<String> ref = books.refs().read(revision).or(() -> tenants.earlierRef(revision));
        return ref.isEmpty() && commits().contains(revision) ? Optional.of(revision) : ref;
    }

    @Override
    public Optional<Manifest> manifest(String commit) {
        return books.manifests()
                .read(commit)
                .or(() -> tenants.earlierManifest(commit))
                .or(() -> tenants.isOfOthers(commit) ? Optional.empty() : nameless(commit));
    }

    /** What the Python library left of a commit, which never says of which repository. */
    private Optional<Manifest> nameless(String commit) {
        return books.tree(commit).or(() -> books.provenance().fetchedFor(commit) ? Optional.empty() : noted(commit));
    }

    @Override
    public List<String> commits() {
        Set<String> commits = new LinkedHashSet<>(Tenants.listed(books.trees()));
        try {
            for (Path metadata : metadataFiles()) {
                LocalMetadata.read(metadata).ifPresent(noted -> commits.add(noted.commit()));
            }
        } catch (IOException e) {
            // What the manifests say is enough.
        }
        commits.removeIf(commit -> !CommitName.isPlain(commit) || tenants.isOfOthers(commit));
        Set<String> all = new LinkedHashSet<>(tenants.commits());
        all.addAll(commits);
        return List.copyOf(all);
    }

    @Override
    public Path folder() {
        return directory;
    }

    /** What the hub cache has of it; empty if it is not to be looked at. */
    Optional<CachedCopy> cached() {
        return Optional.ofNullable(cached);
    }

    Bookkeeping books() {
        return books;
    }

    /** The Python library's folder. */
    Path hub() {
        return directory.resolve(".cache").resolve("huggingface");
    }

    /** Where the Python library looks for its notes on a file. */
    Path metadata(RepoFile file) {
        Path path = SafePath.resolve(downloads(), file.path());
        return path.resolveSibling(path.getFileName() + METADATA);
    }

    private Path downloads() {
        return hub().resolve("download");
    }

    /** A manifest made from the Python library's notes on the files that are there. */
    private Optional<Manifest> noted(String commit) {
        List<RepoFile> files = new ArrayList<>();
        try {
            for (Path metadata : metadataFiles()) {
                Optional<LocalMetadata> noted = LocalMetadata.read(metadata);
                String name = downloads()
                        .relativize(metadata)
                        .toString()
                        .replace(directory.getFileSystem().getSeparator(), "/");
                String path = name.substring(0, name.length() - METADATA.length());
                Path file = directory.resolve(path);
                if (noted.isPresent() && noted.get().commit().equals(commit) && Files.isRegularFile(file)) {
                    files.add(row(path, Files.size(file), noted.get().etag()));
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return files.isEmpty()
                ? Optional.empty()
                : Optional.of(new Manifest("cache", TreeFile.HUB, repo, commit, commit, files, false));
    }

    private static RepoFile row(String path, long size, String etag) {
        boolean lfs = Digest.isSha256(etag);
        return new RepoFile(
                path, size, lfs ? Digest.sha256(etag) : null, Digest.isGitId(etag) ? Digest.gitBlob(etag) : null, lfs);
    }

    private List<Path> metadataFiles() throws IOException {
        if (!Files.isDirectory(downloads())) {
            return List.of();
        }
        return Folders.filesBelow(downloads()).stream()
                .filter(path -> path.toString().endsWith(METADATA))
                .toList();
    }
}
