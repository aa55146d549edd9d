package dev.modelfetch.spi;

import java.io.InputStream;
import java.util.Objects;

/**
 * Bytes of a file that a source hands out itself. Made with one of the factories, whose callers a new component does not
 * break.
 *
 * @param bytes read by one thread, and closed by another while a read waits: the read has to end then. May go on behind
 *     what was asked for, but not behind the end of the file
 * @param start position in the file of the first of them
 */
public record ByteStream(InputStream bytes, long start) {

    public ByteStream {
        Objects.requireNonNull(bytes, "bytes");
    }

    /** Bytes that begin where that range does. */
    public static ByteStream of(ByteRange range, InputStream bytes) {
        return new ByteStream(bytes, range.from());
    }

    /**
     * The file from its first byte, wherever the range begins, for who cannot begin elsewhere. Read by one connection;
     * what is there already is skipped.
     */
    public static ByteStream ofWhole(InputStream bytes) {
        return new ByteStream(bytes, 0);
    }
}
