package dev.modelfetch;

import java.nio.file.Path;

/** Where files go. */
public sealed interface Destination {

    /** The hub cache the {@link Modelfetch} was built with. */
    record DefaultCache() implements Destination {}

    /**
     * A hub cache elsewhere (huggingface.md 5.2).
     *
     * @param root the directory that holds {@code models--…}
     */
    record HubCacheAt(Path root) implements Destination {
        public HubCacheAt {
            root = root.toAbsolutePath().normalize();
        }
    }

    /** Plain files below a directory (huggingface.md 5.7). */
    record Directory(Path path) implements Destination {
        public Directory {
            path = path.toAbsolutePath().normalize();
        }
    }
}
