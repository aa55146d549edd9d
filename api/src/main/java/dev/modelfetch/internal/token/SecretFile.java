package dev.modelfetch.internal.token;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.StorageErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files for the eyes of their owner alone, where the file system knows of owners; replaced as a whole or not at all. */
final class SecretFile {

    private SecretFile() {}

    /** Makes the folder, and finds out whether it takes a file. One that is there keeps its permissions: others may share it. */
    static void prepare(Path file) {
        Path folder = folder(file);
        try {
            Files.delete(fresh(folder));
        } catch (IOException e) {
            throw refusal(e, folder);
        }
    }

    static void write(Path file, String text) {
        try {
            // Where somebody keeps it elsewhere and has put a link here, the link stays.
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Path fresh = fresh(folder(target));
            try {
                Files.write(fresh, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.DSYNC);
                AtomicFile.move(fresh, target);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw refusal(e, file);
        }
    }

    /** Whether there was one. */
    static boolean delete(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new FetchException.Storage(
                    Message.of(
                            "token-undeletable",
                            "The token in {0} cannot be deleted: {1}.",
                            file,
                            new Phrase.Clause(String.valueOf(e.getMessage()))),
                    Hint.plain("Check who owns that file and its folder; the token is still there."),
                    e);
        }
    }

    private static Path folder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new FetchException.Storage(
                    Message.of("no-place", "{0} is no place for a file.", file), Hint.plain("Choose another one."));
        }
        return folder;
    }

    private static Path fresh(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, forOwner("rwx------"));
        }
        return Files.createTempFile(folder, AtomicFile.TEMPORARY, "", forOwner("rw-------"));
    }

    private static FileAttribute<?>[] forOwner(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static FetchException.Storage refusal(IOException e, Path path) {
        for (Path at = path.toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isSymbolicLink(at) && !Files.exists(at)) {
                return new FetchException.Storage(
                        Message.of("dangling-link", "{0} is a link to something that is not there.", at),
                        Hint.plain("Make what it leads to, or let the setting name another place; nothing was stored."),
                        e);
            }
            if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                break;
            }
        }
        return StorageErrors.isReadOnly(e)
                ? new FetchException.Storage(
                        Message.of("no-permission-in", "No permission to write in {0}.", path),
                        Hint.of(
                                "token-folder",
                                "Check who owns that folder, or let its setting name another; nothing was stored."),
                        e)
                : StorageErrors.of(e, path);
    }
}
