package dev.modelfetch.internal.store;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers what sources listed, one JSON file for each commit, for jobs that may not or need not ask again. */
final class Manifests {

    private static final int VERSION = 1;
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    private final Path directory;

    Manifests(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /** A manifest with rows dropped does not replace a complete one of the same family. */
    void remember(Path scratch, Manifest manifest) throws IOException {
        String text = GSON.toJson(Document.of(manifest)) + "\n";
        Path file = file(manifest.commit());
        if (Files.isRegularFile(file)
                && Arrays.equals(Files.readAllBytes(file), text.getBytes(StandardCharsets.UTF_8))) {
            return;
        }
        Optional<Manifest> known = read(manifest.commit());
        boolean better = known.isEmpty()
                || manifest.complete()
                || !known.get().complete()
                || !known.get().family().equals(manifest.family());
        if (better) {
            AtomicFile.write(scratch, file, text);
        }
    }

    /** Empty as well if it cannot be read. */
    Optional<Manifest> read(String commit) {
        try {
            Document document = GSON.fromJson(Files.readString(file(commit)), Document.class);
            return document == null ? Optional.empty() : document.manifest(commit);
        } catch (IOException
                | JsonParseException
                | IllegalArgumentException
                | NullPointerException
                | FetchException e) {
            return Optional.empty();
        }
    }

    private Path file(String commit) {
        return directory.resolve(CommitName.checked(commit) + ".json");
    }

    private record Row(
            String path,
            long size,
            @Nullable String sha256,
            @Nullable String git,
            boolean lfs) {

        static Row of(RepoFile file) {
            return new Row(file.path(), file.size(), hex(file.sha256()), hex(file.gitBlob()), file.lfs());
        }

        RepoFile file() {
            return new RepoFile(
                    path,
                    size,
                    sha256 == null ? null : Digest.sha256(sha256),
                    git == null ? null : Digest.gitBlob(git),
                    lfs);
        }

        private static @Nullable String hex(@Nullable Digest digest) {
            return digest == null ? null : digest.hex();
        }
    }

    private record Document(
            int v,
            String source,
            String family,
            String type,
            String repo,
            @Nullable String spelling,
            String revision,
            String commit,
            boolean complete,
            List<Row> files) {

        static Document of(Manifest manifest) {
            return new Document(
                    VERSION,
                    manifest.source(),
                    manifest.family(),
                    manifest.repo().type().word(),
                    manifest.repo().id(),
                    manifest.repo().family(),
                    manifest.revision(),
                    manifest.commit(),
                    manifest.complete(),
                    manifest.files().stream().map(Row::of).toList());
        }

        Optional<Manifest> manifest(String expected) {
            if (v != VERSION || !commit.equals(expected)) {
                return Optional.empty();
            }
            return Optional.of(new Manifest(
                    source,
                    family,
                    new Repo(RepoType.parse(type), repo, spelling),
                    revision,
                    commit,
                    files.stream().map(Row::file).toList(),
                    complete));
        }
    }
}
