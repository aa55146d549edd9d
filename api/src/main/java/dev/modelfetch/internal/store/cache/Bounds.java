package dev.modelfetch.internal.store.cache;

import dev.modelfetch.internal.file.Folders;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * Where a cache ends, whatever links lead out of it: nothing beyond is ever deleted. A link is inside if its own name is.
 */
final class Bounds {

    private final Path realRoot;

    private Bounds(Path realRoot) {
        this.realRoot = realRoot;
    }

    /** @param root that exists */
    static Bounds of(Path root) throws IOException {
        return new Bounds(root.toRealPath());
    }

    /** Whether what a folder holds is inside; not if nobody can tell. */
    boolean hold(Path folder) {
        try {
            return folder.toRealPath().startsWith(realRoot);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Deletes whatever has that name, and everything below it. A link goes, and nothing behind it.
     *
     * @throws AccessDeniedException if it is outside
     */
    void delete(Path name) throws IOException {
        check(name);
        Folders.delete(name);
    }

    /** As {@link #delete}, in one step for whoever looks: by way of another name, if it can have that. */
    void deleteAtOnce(Path name, Path otherName) throws IOException {
        check(name);
        Path going = name;
        try {
            check(otherName);
            Files.move(name, otherName, StandardCopyOption.ATOMIC_MOVE);
            going = otherName;
        } catch (IOException | UnsupportedOperationException e) {
            // Then one by one.
        }
        Folders.delete(going);
    }

    private void check(Path name) throws IOException {
        Path above = Objects.requireNonNull(name.toAbsolutePath().getParent());
        if (!above.toRealPath().startsWith(realRoot)) {
            throw new AccessDeniedException(name.toString(), null, "it lies outside " + realRoot);
        }
    }
}
