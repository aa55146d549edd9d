package dev.modelfetch.testing.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/** Whether a server is there, and what that means for the answers it is giving. Thread-safe. */
final class Presence {

    private volatile Outage outage = Outage.NONE;

    synchronized void is(Outage manner) {
        outage = manner;
        notifyAll();
    }

    Outage now() {
        return outage;
    }

    /** As {@link #now}, once that may be said. */
    Outage audible() throws InterruptedIOException {
        Outage now = outage;
        return now.isSilent() ? afterSilence() : now;
    }

    private synchronized Outage afterSilence() throws InterruptedIOException {
        try {
            while (outage.isSilent()) {
                wait();
            }
            return outage;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("server stopped");
        }
    }

    /** Lets an answer pass that began so; holds it back, or cuts it, when that has become worse. */
    OutputStream over(OutputStream out, Outage begun) {
        return new Gate(out, begun);
    }

    private final class Gate extends OutputStream {
        private final OutputStream out;
        private final Outage begun;

        Gate(OutputStream out, Outage begun) {
            this.out = out;
            this.begun = begun;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Outage now = audible();
            if (now != begun && now.cutsAnswers()) {
                throw new Cut(now.end().orElse(Cut.How.CLOSE));
            }
            out.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
