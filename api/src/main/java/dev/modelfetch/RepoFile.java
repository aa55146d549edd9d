package dev.modelfetch;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row of a listing.
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

    /** The strongest digest the listing names; empty when only the size is known. */
    public Optional<Digest> digest() {
        return Optional.ofNullable(sha256 != null ? sha256 : gitBlob);
    }
}
