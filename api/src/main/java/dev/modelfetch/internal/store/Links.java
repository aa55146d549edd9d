package dev.modelfetch.internal.store;

import dev.modelfetch.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Relative symbolic links from snapshots to blobs, or copies where there can be no links (huggingface.md 5.5). */
final class Links {

    private final Path scratch;
    private final boolean wanted;
    private volatile Optional<Boolean> possible = Optional.empty();

    /**
     * @param scratch existing directory of ours on the same volume
     * @param wanted false when the user does not want links
     */
    Links(Path scratch, boolean wanted) {
        this.scratch = scratch;
        this.wanted = wanted;
    }

    /** Whether snapshots hold links; tried out once. */
    boolean inUse() {
        if (!wanted) {
            return false;
        }
        if (possible.isEmpty()) {
            possible = Optional.of(tryOut());
        }
        return possible.get();
    }

    /** Lets a name show the content of a file; what had that name is replaced in one step. */
    void show(Path content, Path name) throws IOException {
        if (!inUse()) {
            AtomicFile.copy(scratch, content, name);
            return;
        }
        Path from = name.getParent();
        Path relative = from == null ? content : from.relativize(content);
        AtomicFile.directoriesAbove(name);
        try {
            Files.createSymbolicLink(name, relative);
        } catch (FileAlreadyExistsException e) {
            replace(name, relative);
        }
    }

    private void replace(Path name, Path relative) throws IOException {
        if (Files.isSymbolicLink(name) && Files.readSymbolicLink(name).equals(relative)) {
            return;
        }
        Path fresh = AtomicFile.temporary(scratch);
        try {
            Files.createSymbolicLink(fresh, relative);
            AtomicFile.move(fresh, name);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** What a name shows: the target of a link that leads somewhere, else the name itself. */
    static Path behind(Path name) throws IOException {
        // Most are asked for before they are there, which costs an exception to find out in any other way.
        if (!Files.exists(name) || !Files.isSymbolicLink(name)) {
            return name;
        }
        return name.resolveSibling(Files.readSymbolicLink(name)).normalize();
    }

    private boolean tryOut() {
        Path link = AtomicFile.temporary(scratch);
        try {
            Files.createSymbolicLink(link, link.resolveSibling("nothing").getFileName());
            return true;
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            return false;
        } finally {
            try {
                Files.deleteIfExists(link);
            } catch (IOException e) {
                // Swept up with other leftovers.
            }
        }
    }
}
