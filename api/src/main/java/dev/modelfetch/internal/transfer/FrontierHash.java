package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Hasher;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Computes the digests of a file that is written out of order: follows the end of its contiguous prefix, reading what was
 * written a moment ago from the page cache. One thread calls {@link #follow}; {@link #advanced} comes from the writers.
 */
final class FrontierHash {

    private final Partial partial;
    private final long size;
    private final Hasher hasher;
    private final Runnable hashedMore;
    private final ByteBuffer buffer;
    private boolean stopped;
    private volatile long hashed;

    FrontierHash(Partial partial, long size, Hasher hasher) {
        this(partial, size, hasher, () -> {});
    }

    /** @param hashedMore told whenever {@link #hashed} has changed */
    FrontierHash(Partial partial, long size, Hasher hasher, Runnable hashedMore) {
        this.hashedMore = hashedMore;
        this.partial = partial;
        this.size = size;
        this.hasher = hasher;
        this.buffer = ByteBuffer.allocate((int) Math.min(Limits.BUFFER, size));
    }

    /** Hashes until the end of the file has been written and read. */
    Content follow() throws IOException, InterruptedException {
        long settled = 0;
        while (hashed < size) {
            if (hashed - settled >= Limits.WRITE_BACK) {
                partial.settle();
                settled = hashed;
            }
            long frontier = awaitBeyond(hashed);
            while (hashed < frontier) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), frontier - hashed));
                int read = partial.read(hashed, buffer);
                if (read <= 0) {
                    throw new IOException("the partial file lost bytes it had");
                }
                hasher.update(buffer.array(), 0, read);
                long through = hashed + read;
                hashed = through;
                hashedMore.run();
            }
        }
        return hasher.finish();
    }

    /** Bytes that have been through it. */
    long hashed() {
        return hashed;
    }

    /** Bytes that are there and have not been through it yet. */
    long lag() {
        return partial.frontier() - hashed;
    }

    private synchronized long awaitBeyond(long hashed) throws InterruptedException {
        while (true) {
            if (stopped) {
                throw new InterruptedException("the transfer has ended");
            }
            long frontier = partial.frontier();
            if (frontier > hashed) {
                return frontier;
            }
            wait();
        }
    }

    /** Something was written. */
    synchronized void advanced() {
        notifyAll();
    }

    /** Nothing more will be written. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }
}
