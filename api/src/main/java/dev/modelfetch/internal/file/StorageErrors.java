package dev.modelfetch.internal.file;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what a file system says into what a person can do about it. */
public final class StorageErrors {

    // With less than this free, a failed write is taken for a full disk even if its message is in another language.
    private static final long AS_GOOD_AS_FULL = 64 * 1024;

    /** Messages of a disk without room: it became full, or would become so. */
    private static final Set<String> FULL = Set.of("no-space", "no-room");

    private StorageErrors() {}

    /**
     * The failure as people should read it.
     *
     * @param path the file or directory that was being worked on
     */
    public static FetchException.Storage of(IOException e, Path path) {
        String said = words(e);
        if (isFull(said)) {
            return full(e, path);
        }
        if (isReadOnly(e)) {
            return new FetchException.Storage(
                    Message.of("no-write-permission", "No permission to write {0}.", culprit(e, path)),
                    Hint.of("folder-owner", "Check who owns that folder, or store elsewhere."),
                    e);
        }
        if (isInUse(e)) {
            return new FetchException.Storage(
                    "Another program has " + culprit(e, path) + " open, so it cannot be replaced.",
                    Hint.of("file-in-use", "Close what uses it and try again; everything fetched is kept."),
                    e);
        }
        if (said.contains("name too long")) {
            return new FetchException.Storage(
                    Message.of("long-path", "The path {0} is longer than this file system allows.", culprit(e, path)),
                    Hint.of("long-path", "Store closer to the root of the disk."),
                    e);
        }
        if (said.contains("too many open files")) {
            return new FetchException.Storage(
                    Message.of("open-files", "The system allows no more open files (while working on {0}).", path),
                    Hint.of("open-files", "Raise the limit (ulimit -n), or allow fewer files in flight."),
                    e);
        }
        if (said.contains("file too large")) {
            return new FetchException.Storage(
                    Message.of(
                            "file-too-large",
                            "{0} is larger than the file system, or a limit of this process, allows a file to be.",
                            path),
                    Hint.of("file-too-large", "Store it elsewhere, or raise the limit (ulimit -f)."),
                    e);
        }
        Optional<Path> dangling = dangling(Path.of(culprit(e, path)));
        if (dangling.isPresent()) {
            return new FetchException.Storage(
                    Message.of("dangling-link", "{0} is a link to something that is not there.", dangling.get()),
                    Hint.plain("Make the folder it leads to, or remove the link."),
                    e);
        }
        if (e instanceof FileAlreadyExistsException
                || e instanceof NotDirectoryException
                || said.contains("not a directory")) {
            return new FetchException.Storage(
                    Message.of("file-in-the-way", "There is a file where a folder is needed: {0}.", culprit(e, path)),
                    Hint.plain("Move it away and try again."),
                    e);
        }
        if (isFull(path)) {
            return full(e, path);
        }
        return new FetchException.Storage(
                Message.of("store-failed", "Storing {0} failed: {1}.", path, Phrase.Clause.of(e)),
                Hint.of("check-disk", "Check the disk; the next fetch goes on where this one stopped."),
                e);
    }

    /** Whether nothing may be written there, as opposed to something having gone wrong. */
    public static boolean isReadOnly(IOException e) {
        return e instanceof AccessDeniedException || words(e).contains("read-only");
    }

    /** Whether somebody else has the file open and the system (Windows, in its own language) minds that. */
    static boolean isInUse(IOException e) {
        String said = words(e);
        return said.contains(Replacing.IN_USE)
                || said.contains("\u53e6\u4e00\u4e2a\u7a0b\u5e8f\u6b63\u5728\u4f7f\u7528");
    }

    /** Whether a file cannot have that name there: it is too long, or something of another kind has it or one above. */
    public static boolean isOfTheName(IOException e) {
        String said = words(e);
        return e instanceof FileAlreadyExistsException
                || e instanceof NotDirectoryException
                || e instanceof DirectoryNotEmptyException
                || said.contains("name too long")
                || said.contains("not a directory")
                || said.contains("is a directory");
    }

    /** Whether nothing more can be written there for now: no permission, or no room. */
    public static boolean takesNothing(IOException e) {
        return isReadOnly(e) || isFull(words(e));
    }

    /** Whether a failure comes of a disk without room. */
    public static boolean isOfFullDisk(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof IOException io && isFull(words(io))) {
                return true;
            }
        }
        return failure instanceof FetchException.Storage known
                && FULL.contains(known.message().code());
    }

    /** Bytes free on the volume of the nearest directory that exists; 0 when unknown. */
    public static long usableBytes(Path path) {
        try {
            return Files.getFileStore(existing(path)).getUsableSpace();
        } catch (IOException | SecurityException e) {
            return 0;
        }
    }

    /** The path itself or the nearest directory above it that exists. */
    public static Path existing(Path path) {
        Path at = path.toAbsolutePath();
        while (!Files.exists(at)) {
            Path parent = at.getParent();
            if (parent == null) {
                return at;
            }
            at = parent;
        }
        return at;
    }

    private static FetchException.Storage full(IOException e, Path path) {
        return new FetchException.Storage(
                Message.of("no-space", "No space left while writing {0}.", path),
                Hint.of(
                        "no-space",
                        "Free some space and try again, which goes on where it stopped; or store elsewhere."),
                e);
    }

    private static boolean isFull(String said) {
        return said.contains("no space left")
                || said.contains("not enough space")
                || said.contains("quota exceeded")
                || said.contains("disk full");
    }

    private static boolean isFull(Path path) {
        try {
            return Files.getFileStore(existing(path)).getUsableSpace() < AS_GOOD_AS_FULL;
        } catch (IOException | SecurityException e) {
            return false;
        }
    }

    /** The path, or the nearest above it, that is a link to nowhere. */
    private static Optional<Path> dangling(Path path) {
        for (Path at = path.toAbsolutePath(); at != null && !Files.exists(at); at = at.getParent()) {
            if (Files.isSymbolicLink(at)) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private static String culprit(IOException e, Path path) {
        @Nullable String file = e instanceof FileSystemException system ? system.getFile() : null;
        return file != null ? file : path.toString();
    }

    private static String words(IOException e) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    }
}
