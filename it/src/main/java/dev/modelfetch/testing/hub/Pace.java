package dev.modelfetch.testing.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/** Lets bytes through at a steady rate. One instance may be shared by several connections. Thread-safe. */
final class Pace {

    private static final int SLICES_PER_SECOND = 25;
    private static final long SECOND = 1_000_000_000L;
    // A sender that the system woke late may catch up by as much, or the line would be slower than it says.
    private static final long LATENESS = SECOND / 20;

    private final long bytesPerSecond;
    private long free = System.nanoTime();

    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    OutputStream over(OutputStream out) {
        return new Paced(out);
    }

    /** Books the next slot and says how long to wait for it. */
    private synchronized long book(int bytes) {
        long now = System.nanoTime();
        free = Math.max(free, now - LATENESS) + bytes * SECOND / bytesPerSecond;
        return Math.max(0, free - now);
    }

    private final class Paced extends OutputStream {
        private final OutputStream out;

        Paced(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int slice = (int) Math.max(1, Math.min(64 * 1024, bytesPerSecond / SLICES_PER_SECOND));
            for (int at = 0; at < length; at += slice) {
                int count = Math.min(slice, length - at);
                sleep(book(count));
                out.write(bytes, offset + at, count);
            }
        }

        private static void sleep(long nanos) throws InterruptedIOException {
            try {
                Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("server stopped");
            }
        }
    }
}
