package dev.modelfetch;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row of a listing. Sources make one with {@link #of}, whose callers a new component does not break.
 *
 * @param path from the repository root, {@code /} separated, exactly as the hub spells it; not yet safe to write to
 * @param size bytes of content, never of an LFS pointer
 * @param sha256 digest of the content when the listing names it
 * @param gitBlob git id of the content when the listing names it; never the id of an LFS pointer
 * @param lfs whether the hub stores it as a large file; decides which digest names the blob in the hub cache
 */
public record RepoFile(
        String path,
        long size,
        @Nullable Digest sha256,
        @Nullable Digest gitBlob,
        boolean lfs) {

    /** @throws IllegalArgumentException on a negative size, an empty path, or a digest of another kind */
    public RepoFile {
        Objects.requireNonNull(path, "path");
        if (size < 0 || path.isEmpty()) {
            throw new IllegalArgumentException("bad listing row: \"" + path + "\", " + size + " bytes");
        }
        check(path, sha256, Digest.Algorithm.SHA256);
        check(path, gitBlob, Digest.Algorithm.GIT_BLOB);
    }

    private static void check(String path, @Nullable Digest digest, Digest.Algorithm expected) {
        if (digest != null && digest.algorithm() != expected) {
            throw new IllegalArgumentException("bad listing row: \"" + path + "\", " + digest + " is no " + expected);
        }
    }

    /**
     * A row that says nothing but the size, against which bytes are verified as well as that allows.
     *
     * @param path from the repository root, {@code /} separated
     * @param size bytes of content
     * @throws IllegalArgumentException on a negative size or an empty path
     */
    public static RepoFile of(String path, long size) {
        return new RepoFile(path, size, null, null, false);
    }

    /**
     * The same, by whose digest every byte is verified, and by which other hubs are known to have the same content.
     *
     * @param hex of the content
     * @throws IllegalArgumentException unless these are 64 hex digits
     */
    public RepoFile withSha256(String hex) {
        return new RepoFile(path, size, Digest.sha256(hex), gitBlob, lfs);
    }

    /**
     * The same, with the id that git gives the content; verified by it where there is no SHA-256.
     *
     * @param hex of the content itself, never of an LFS pointer
     * @throws IllegalArgumentException unless these are 40 hex digits
     */
    public RepoFile withGitBlob(String hex) {
        return new RepoFile(path, size, sha256, Digest.gitBlob(hex), lfs);
    }

    /** The same, which the hub keeps as a large file, apart from git. */
    public RepoFile asLfs() {
        return new RepoFile(path, size, sha256, gitBlob, true);
    }

    /** The strongest digest the listing names; empty when only the size is known. */
    public Optional<Digest> digest() {
        return Optional.ofNullable(sha256 != null ? sha256 : gitBlob);
    }
}
