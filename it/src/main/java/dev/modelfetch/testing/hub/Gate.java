package dev.modelfetch.testing.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets bytes through, or makes whoever reads them wait. */
final class Gate {

    private static final int CHUNK = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean shut;

    void shut() {
        set(true);
    }

    void open() {
        set(false);
    }

    /** The bytes {@code from} (inclusive) to {@code to} (exclusive), as far as the gate is open. */
    InputStream behind(Content content, long from, long to) {
        return new Bytes(content, from, to);
    }

    private void set(boolean nowShut) {
        lock.lock();
        try {
            shut = nowShut;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Bytes extends InputStream {

        private final Content content;
        private final long to;
        private long at;
        private boolean closed;

        Bytes(Content content, long from, long to) {
            this.content = content;
            this.at = from;
            this.to = to;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            pass();
            int count = (int) Math.min(Math.min(length, CHUNK), to - at);
            if (count == 0) {
                return length == 0 ? 0 : -1;
            }
            ByteArrayOutputStream some = new ByteArrayOutputStream(count);
            content.write(some, at, at + count);
            System.arraycopy(some.toByteArray(), 0, into, offset, count);
            at += count;
            return count;
        }

        /** Called while another thread may wait in a read, which ends then. */
        @Override
        public void close() {
            lock.lock();
            try {
                closed = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void pass() throws IOException {
            lock.lock();
            try {
                while (shut && !closed) {
                    changed.await();
                }
                if (closed) {
                    throw new IOException("closed");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while it was held");
            } finally {
                lock.unlock();
            }
        }
    }
}
