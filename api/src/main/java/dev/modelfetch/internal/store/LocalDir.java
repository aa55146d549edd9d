package dev.modelfetch.internal.store;

import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.file.SafePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A plain directory with the Python library's bookkeeping in {@code .cache/huggingface} (huggingface.md 5.7) and ours
 * in {@code .cache/modelfetch}.
 */
public final class LocalDir implements RepoStore {

    private static final String METADATA = ".metadata";
    private static final String JSON = ".json";

    private final Path directory;
    private final Repo repo;
    private final Bookkeeping books;

    /**
     * Opens the directory without touching the disk.
     *
     * @param repo named by manifests that have to be made up from what the Python library left
     */
    public LocalDir(Path directory, Repo repo, InstantSource clock) {
        this.directory = directory.toAbsolutePath().normalize();
        this.repo = repo;
        Path own = directory.toAbsolutePath().normalize().resolve(".cache").resolve("modelfetch");
        this.books = new Bookkeeping(repo, this.directory, own, own.resolve("refs"), hub().resolve("trees"), clock);
    }

    @Override
    public SnapshotStore at(String commit) {
        return new LocalSnapshot(this, CommitName.checked(commit));
    }

    @Override
    public Optional<String> ref(String revision) {
        Optional<String> ref = books.refs().read(revision);
        return ref.isEmpty() && commits().contains(revision) ? Optional.of(revision) : ref;
    }

    @Override
    public Optional<Manifest> manifest(String commit) {
        return books.manifest(commit).or(() -> noted(commit));
    }

    @Override
    public List<String> commits() {
        Set<String> commits = new LinkedHashSet<>(jsonFiles(books.manifests().directory()));
        commits.addAll(jsonFiles(books.trees()));
        try {
            for (Path metadata : metadataFiles()) {
                LocalMetadata.read(metadata).ifPresent(noted -> commits.add(noted.commit()));
            }
        } catch (IOException e) {
            // What the manifests say is enough.
        }
        return commits.stream().filter(CommitName::isPlain).toList();
    }

    @Override
    public Path folder() {
        return directory;
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
        return SafePath.resolve(downloads(), metadataName(file));
    }

    static String metadataName(RepoFile file) {
        return file.path() + METADATA;
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

    /** Commits that have a JSON file, the most recent first. */
    private static List<String> jsonFiles(Path folder) {
        try {
            return Folders.newestFirst(
                            Folders.entries(folder, entry -> entry.toString().endsWith(JSON)))
                    .stream()
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .map(name -> name.substring(0, name.length() - JSON.length()))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
