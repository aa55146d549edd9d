package dev.modelfetch;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What re-hashing a stored repository found.
 *
 * @param path that was checked
 * @param commit it holds
 * @param against where the expected digests came from, for example {@code stored listing} or a lock file
 * @param files in listing order
 */
public record StoredCheck(Path path, String commit, String against, List<Item> files) {

    /** What is the matter with one file. */
    public enum State {
        OK,
        /** Length or digest differ; without an actual digest, it cannot be read. */
        CORRUPT,
        MISSING,
        /** Nothing names a digest for it; only its length was compared. */
        UNPROVED;

        /** The word used in JSON and on screen. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One file.
     *
     * @param expected digest, null when nothing names one
     * @param actual digest of the same kind, null when there is nothing that could be read
     */
    public record Item(
            String path,
            State state,
            @Nullable Digest expected,
            @Nullable Digest actual) {}

    public StoredCheck {
        files = List.copyOf(files);
    }

    /** Whether every file is there and as it should be. */
    public boolean ok() {
        return files.stream().noneMatch(file -> file.state() == State.CORRUPT || file.state() == State.MISSING);
    }
}
