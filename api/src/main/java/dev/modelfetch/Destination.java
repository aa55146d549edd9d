package dev.modelfetch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Where files go. */
public sealed interface Destination {

    /** The hub cache the {@link Modelfetch} was built with. */
    record DefaultCache() implements Destination {}

    /**
     * A hub cache elsewhere, laid out as the Python library does.
     *
     * @param root the directory that holds {@code models--…}
     */
    record HubCacheAt(Path root) implements Destination {
        public HubCacheAt {
            root = absolute(root);
        }
    }

    /**
     * The hub cache the {@link Modelfetch} was built with, filled from a folder that somebody else has filled: sources say
     * what the repository consists of, files with the right digest are taken from the folder, and no byte of a file is
     * fetched. What the folder lacks, or has otherwise, is left out of the {@link Snapshot}; that it has nothing is a
     * {@link FetchException.NotFound}. Nothing in the folder is changed.
     *
     * @param folder of plain files, named as in the repository
     * @param linked whether the cache shares its bytes with the folder, where the file system can; then nobody may write to
     *     those files any more. otherwise they are copied
     */
    record CacheTakingFrom(Path folder, boolean linked) implements Destination {
        public CacheTakingFrom {
            folder = absolute(folder);
        }
    }

    /** Plain files below a directory, with our notes in {@code .cache/huggingface} there. */
    record Directory(Path path) implements Destination {
        public Directory {
            path = absolute(path);
        }
    }

    /**
     * Plain files where ModelScope's own tools look for them, {@code models/OWNER--NAME/snapshots/REVISION}, under the name
     * that the repository has there (modelscope.md 6.2). What the hub cache has is linked to it where the file system can.
     *
     * @param root what {@code MODELSCOPE_CACHE} names; empty for where they have it on this machine
     */
    record ModelScopeCache(Optional<Path> root) implements Destination {
        public ModelScopeCache {
            root = root.map(Destination::absolute);
        }
    }

    /**
     * The absolute path without {@code .} and {@code ..}, as the system would follow it: behind a link, {@code ..} is the
     * folder above the one it leads to.
     */
    private static Path absolute(Path path) {
        Path absolute = path.toAbsolutePath();
        Path root = Objects.requireNonNull(absolute.getRoot());
        Path at = root;
        for (Path name : absolute) {
            if (name.toString().equals("..")) {
                Path above = real(at).getParent();
                at = above == null ? root : above;
            } else if (!name.toString().equals(".")) {
                at = at.resolve(name);
            }
        }
        return at;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            // What is not there is no link.
            return path;
        }
    }
}
