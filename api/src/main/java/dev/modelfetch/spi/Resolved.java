package dev.modelfetch.spi;

import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import okio.BufferedSink;
import okio.HashingSink;
import okio.Okio;

/**
 * A revision pinned to a commit at one source. Made with one of the factories, whose callers a new component does not
 * break.
 *
 * @param repo as this source knows it
 * @param revision the branch or tag as this source spells it, or the commit when that was asked for
 * @param commit names this very content and never any other; must be {@linkplain Manifest#isCommit fit for a folder}
 */
public record Resolved(Repo repo, String revision, String commit) {

    /** As long as git's, which every tool takes for a commit. */
    private static final int COMMIT_DIGITS = 40;

    public Resolved {
        Objects.requireNonNull(repo, "repo");
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(commit, "commit");
    }

    /** At a hub that has commits. */
    public static Resolved of(Repo repo, String revision, String commit) {
        return new Resolved(repo, revision, commit);
    }

    /**
     * At a source without commits, such as a directory: the commit is a digest over what is listed now, in any order, so
     * that it is another as soon as a path, a size or a digest is. Where rows have no digest, a change that keeps all
     * sizes goes unnoticed; such a source does better with a commit of its own that has the times of change in it.
     */
    public static Resolved ofListing(Repo repo, String revision, List<RepoFile> files) {
        List<RepoFile> rows =
                files.stream().sorted(Comparator.comparing(RepoFile::path)).toList();
        try (HashingSink hash = HashingSink.sha256(Okio.blackhole());
                BufferedSink out = Okio.buffer(hash)) {
            for (RepoFile row : rows) {
                out.writeUtf8(row.path()).writeByte(0);
                out.writeUtf8(row.size() + " "
                                + row.digest().map(Digest::toString).orElse("-"))
                        .writeByte('\n');
            }
            out.flush();
            return new Resolved(repo, revision, hash.hash().hex().substring(0, COMMIT_DIGITS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What a source lists for it: the answer of {@link ModelSource#list}.
     *
     * @param source who lists
     * @param files all of the repository at that commit, directories left out
     */
    public Manifest manifest(SourceProfile source, List<RepoFile> files) {
        return new Manifest(source.id(), source.family(), repo, revision, commit, files, true);
    }
}
