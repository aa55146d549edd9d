package dev.modelfetch.testing.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A repository at one commit.
 *
 * @param id 40 hex digits, derived from everything below it
 * @param files by path
 */
public record Commit(String id, SortedMap<String, StoredFile> files) {

    /** A line of a listing; a directory has no file. */
    record Row(String path, @Nullable StoredFile file) {}

    /** @param salt sets apart equal contents of different repositories or hubs */
    static Commit of(String salt, SortedMap<String, StoredFile> files) {
        StringBuilder tree = new StringBuilder(salt);
        files.values()
                .forEach(file ->
                        tree.append('\n').append(file.path()).append(' ').append(file.oid()));
        return new Commit(Content.text(tree.toString()).gitBlob(), new TreeMap<>(files));
    }

    /** The file at exactly this path. */
    public Optional<StoredFile> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** Files and directories below a directory ({@code ""} is the root), in order of path. */
    List<Row> rows(String directory, boolean recursive) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        SortedMap<String, Row> rows = new TreeMap<>();
        for (StoredFile file : files.values()) {
            if (!file.path().startsWith(prefix)) {
                continue;
            }
            List<String> parents = parents(file.path(), prefix.length());
            if (recursive || parents.isEmpty()) {
                rows.put(file.path(), new Row(file.path(), file));
            }
            for (String parent : recursive ? parents : parents.subList(0, Math.min(1, parents.size()))) {
                rows.put(parent, new Row(parent, null));
            }
        }
        return List.copyOf(rows.values());
    }

    private static List<String> parents(String path, int start) {
        List<String> parents = new ArrayList<>();
        for (int slash = path.indexOf('/', start); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            parents.add(path.substring(0, slash));
        }
        return parents;
    }
}
