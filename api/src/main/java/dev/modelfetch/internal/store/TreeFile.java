package dev.modelfetch.internal.store;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.SerializedName;
import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The complete manifest of a commit as the Python library caches it (huggingface.md 5.6). */
final class TreeFile {

    /** Family whose commits and git ids the Python library understands. */
    static final String HUB = "huggingface";

    private static final int VERSION = 1;
    private static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .setFormattingStyle(FormattingStyle.PRETTY.withIndent(" "))
            .create();

    private TreeFile() {}

    /** Writes it unless it is there or would not be the whole truth: rows left out would not exist for the reader. */
    static void ensure(Path scratch, Path directory, Manifest manifest) throws IOException {
        Path target = file(directory, manifest.commit());
        if (!isWhole(manifest) || Files.exists(target)) {
            return;
        }
        Map<String, Entry> files = new TreeMap<>();
        manifest.files().forEach(file -> files.put(file.path(), Entry.of(file)));
        AtomicFile.write(scratch, target, GSON.toJson(new Document(VERSION, files)));
    }

    /** Empty if there is none or the Python library would not believe it either. */
    static Optional<Manifest> read(Path directory, String commit, Repo repo) {
        try {
            Document document = GSON.fromJson(Files.readString(file(directory, commit)), Document.class);
            if (document == null || document.version() != VERSION) {
                return Optional.empty();
            }
            return Optional.of(new Manifest(
                    "cache",
                    HUB,
                    repo,
                    commit,
                    commit,
                    document.files().entrySet().stream()
                            .map(entry -> entry.getValue().file(entry.getKey()))
                            .toList(),
                    true));
        } catch (IOException | JsonParseException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private static Path file(Path directory, String commit) {
        return directory.resolve(CommitName.checked(commit) + ".json");
    }

    private static boolean isWhole(Manifest manifest) {
        return manifest.complete()
                && manifest.family().equals(HUB)
                && Digest.isGitId(manifest.commit())
                && manifest.files().stream().allMatch(file -> (file.lfs() ? file.sha256() : file.gitBlob()) != null);
    }

    private record Document(
            @SerializedName("format_version") int version, Map<String, Entry> files) {}

    private record Entry(
            long size,
            @SerializedName("blob_id") @Nullable String blobId,
            @SerializedName("lfs_sha256") @Nullable String lfsSha256,
            @SerializedName("lfs_size") @Nullable Long lfsSize) {

        static Entry of(RepoFile file) {
            Digest sha256 = file.sha256();
            if (file.lfs() && sha256 != null) {
                String pointer = Digests.pointerId(sha256, file.size()).hex();
                return new Entry(file.size(), pointer, sha256.hex(), file.size());
            }
            Digest git = file.gitBlob();
            return new Entry(file.size(), git == null ? null : git.hex(), null, null);
        }

        RepoFile file(String path) {
            if (lfsSha256 != null) {
                return new RepoFile(path, lfsSize == null ? size : lfsSize, Digest.sha256(lfsSha256), null, true);
            }
            return new RepoFile(path, size, null, blobId == null ? null : Digest.gitBlob(blobId), false);
        }
    }
}
