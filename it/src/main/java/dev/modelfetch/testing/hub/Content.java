package dev.modelfetch.testing.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The bytes of a file, written on demand from any position, so that huge ones cost no memory. Immutable. */
public final class Content {

    /** Writes the bytes {@code from} (inclusive) to {@code to} (exclusive). */
    @FunctionalInterface
    private interface Writer {
        void write(OutputStream out, long from, long to) throws IOException;
    }

    /** Made when first needed. */
    private static final class Noise {
        static final byte[] BYTES = generated(0, 16 << 20).toByteArray();
    }

    private static final int CHUNK = 64 * 1024;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long size;
    private final Writer writer;
    private @Nullable String sha256;
    private @Nullable String gitBlob;

    private Content(long size, Writer writer) {
        this.size = size;
        this.writer = writer;
    }

    /** These bytes. */
    public static Content bytes(byte[] bytes) {
        byte[] copy = bytes.clone();
        return new Content(copy.length, (out, from, to) -> {
            for (int at = (int) from; at < to; at += CHUNK) {
                out.write(copy, at, (int) Math.min(CHUNK, to - at));
            }
        });
    }

    /** This text in UTF-8. */
    public static Content text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Noise that does not compress; equal seeds give equal bytes. */
    public static Content generated(long seed, long size) {
        return blocks(size, index -> mix(seed + index * 0x9e3779b97f4a7c15L));
    }

    /**
     * The same noise over and over behind a beginning of its own; costs the sender next to nothing, for measurements.
     * Equal seeds give equal bytes.
     */
    public static Content repeated(long seed, long size) {
        long beginning = Math.min(size, CHUNK);
        Content rest = new Content(size - beginning, (out, from, to) -> {
            byte[] noise = Noise.BYTES;
            for (long at = from; at < to; ) {
                int start = (int) (at % noise.length);
                int length = (int) Math.min(Math.min(2 * CHUNK, noise.length - start), to - at);
                out.write(noise, start, length);
                at += length;
            }
        });
        return joined(generated(seed, beginning), rest);
    }

    /** Little-endian floats between -0.02 and 0.02, as freshly initialised weights are. */
    public static Content floats(long seed, long count) {
        return blocks(count * Float.BYTES, index -> {
            long mixed = mix(seed + index * 0x9e3779b97f4a7c15L);
            return weight((int) mixed) << 32 | weight((int) (mixed >>> 32));
        });
    }

    /** One after the other. */
    public static Content joined(Content first, Content second) {
        return new Content(first.size + second.size, (out, from, to) -> {
            if (from < first.size) {
                first.write(out, from, Math.min(to, first.size));
            }
            if (to > first.size) {
                second.write(out, Math.max(from, first.size) - first.size, to - first.size);
            }
        });
    }

    /** The same, except that every bit of the byte at this offset is turned. */
    public Content flipped(long offset) {
        return new Content(size, (out, from, to) -> {
            if (offset < from || offset >= to) {
                write(out, from, to);
                return;
            }
            write(out, from, offset);
            ByteArrayOutputStream one = new ByteArrayOutputStream(1);
            write(one, offset, offset + 1);
            out.write(~one.toByteArray()[0]);
            write(out, offset + 1, to);
        });
    }

    /** Length in bytes. */
    public long size() {
        return size;
    }

    /** Writes the bytes {@code from} (inclusive) to {@code to} (exclusive). */
    public void write(OutputStream out, long from, long to) throws IOException {
        if (from < to) {
            writer.write(out, from, to);
        }
    }

    /** Everything at once; for small contents. */
    public byte[] toByteArray() {
        ByteArrayOutputStream all = new ByteArrayOutputStream(Math.toIntExact(size));
        copyTo(all);
        return all.toByteArray();
    }

    /** SHA-256 of the bytes, 64 hex digits. Computed once. */
    public synchronized String sha256() {
        if (sha256 == null) {
            sha256 = digest("SHA-256", "");
        }
        return sha256;
    }

    /** The id git gives to a file with these bytes, 40 hex digits. Computed once. */
    public synchronized String gitBlob() {
        if (gitBlob == null) {
            gitBlob = digest("SHA-1", "blob " + size + "\0");
        }
        return gitBlob;
    }

    private String digest(String algorithm, String prefix) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(prefix.getBytes(StandardCharsets.US_ASCII));
            copyTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    private void copyTo(OutputStream memory) {
        try {
            write(memory, 0, size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Content blocks(long size, LongUnaryOperator block) {
        return new Content(size, (out, from, to) -> {
            byte[] buffer = new byte[CHUNK];
            for (long at = from; at < to; ) {
                int skip = (int) (at % Long.BYTES);
                int length = (int) Math.min(CHUNK - skip, to - at);
                for (int i = 0; i < skip + length; i += Long.BYTES) {
                    LONG.set(buffer, i, block.applyAsLong((at + i) / Long.BYTES));
                }
                out.write(buffer, skip, length);
                at += length;
            }
        });
    }

    // The finalizer of SplitMix64: neighbouring positions get unrelated values.
    private static long mix(long z) {
        long x = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long y = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
        return y ^ (y >>> 31);
    }

    private static long weight(int random) {
        return Float.floatToIntBits(random * (0.02f / (1L << 31))) & 0xffffffffL;
    }
}
