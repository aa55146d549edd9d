package dev.modelfetch.testing.hub;

import dev.modelfetch.RepoType;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What a hub holds under one id. Immutable; every step returns a changed copy:
 * {@code Repository.model("acme/tiny").file("README.md", "# Tiny").lfs("model.bin", Content.generated(1, 1 << 20))}.
 *
 * @param type model, dataset or space
 * @param id {@code owner/name}, or a bare name
 * @param catalogue a word that sets its commits apart from those of another hub with equal content
 * @param head the default branch
 * @param refs other branches and tags
 * @param access who may read it
 * @param readers tokens that may read it when it is not open
 */
public record Repository(
        RepoType type,
        String id,
        String catalogue,
        Commit head,
        Map<String, Commit> refs,
        Access access,
        Set<String> readers) {

    /** Who may read a repository. */
    public enum Access {
        /** Everybody. */
        OPEN,
        /** Everybody sees the listing, readers get the files. */
        GATED,
        /** Only readers know that it exists. */
        PRIVATE
    }

    public Repository {
        refs = Map.copyOf(refs);
        readers = Set.copyOf(readers);
    }

    /** An empty public model. */
    public static Repository model(String id) {
        return empty(RepoType.MODEL, id);
    }

    /** An empty public dataset. */
    public static Repository dataset(String id) {
        return empty(RepoType.DATASET, id);
    }

    /** An empty public repository. */
    public static Repository empty(RepoType type, String id) {
        Commit nothing = new Commit("0".repeat(40), new TreeMap<>());
        return new Repository(type, id, "", nothing, Map.of(), Access.OPEN, Set.of());
    }

    /** Adds or replaces a small text file, kept in git. */
    public Repository file(String path, String text) {
        return file(path, Content.text(text));
    }

    /** Adds or replaces a file that git keeps itself. */
    public Repository file(String path, Content content) {
        return changed(files -> {
            files.put(path, new StoredFile(path, content, false));
            return files;
        });
    }

    /** Adds or replaces a large file, kept outside git. */
    public Repository lfs(String path, Content content) {
        return changed(files -> {
            files.put(path, new StoredFile(path, content, true));
            return files;
        });
    }

    /** Adds or replaces many small files at once. */
    public Repository files(Map<String, Content> contents) {
        return changed(files -> {
            contents.forEach((path, content) -> files.put(path, new StoredFile(path, content, false)));
            return files;
        });
    }

    /** Drops a file. */
    public Repository without(String path) {
        return changed(files -> {
            files.remove(path);
            return files;
        });
    }

    /** Gives the present state a second name: a tag, a branch or {@code refs/pr/1}. */
    public Repository ref(String name) {
        Map<String, Commit> more = new HashMap<>(refs);
        more.put(name, head);
        return new Repository(type, id, catalogue, head, more, access, readers);
    }

    /** Lets only these tokens have the files. */
    public Repository gated(String... tokens) {
        return new Repository(type, id, catalogue, head, refs, Access.GATED, Set.of(tokens));
    }

    /** Hides it from everybody without one of these tokens. */
    public Repository hidden(String... tokens) {
        return new Repository(type, id, catalogue, head, refs, Access.PRIVATE, Set.of(tokens));
    }

    /** The same content under another id. */
    public Repository named(String newId) {
        return new Repository(type, newId, catalogue, head, refs, access, readers).rehashed();
    }

    /** The same content as another hub keeps it: equal files, other commits. */
    public Repository at(String otherCatalogue) {
        return new Repository(type, id, otherCatalogue, head, refs, access, readers).rehashed();
    }

    /** The same files under a commit id of the caller's choice, as a hub that lies would list them. */
    public Repository claiming(String commit) {
        Commit claimed = new Commit(commit, head.files());
        return new Repository(type, id, catalogue, claimed, refs, access, readers);
    }

    private Repository changed(UnaryOperator<SortedMap<String, StoredFile>> change) {
        Commit next = Commit.of(salt(), change.apply(new TreeMap<>(head.files())));
        return new Repository(type, id, catalogue, next, refs, access, readers);
    }

    private Repository rehashed() {
        Map<String, Commit> others = new HashMap<>();
        refs.forEach((name, commit) -> others.put(name, Commit.of(salt(), commit.files())));
        return new Repository(type, id, catalogue, Commit.of(salt(), head.files()), others, access, readers);
    }

    private String salt() {
        return catalogue + " " + type.plural() + " " + id;
    }
}
