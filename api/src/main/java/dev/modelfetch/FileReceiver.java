package dev.modelfetch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A channel that takes ranges of a file as they are there, as the socket of a server does: what an {@link OpenFile} sends
 * to it is neither read nor kept in memory first, wherever it is on the disk.
 */
public interface FileReceiver extends WritableByteChannel {

    /**
     * Takes a range and returns when it has all of it.
     *
     * @param file not to be kept; its own position means nothing
     * @param position of the first byte
     * @param count of bytes, all of which are there
     */
    void receive(FileChannel file, long position, long count) throws IOException;
}
