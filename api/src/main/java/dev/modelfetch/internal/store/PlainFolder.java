package dev.modelfetch.internal.store;

import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.file.SafePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A folder that somebody else has filled with plain files, named as in the repository. It is only read.
 *
 * @param linked whether its files may be shared, as nobody writes to them
 */
record PlainFolder(Path folder, boolean linked) {

    /** Its bytes are the ones wanted. */
    record Given(Path fresh, Content content) {}

    /** Whether {@link #take} may find it, by its length. */
    boolean seems(RepoFile row) {
        Path file = SafePath.resolve(folder, row.path());
        try {
            return row.digest().isPresent() && Files.isRegularFile(file) && Files.size(file) == row.size();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The file in our own folder, to be given its name, if it has every digest of the row. What is hashed is what is taken,
     * whatever happens to the original meanwhile.
     *
     * @param scratch an existing directory of ours
     * @param hashed told again and again how many bytes more were hashed
     */
    Optional<Given> take(RepoFile row, Path scratch, IntConsumer hashed) throws IOException {
        if (!seems(row)) {
            return Optional.empty();
        }
        // A hard link to a symbolic one would only be another name of that.
        Path file = SafePath.resolve(folder, row.path()).toRealPath();
        Path fresh = linked ? CachedCopy.linked(scratch, file) : CachedCopy.copied(scratch, file);
        boolean given = false;
        try {
            Content content = Digests.of(fresh, Digests.needsGit(row), hashed);
            given = content.satisfies(row);
            return given ? Optional.of(new Given(fresh, content)) : Optional.empty();
        } finally {
            if (!given) {
                Files.deleteIfExists(fresh);
            }
        }
    }
}
