package dev.modelfetch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of a {@link Depot}, to be read by ranges while it may still be coming. Safe for several threads; while it is open
 * it is not evicted.
 */
public interface OpenFile extends Closeable {

    /** Its row in the listing. */
    RepoFile row();

    /** Bytes of all of it. */
    default long size() {
        return row().size();
    }

    /** The strongest digest that the listing names, or that was computed; empty if there is none yet. */
    Optional<Digest> digest();

    /** Where it is stored, complete and verified; empty while it is not. */
    Optional<Path> path();

    /**
     * Whether there is no room to store it, so that what is read of it comes from a source at every reading. Then a range
     * up to the end is had at the cost of all before it.
     */
    boolean isPassedThrough();

    /** Who has vouched for what is stored; {@link Verification#SELF} before that, or {@link Verification#SIZE}. */
    Verification verification();

    /**
     * Sends a range and returns when all of it is sent. Bytes are sent as they come. Of a range up to the end of the file
     * the last 64 KiB are sent only once the digest of the whole has been compared, so that nobody has a complete file
     * that is wrong; other ranges may be sent before that. A {@link FileReceiver} is handed the file itself.
     *
     * @param position of the first byte
     * @param count of bytes; the range has to be inside the file
     * @throws FetchException if nobody delivers it; {@link FetchException.Corrupt} if bytes that were sent by this call
     *     have turned out to be wrong: the reader has to begin anew
     * @throws IOException if the channel fails
     */
    void transferTo(long position, long count, WritableByteChannel channel) throws IOException;

    @Override
    void close();
}
