package dev.modelfetch;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    /** What has to fit on the disk ahead of a download: the pins of some dozen files. */
    private static final int ROOM = 8192;

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /**
     * One file.
     *
     * @param path in the repository
     * @param size in bytes
     * @param sha256 64 hex digits
     */
    public record Pin(String path, long size, String sha256) {
        /** @throws IllegalArgumentException on a negative size, an empty path, or what is no SHA-256 */
        public Pin {
            if (size < 0 || path.isEmpty() || !Digest.isSha256(sha256)) {
                throw new IllegalArgumentException("bad entry for " + path);
            }
        }
    }

    public LockFile {
        files = List.copyOf(files);
    }

    /** The lock of what a finished job stored. */
    public static LockFile of(Snapshot result) {
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
        if (Files.isDirectory(file)) {
            throw new FetchException.Usage(
                    Message.of("lock-folder", "{0} is a folder, not a lock file.", file),
                    Hint.plain("Check the path."));
        }
        // As a stream: what is no lock file may be of any length.
        try (Reader text = Files.newBufferedReader(file)) {
            return read(text, file.toString());
        } catch (IOException e) {
            throw new FetchException.Usage(
                    Message.of("lock-unreadable", "The lock file {0} cannot be read: {1}.", file, Phrase.Clause.of(e)),
                    Hint.plain("Check the path."),
                    e);
        }
    }

    /**
     * As {@link #read(Path)}, from wherever it is kept; closes nothing.
     *
     * @param file its name in messages
     * @throws FetchException.Usage if it cannot be read or is not a lock file
     */
    public static LockFile read(Reader text, String file) {
        try {
            Document document = GSON.fromJson(text, Document.class);
            if (document == null) {
                throw new IllegalArgumentException("it is empty");
            }
            return document.checked();
        } catch (JsonParseException e) {
            throw new FetchException.Usage(
                    Message.of("no-lock-file", "{0} is not a lock file.", file),
                    Hint.of("new-lock", "Write a new one from a finished fetch."),
                    e);
        } catch (IllegalArgumentException e) {
            throw new FetchException.Usage(
                    Message.of(
                            "bad-lock",
                            "{0} is not a lock file: {1}.",
                            file,
                            new Phrase.Clause(String.valueOf(e.getMessage()))),
                    Hint.of("new-lock", "Write a new one from a finished fetch."),
                    e);
        }
    }

    /**
     * Replaces the lock file there, or makes one, in one step.
     *
     * @throws FetchException.Usage if there is anything else
     * @throws FetchException.Storage if it cannot be written
     */
    public void write(Path file) {
        Path target = replaceable(file);
        try {
            Path fresh = temporary(target, GSON.toJson(Document.of(this)) + "\n");
            try {
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /**
     * Finds out ahead of a download what would keep its lock from being written; leaves nothing behind.
     *
     * @throws FetchException.Usage if there is something that is not a lock file
     * @throws FetchException.Storage if nothing can be written there
     */
    public static void checkWritable(Path file) {
        Path target = replaceable(file);
        try {
            Files.delete(temporary(target, " ".repeat(ROOM)));
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /**
     * The file itself, which is a lock file or empty if there is one. Behind a link it is the file that the link leads
     * to: whoever keeps it elsewhere wants the link to stay.
     */
    private static Path replaceable(Path file) {
        Path target = file.toAbsolutePath();
        try {
            if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                return target;
            }
            target = target.toRealPath();
            if (!Files.isRegularFile(target)) {
                throw inTheWay(
                        Files.isDirectory(target)
                                ? Message.of("is-folder", "{0} is a folder.", file)
                                : Message.of("is-no-file", "{0} is not a file.", file));
            }
            if (Files.size(target) > 0) {
                read(target);
            }
            return target;
        } catch (NoSuchFileException e) {
            throw inTheWay(Message.of("dead-link", "{0} is a link that leads nowhere.", file));
        } catch (FetchException.Usage e) {
            throw e.getCause() instanceof AccessDeniedException denied ? unwritable(file, denied) : inTheWay(e);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static FetchException.Usage inTheWay(FetchException.Usage e) {
        return e.getCause() == null ? e : inTheWay(e.message());
    }

    private static FetchException.Usage inTheWay(Message what) {
        return new FetchException.Usage(
                Message.of("lock-in-the-way", "The lock cannot be written: {0}", what),
                Hint.plain("Name a new file, or a lock file to be replaced."));
    }

    /** Under a name that nobody has, beside the target. */
    private static Path temporary(Path target, String text) throws IOException {
        String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        Path fresh = target.resolveSibling(".lock-" + random);
        try {
            Files.writeString(fresh, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return fresh;
        } catch (IOException e) {
            if (!(e instanceof FileAlreadyExistsException)) {
                Files.deleteIfExists(fresh);
            }
            throw e;
        }
    }

    private static FetchException.Storage unwritable(Path file, IOException e) {
        Phrase.Clause why =
                e instanceof NoSuchFileException ? new Phrase.Clause("its folder does not exist") : Phrase.Clause.of(e);
        return new FetchException.Storage(
                Message.of("lock-unwritable", "The lock file {0} cannot be written: {1}.", file, why),
                Hint.plain("Check the folder and its permissions."),
                e);
    }

    /** A file as it is on disk, which may lack anything. */
    private record Entry(
            @Nullable String path, long size, @Nullable String sha256) {

        Pin pin() {
            if (path == null || sha256 == null) {
                throw new IllegalArgumentException("an entry is incomplete");
            }
            return new Pin(path, size, sha256);
        }
    }

    /** The file as it is on disk. */
    private record Document(
            int v,
            String type,
            String repo,
            String revision,
            String commit,
            String family,
            List<@Nullable Entry> files) {

        static Document of(LockFile lock) {
            return new Document(
                    VERSION,
                    lock.type.word(),
                    lock.repo,
                    lock.revision,
                    lock.commit,
                    lock.family,
                    lock.files.stream()
                            .map(pin -> new Entry(pin.path(), pin.size(), pin.sha256()))
                            .toList());
        }

        LockFile checked() {
            if (v != VERSION) {
                throw new IllegalArgumentException("version " + v + " is not " + VERSION);
            }
            if (Stream.of(type, repo, revision, commit, family, files).anyMatch(Objects::isNull)) {
                throw new IllegalArgumentException("it is incomplete");
            }
            Set<String> seen = new HashSet<>();
            List<Pin> pins = new ArrayList<>();
            for (Entry entry : files) {
                if (entry == null) {
                    throw new IllegalArgumentException("an entry is incomplete");
                }
                pins.add(entry.pin());
                if (!seen.add(entry.path())) {
                    throw new IllegalArgumentException("bad entry for " + entry.path());
                }
            }
            return new LockFile(
                    RepoType.parse(type),
                    new Repo(RepoType.parse(type), repo, null).id(),
                    revision,
                    commit,
                    family,
                    pins);
        }
    }
}
