package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;

/** Counts the bytes of one file and tells about them ten times a second. Guarded by itself. */
final class Meter {

    private final Events events;
    private final RepoFile file;
    private long done;
    private long received;
    private long toldNanos;

    Meter(Events events, RepoFile file, long present) {
        this.events = events;
        this.file = file;
        this.done = present;
        this.toldNanos = System.nanoTime();
    }

    void received(int bytes, String source) {
        long now = System.nanoTime();
        long count;
        synchronized (this) {
            done += bytes;
            received += bytes;
            count = done;
            if (count < file.size() && now - toldNanos < Limits.PROGRESS.toNanos()) {
                return;
            }
            toldNanos = now;
        }
        events.emit(at -> new FetchEvent.Progress(at, file.path(), count, file.size(), source));
    }

    /** Ranges were thrown away. */
    synchronized void restart(long present) {
        done = present;
    }

    /** Bytes received, including those thrown away. */
    synchronized long received() {
        return received;
    }
}
