package dev.modelfetch.internal.store;

import dev.modelfetch.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Relative symbolic links from snapshots to blobs, or copies where there can be no links (huggingface.md 5.5). */
public final class Links {

    private final Path scratch;
    private final boolean wanted;
    private volatile Optional<Boolean> possible = Optional.empty();

    /**
     * @param scratch existing directory of ours on the same volume
     * @param wanted false when the user does not want links
     */
    public Links(Path scratch, boolean wanted) {
        this.scratch = scratch;
        this.wanted = wanted;
    }

    /** Whether snapshots hold links; tried out once. */
    public boolean inUse() {
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
        AtomicFile.directoriesAbove(name);
        Path from = Objects.requireNonNull(name.getParent());
        link(name, from.relativize(content));
        if (!shows(name, content)) {
            // A folder on the way is a link to somewhere else, from where the way back is another.
            link(name, from.toRealPath().relativize(content.toRealPath()));
        }
        if (!shows(name, content)) {
            AtomicFile.copy(scratch, content, name);
        }
    }

    private void link(Path name, Path relative) throws IOException {
        try {
            Files.createSymbolicLink(name, relative);
        } catch (FileAlreadyExistsException e) {
            replace(name, relative);
        }
    }

    private static boolean shows(Path name, Path content) {
        try {
            return Files.isSameFile(name, content);
        } catch (IOException e) {
            return false;
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

    /**
     * What a name shows: the target of a link that leads somewhere, else the name itself. Also where a folder above it is
     * a link to elsewhere, so that the target read as text is another.
     */
    static Path behind(Path name) throws IOException {
        // Most are asked for before they are there, which costs an exception to find out in any other way.
        if (!Files.exists(name) || !Files.isSymbolicLink(name)) {
            return name;
        }
        Path target = Files.readSymbolicLink(name);
        Path read = name.resolveSibling(target).normalize();
        if (shows(read, name)) {
            return read;
        }
        Path followed = name.toRealPath().resolveSibling(String.valueOf(target.getFileName()));
        return shows(followed, name) ? followed : name;
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
