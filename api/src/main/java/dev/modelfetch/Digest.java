package dev.modelfetch;

import java.util.Locale;

/**
 * A content hash.
 *
 * @param algorithm what was hashed and how
 * @param hex lower case
 */
public record Digest(Algorithm algorithm, String hex) {

    /** The two identities hubs give to content. */
    public enum Algorithm {
        /** SHA-256 of the bytes: large (LFS) files on the Hub, every file on ModelScope. */
        SHA256(64),
        /** SHA-1 over {@code "blob <length>\0"} and the bytes: files the Hub keeps in git. */
        GIT_BLOB(40);

        private final int length;

        Algorithm(int length) {
            this.length = length;
        }
    }

    /** @throws IllegalArgumentException if the text is not a hash of that kind */
    public Digest {
        hex = hex.toLowerCase(Locale.ROOT);
        if (!isHex(hex, algorithm.length)) {
            throw new IllegalArgumentException("not a " + algorithm + " digest: " + hex);
        }
    }

    /** SHA-256 from 64 hex digits. */
    public static Digest sha256(String hex) {
        return new Digest(Algorithm.SHA256, hex);
    }

    /** Git blob id from 40 hex digits. */
    public static Digest gitBlob(String hex) {
        return new Digest(Algorithm.GIT_BLOB, hex);
    }

    /** Whether the text could be a SHA-256; hubs also send null-like and masked values. */
    public static boolean isSha256(String text) {
        return isHex(text.toLowerCase(Locale.ROOT), Algorithm.SHA256.length);
    }

    /** Whether the text could be a git object id, such as a commit or a blob. */
    public static boolean isGitId(String text) {
        return isHex(text.toLowerCase(Locale.ROOT), Algorithm.GIT_BLOB.length);
    }

    private static boolean isHex(String text, int length) {
        return text.length() == length && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    @Override
    public String toString() {
        return (algorithm == Algorithm.SHA256 ? "sha256:" : "git:") + hex;
    }
}
