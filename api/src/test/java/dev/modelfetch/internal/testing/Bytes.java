package dev.modelfetch.internal.testing;

import dev.modelfetch.Digest;
import dev.modelfetch.RepoFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/** Contents of test files and the rows a hub would list them with; hashed without the code under test. */
public final class Bytes {

    private Bytes() {}

    public static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** The same bytes with one of them changed. */
    public static byte[] flipped(byte[] bytes, int at) {
        byte[] wrong = bytes.clone();
        wrong[at] ^= 1;
        return wrong;
    }

    public static byte[] part(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    /** As a Hub lists a large file. */
    public static RepoFile large(String path, byte[] content) {
        return new RepoFile(path, content.length, sha256(content), null, true);
    }

    /** As a Hub lists a file it keeps in git. */
    public static RepoFile small(String path, byte[] content) {
        return new RepoFile(path, content.length, null, gitBlob(content), false);
    }

    /** As ModelScope lists any file. */
    public static RepoFile hashed(String path, byte[] content) {
        return new RepoFile(path, content.length, sha256(content), null, false);
    }

    /** As a listing without digests. */
    public static RepoFile sized(String path, byte[] content) {
        return new RepoFile(path, content.length, null, null, false);
    }

    public static Digest sha256(byte[] content) {
        return Digest.sha256(hex("SHA-256", content));
    }

    public static Digest gitBlob(byte[] content) {
        byte[] head = of("blob " + content.length + "\0");
        byte[] all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return Digest.gitBlob(hex("SHA-1", all));
    }

    private static String hex(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
