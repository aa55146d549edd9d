package dev.modelfetch.internal.file;

import dev.modelfetch.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Takes in the bytes of one file from its beginning to its end. One thread at a time. */
public final class Hasher {

    private final long size;
    private final MessageDigest sha256 = Digests.algorithm("SHA-256");
    private final @Nullable MessageDigest gitBlob;
    private long count;

    /**
     * Starts a file.
     *
     * @param size its length in bytes; a git id depends on it from the first byte on
     * @param git whether to compute the git id as well
     */
    public Hasher(long size, boolean git) {
        this.size = size;
        this.gitBlob = git ? Digests.algorithm("SHA-1") : null;
        if (gitBlob != null) {
            gitBlob.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Takes in the next bytes. */
    public void update(byte[] bytes, int offset, int length) {
        update(ByteBuffer.wrap(bytes, offset, length));
    }

    /** Takes in what remains of the buffer and leaves nothing remaining. */
    public void update(ByteBuffer bytes) {
        count += bytes.remaining();
        if (gitBlob != null) {
            gitBlob.update(bytes.duplicate());
        }
        sha256.update(bytes);
    }

    /** Bytes taken in so far: where to read on. */
    public long count() {
        return count;
    }

    /** Bytes still to come; negative when there were too many. */
    public long missing() {
        return size - count;
    }

    /**
     * Ends the file.
     *
     * @throws IllegalStateException unless exactly the announced number of bytes came
     */
    public Content finish() {
        if (count != size) {
            throw new IllegalStateException("hashed " + count + " of " + size + " bytes");
        }
        HexFormat hex = HexFormat.of();
        Digest git = gitBlob == null ? null : Digest.gitBlob(hex.formatHex(gitBlob.digest()));
        return new Content(Digest.sha256(hex.formatHex(sha256.digest())), git);
    }
}
