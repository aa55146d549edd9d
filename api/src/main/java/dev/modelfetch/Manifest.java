package dev.modelfetch;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files of one repository at one commit, as one source lists them: the author is part of it. Immutable. */
public final class Manifest {

    private static final Pattern COMMIT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{3,127}");

    private final String source;
    private final String family;
    private final Repo repo;
    private final String revision;
    private final String commit;
    private final List<RepoFile> files;
    private final boolean complete;
    private final Map<String, RepoFile> byPath;

    /**
     * A finished list. A row that is repeated as it is counts once.
     *
     * @param source id of the source that lists it
     * @param family hub family: sources of one family share commits
     * @param repo the repository as this source knows it; may be an alias of what was asked for
     * @param revision the branch or tag as this source spells it, or the commit
     * @param commit immutable version; 40 hex digits on the known hubs, and elsewhere {@linkplain #isCommit what a folder
     *     can be called}
     * @param files in the order of the listing, directories left out
     * @param complete false when the source is known to have dropped rows
     */
    public Manifest(
            String source,
            String family,
            Repo repo,
            String revision,
            String commit,
            List<RepoFile> files,
            boolean complete) {
        this.source = Objects.requireNonNull(source, "source");
        this.family = Objects.requireNonNull(family, "family");
        this.repo = Objects.requireNonNull(repo, "repo");
        this.revision = Objects.requireNonNull(revision, "revision");
        this.commit = Objects.requireNonNull(commit, "commit");
        this.complete = complete;
        this.byPath = new HashMap<>(files.size() * 4 / 3 + 1);
        List<RepoFile> rows = List.copyOf(files);
        rows.forEach(file -> byPath.putIfAbsent(file.path(), file));
        this.files = byPath.size() == rows.size() ? rows : List.copyOf(new LinkedHashSet<>(rows));
    }

    /**
     * Whether the text may be a commit. It becomes a folder name in every store and a word of the command line, so it is 4
     * to 128 letters, digits, {@code -} and {@code _} of ASCII, and begins with a letter or digit.
     */
    public static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** The same list, of which its source knows that rows are missing. */
    public Manifest incomplete() {
        return new Manifest(source, family, repo, revision, commit, files, false);
    }

    /** Id of the source that lists it, and nobody else: a host that has the same commit has not said these rows. */
    public String source() {
        return source;
    }

    public String family() {
        return family;
    }

    public Repo repo() {
        return repo;
    }

    public String revision() {
        return revision;
    }

    public String commit() {
        return commit;
    }

    public List<RepoFile> files() {
        return files;
    }

    public boolean complete() {
        return complete;
    }

    /** What it lists, without order. */
    public Set<String> paths() {
        return Collections.unmodifiableSet(byPath.keySet());
    }

    /** The row of that exact path. */
    public Optional<RepoFile> file(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    /** Sum of all sizes, in bytes. */
    public long totalSize() {
        return files.stream().mapToLong(RepoFile::size).sum();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Manifest that
                && source.equals(that.source)
                && family.equals(that.family)
                && repo.equals(that.repo)
                && revision.equals(that.revision)
                && commit.equals(that.commit)
                && files.equals(that.files)
                && complete == that.complete;
    }

    @Override
    public int hashCode() {
        return Objects.hash(source, family, repo, revision, commit, files, complete);
    }

    @Override
    public String toString() {
        return "Manifest[" + repo + " at " + commit + ", " + files.size() + " files, from " + source + "]";
    }
}
