package dev.modelfetch.internal.file;

import dev.modelfetch.Digest;
import dev.modelfetch.RepoFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.IntConsumer;

/** Hashes of files and texts. The only user of {@link MessageDigest}. */
public final class Digests {

    private static final int BUFFER = 256 * 1024;

    private Digests() {}

    /** A hasher that computes what publishing a file of this row needs: always SHA-256, the git id unless it is large. */
    public static Hasher hasher(RepoFile file) {
        return new Hasher(file.size(), needsGit(file));
    }

    /** Whether the git id of the content is needed, to compare it or to name the blob. */
    public static boolean needsGit(RepoFile file) {
        return !file.lfs() || file.gitBlob() != null;
    }

    /**
     * Both hashes of a file.
     *
     * @throws InterruptedIOException if the thread is interrupted; its flag stays set
     */
    public static Content of(Path file) throws IOException {
        return of(file, true);
    }

    /** As {@link #of(Path)}; without the git id it takes about half the time. */
    public static Content of(Path file, boolean git) throws IOException {
        return of(file, git, more -> {});
    }

    /** As {@link #of(Path, boolean)}, telling how many bytes more were hashed, again and again. */
    public static Content of(Path file, boolean git, IntConsumer hashed) throws IOException {
        Hasher hasher = new Hasher(Files.size(file), git);
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while hashing " + file);
                }
                hasher.update(buffer, 0, n);
                hashed.accept(n);
            }
        }
        if (hasher.missing() != 0) {
            throw new IOException(file + " changed while it was hashed");
        }
        return hasher.finish();
    }

    /** Git id of the pointer text that stands for a large file in git (huggingface.md 5.1). */
    public static Digest pointerId(Digest sha256, long size) {
        String pointer =
                "version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256.hex() + "\nsize " + size + "\n";
        byte[] bytes = pointer.getBytes(StandardCharsets.US_ASCII);
        Hasher hasher = new Hasher(bytes.length, true);
        hasher.update(bytes, 0, bytes.length);
        return Digest.gitBlob(hasher.finish().etag(false));
    }

    /** SHA-256 of a text in UTF-8, in hex; for names, not for trust. */
    public static String hexOf(String text) {
        return HexFormat.of().formatHex(algorithm("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    public static MessageDigest algorithm(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform has to provide SHA-1 and SHA-256.
            throw new AssertionError(e);
        }
    }
}
