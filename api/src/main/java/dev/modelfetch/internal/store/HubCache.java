package dev.modelfetch.internal.store;

import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Folders;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one repository in a hub cache, laid out as the Python library does (huggingface.md 5.2), with our own
 * records in a {@code .modelfetch} folder beside {@code blobs}.
 */
public final class HubCache implements RepoStore {

    private static final String OWN = ".modelfetch";
    private static final String LISTINGS = "listings";
    private static final String CARDS = "cards";
    private static final String TREES = "trees";
    private static final String USES = "used";

    private final Path cacheRoot;
    private final Repo repo;
    private final Path folder;
    private final boolean symlinks;
    private final InstantSource clock;
    private final Bookkeeping books;
    private final Links links;
    private final @Nullable PlainFolder giver;

    /**
     * Opens the folder without touching the disk.
     *
     * @param cacheRoot the directory that holds {@code models--…}
     * @param repo as typed; its id names the folder, so that Python finds it under the same id
     * @param symlinks whether the user allows them
     */
    public HubCache(Path cacheRoot, Repo repo, boolean symlinks, InstantSource clock) {
        this(cacheRoot, repo, symlinks, clock, null);
    }

    private HubCache(Path cacheRoot, Repo repo, boolean symlinks, InstantSource clock, @Nullable PlainFolder giver) {
        this.symlinks = symlinks;
        this.clock = clock;
        this.giver = giver;
        this.cacheRoot = cacheRoot.toAbsolutePath();
        this.repo = repo;
        this.folder = this.cacheRoot.resolve(folderName(repo));
        this.books = new Bookkeeping(
                repo,
                folder,
                own(folder),
                own(folder).resolve(LISTINGS),
                folder.resolve("refs"),
                folder.resolve(TREES),
                clock);
        this.links = new Links(books.own(), symlinks);
    }

    /**
     * The same, which takes what it lacks from a folder of plain files and from nowhere else.
     *
     * @param linked whether the files are to be the same, not copies
     */
    public HubCache takingFrom(Path folder, boolean linked) {
        return new HubCache(cacheRoot, repo, symlinks, clock, new PlainFolder(folder, linked));
    }

    @Override
    public boolean takesOnly() {
        return giver != null;
    }

    @Override
    public boolean gives(RepoFile file) {
        return giver != null && giver.seems(file);
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
    public Optional<Closeable> enter() {
        try {
            return new Occupancy(cacheRoot).enter(folderName(repo));
        } catch (IOException e) {
            return Optional.of(() -> {});
        }
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

    /** What the commit consists of, if somebody who had asked a hub left it. */
    public Optional<Manifest> listed(String commit) {
        return CommitName.isPlain(commit)
                ? books.manifests().read(commit).or(() -> books.tree(commit))
                : Optional.empty();
    }

    /** Remembers what a commit consists of, for us and for the Python library, before anything of it is fetched. */
    public void remember(Manifest manifest) throws IOException {
        books.remember(manifest, cacheRoot);
    }

    /** What a hub has said of the commit beside its files; empty if nobody has noted it down. */
    public Optional<String> card(String commit) {
        try {
            return CommitName.isPlain(commit) ? Optional.of(Files.readString(card(folder, commit))) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Notes down what a hub says of the commit beside its files. */
    public void rememberCard(String commit, String text) throws IOException {
        AtomicFile.directories(books.own());
        AtomicFile.write(books.own(), card(folder, CommitName.checked(commit)), text);
    }

    private static Path card(Path folder, String commit) {
        return own(folder).resolve(CARDS).resolve(commit + ".json");
    }

    /** What a depot remembers of it. */
    public Bindings bindings() {
        return new Bindings(books.own());
    }

    /** The stored content of that digest, if it is there under that name and known to have it. */
    public Optional<Path> blob(Digest sha256) {
        Path blob = blobs().resolve(sha256.hex());
        try {
            return Files.isRegularFile(blob)
                    ? recorded(blob)
                            .filter(known -> known.sha256().equals(sha256))
                            .map(StoredFile::path)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What a commit consists of as far as files of it are there, whether they are all or not. */
    public Optional<Manifest> shown(String commit) {
        return CommitName.isPlain(commit) ? present(commit) : Optional.empty();
    }

    /** What our record says of a file below {@link #folder()} as it looks now; empty if nothing, or only that it is in doubt. */
    public Optional<StoredFile> recorded(Path file) throws IOException {
        return books.contents("")
                .line(file)
                .flatMap(line -> line.content()
                        .map(content -> new StoredFile(file, content.sha256(), line.from(), line.level())));
    }

    /** What a name in a snapshot shows: the blob behind a link, else the file itself. */
    public static Path behind(Path name) throws IOException {
        return Links.behind(name);
    }

    /** When a commit was last answered from the store, as far as that could be noted down. */
    public Optional<Instant> lastUse(String commit) {
        return CommitName.isPlain(commit) ? books.uses().last(commit) : Optional.empty();
    }

    /**
     * Forgets that anything was stored for some commits. What remains of their content is known as before.
     *
     * @param gone files that are about to be deleted
     */
    public void forget(Set<String> commits, Set<Path> gone) throws IOException {
        books.provenance().forget(commits, name -> {
            Path file = folder.resolve(name);
            return !gone.contains(file) && Files.exists(file);
        });
    }

    /** What is kept about a commit beside its files, by us and by the Python library; not all of it need be there. */
    public static List<Path> notes(Path folder, String commit) {
        String json = commit + ".json";
        return List.of(
                folder.resolve(TREES).resolve(json),
                folder.resolve(".no_exist").resolve(commit),
                own(folder).resolve(LISTINGS).resolve(json),
                card(folder, commit),
                own(folder).resolve(USES).resolve(commit));
    }

    /** Our own folder in that of a repository. */
    public static Path own(Path folder) {
        return folder.resolve(OWN);
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

    Optional<PlainFolder> giver() {
        return Optional.ofNullable(giver);
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
                files.add(row(root, path, Links.behind(path), Files.size(path)));
            }
            // What is missing belongs to it all the same; nothing says how long it was.
            for (Path path : Folders.brokenLinksBelow(root)) {
                files.add(row(root, path, Files.readSymbolicLink(path), 0));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.of(new Manifest("cache", TreeFile.HUB, repo, commit, commit, files, false));
    }

    /** @param content what the name shows, or would show */
    private static RepoFile row(Path root, Path path, Path content, long size) {
        String name =
                root.relativize(path).toString().replace(root.getFileSystem().getSeparator(), "/");
        String blob = String.valueOf(content.getFileName());
        boolean linked = Files.isSymbolicLink(path);
        Digest sha256 = linked && Digest.isSha256(blob) ? Digest.sha256(blob) : null;
        Digest git = linked && Digest.isGitId(blob) ? Digest.gitBlob(blob) : null;
        return new RepoFile(name, size, sha256, git, sha256 != null);
    }
}
