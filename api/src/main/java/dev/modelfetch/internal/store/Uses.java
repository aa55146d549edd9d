package dev.modelfetch.internal.store;

import dev.modelfetch.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When commits were used last: an empty file for each, whose time of modification says it. Most disks no longer note when
 * a file is read, or only once a day.
 */
final class Uses {

    /** Finer than any policy that asks for it, and seldom enough not to be felt. */
    private static final Duration PRECISION = Duration.ofHours(1);

    private final Path folder;

    Uses(Path folder) {
        this.folder = folder;
    }

    /** The file for a commit. */
    Path note(String commit) {
        return folder.resolve(CommitName.checked(commit));
    }

    /** Notes a use down, unless that was done within the hour. A cache one can only read is used all the same. */
    void note(String commit, Instant now) {
        Path note = note(commit);
        try {
            Optional<Instant> last = last(commit);
            if (last.isPresent() && Duration.between(last.get(), now).abs().compareTo(PRECISION) < 0) {
                return;
            }
            if (last.isEmpty()) {
                AtomicFile.directories(folder);
                create(note);
            }
            Files.setLastModifiedTime(note, FileTime.from(now));
        } catch (IOException e) {
            // The times of the files have to do.
        }
    }

    Optional<Instant> last(String commit) {
        Path note = note(commit);
        try {
            return Files.exists(note)
                    ? Optional.of(Files.getLastModifiedTime(note).toInstant())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void create(Path note) throws IOException {
        try {
            Files.createFile(note);
        } catch (FileAlreadyExistsException another) {
            // Of the same use.
        }
    }
}
