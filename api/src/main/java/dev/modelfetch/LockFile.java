package dev.modelfetch;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a good download consisted of, so that later ones can be held to it.
 *
 * @param type of the repository
 * @param repo id as asked for
 * @param revision branch or tag that was asked for
 * @param commit it resolved to
 * @param family hub family whose commit that is
 * @param files every file with its length and SHA-256
 */
public record LockFile(RepoType type, String repo, String revision, String commit, String family, List<Pin> files) {

    private static final int VERSION = 1;
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /** One file. */
    public record Pin(String path, long size, String sha256) {}

    public LockFile {
        files = List.copyOf(files);
    }

    /** The lock of what a finished job stored. */
    public static LockFile of(FetchResult result) {
        return new LockFile(
                result.repo().type(),
                result.repo().id(),
                result.revision(),
                result.commit(),
                result.family(),
                result.files().stream()
                        .map(file -> new Pin(file.path(), file.size(), file.sha256()))
                        .toList());
    }

    /** The pin of that exact path. */
    public Optional<Pin> pin(String path) {
        return files.stream().filter(pin -> pin.path().equals(path)).findFirst();
    }

    /**
     * @throws FetchException.Usage if it cannot be read or is not a lock file
     */
    public static LockFile read(Path file) {
        try {
            Document document = GSON.fromJson(Files.readString(file), Document.class);
            if (document == null) {
                throw new IllegalArgumentException("it is empty");
            }
            return document.checked();
        } catch (IOException e) {
            throw new FetchException.Usage(
                    "The lock file " + file + " cannot be read: " + e.getMessage() + ".", "Check the path.", e);
        } catch (JsonParseException | IllegalArgumentException e) {
            throw new FetchException.Usage(
                    file + " is not a lock file: " + e.getMessage() + ".", "Write a new one with --lock.", e);
        }
    }

    /**
     * Replaces the file as a whole.
     *
     * @throws FetchException.Storage if it cannot be written
     */
    public void write(Path file) {
        Path target = file.toAbsolutePath();
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        try {
            Files.writeString(fresh, GSON.toJson(Document.of(this)) + "\n");
            Files.move(fresh, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new FetchException.Storage(
                    "The lock file " + file + " cannot be written: " + e.getMessage() + ".",
                    "Check the folder and its permissions.",
                    e);
        }
    }

    /** The file as it is on disk. */
    private record Document(
            int v, String type, String repo, String revision, String commit, String family, List<Pin> files) {

        static Document of(LockFile lock) {
            return new Document(
                    VERSION, lock.type.word(), lock.repo, lock.revision, lock.commit, lock.family, lock.files);
        }

        LockFile checked() {
            if (v != VERSION) {
                throw new IllegalArgumentException("version " + v + " is not " + VERSION);
            }
            if (Stream.of(type, repo, revision, commit, family, files).anyMatch(Objects::isNull)) {
                throw new IllegalArgumentException("it is incomplete");
            }
            Set<String> seen = new HashSet<>();
            for (Pin pin : files) {
                if (pin == null || pin.path() == null || pin.sha256() == null) {
                    throw new IllegalArgumentException("an entry is incomplete");
                }
                if (pin.size() < 0 || !Digest.isSha256(pin.sha256()) || !seen.add(pin.path())) {
                    throw new IllegalArgumentException("bad entry for " + pin.path());
                }
            }
            return new LockFile(
                    RepoType.parse(type),
                    new Repo(RepoType.parse(type), repo, null).id(),
                    revision,
                    commit,
                    family,
                    files);
        }
    }
}
