package dev.modelfetch.internal.store;

import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folder of one repository in a hub cache, laid out as the Python library does (huggingface.md 5.2), with our own
 * records in a {@code .modelfetch} folder beside {@code blobs}.
 */
public final class HubCache implements RepoStore {

    private static final String OWN = ".modelfetch";

    private final Path cacheRoot;
    private final Repo repo;
    private final Path folder;
    private final Bookkeeping books;
    private final Links links;

    /**
     * Opens the folder without touching the disk.
     *
     * @param cacheRoot the directory that holds {@code models--…}
     * @param repo as typed; its id names the folder, so that Python finds it under the same id
     * @param symlinks whether the user allows them
     */
    public HubCache(Path cacheRoot, Repo repo, boolean symlinks, InstantSource clock) {
        this.cacheRoot = cacheRoot.toAbsolutePath();
        this.repo = repo;
        this.folder = this.cacheRoot.resolve(folderName(repo));
        this.books = new Bookkeeping(
                repo,
                folder,
                folder.resolve(OWN),
                folder.resolve(OWN).resolve("listings"),
                folder.resolve("refs"),
                folder.resolve("trees"),
                clock);
        this.links = new Links(books.own(), symlinks);
    }

    /** For example {@code models--owner--name}. */
    public static String folderName(Repo repo) {
        return repo.type().plural() + "--" + repo.id().replace("/", "--");
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public SnapshotStore at(String commit) {
        return new CacheSnapshot(this, CommitName.checked(commit));
    }

    @Override
    public Optional<String> ref(String revision) {
        Optional<String> ref = books.refs().read(revision);
        return ref.isEmpty() && CommitName.isPlain(revision) && Files.isDirectory(snapshot(revision))
                ? Optional.of(revision)
                : ref;
    }

    @Override
    public Optional<Manifest> manifest(String commit) {
        return books.manifests()
                .read(commit)
                .or(() -> books.tree(commit))
                .or(() -> books.provenance().fetchedFor(commit) ? Optional.empty() : present(commit));
    }

    @Override
    public List<String> commits() {
        try {
            return Folders.newestFirst(Folders.entries(folder.resolve("snapshots"), Files::isDirectory)).stream()
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .filter(CommitName::isPlain)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Lets a revision point at a commit. A ref of the Hub's own is not moved to a commit of another hub: the Python
     * library would take that for a newer state of the same repository.
     */
    void point(String revision, Manifest manifest) throws IOException {
        Optional<String> current = books.refs().read(revision);
        boolean ofTheHub = current.isPresent()
                && books.manifests()
                        .read(current.get())
                        .map(Manifest::family)
                        .orElse(TreeFile.HUB)
                        .equals(TreeFile.HUB);
        if (manifest.family().equals(TreeFile.HUB) || !ofTheHub) {
            books.point(revision, manifest.commit());
        }
    }

    Path cacheRoot() {
        return cacheRoot;
    }

    Path blobs() {
        return folder.resolve("blobs");
    }

    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    Bookkeeping books() {
        return books;
    }

    Links links() {
        return links;
    }

    /** A manifest made from the files that are there, for a snapshot nobody left a manifest of. */
    private Optional<Manifest> present(String commit) {
        Path root = snapshot(CommitName.checked(commit));
        List<RepoFile> files = new ArrayList<>();
        try {
            for (Path path : Folders.filesBelow(root)) {
                files.add(row(root, path));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.of(new Manifest("cache", TreeFile.HUB, repo, commit, commit, files, false));
    }

    private static RepoFile row(Path root, Path path) throws IOException {
        String name =
                root.relativize(path).toString().replace(root.getFileSystem().getSeparator(), "/");
        String blob = String.valueOf(Links.behind(path).getFileName());
        boolean linked = Files.isSymbolicLink(path);
        Digest sha256 = linked && Digest.isSha256(blob) ? Digest.sha256(blob) : null;
        Digest git = linked && Digest.isGitId(blob) ? Digest.gitBlob(blob) : null;
        return new RepoFile(name, Files.size(path), sha256, git, sha256 != null);
    }
}
