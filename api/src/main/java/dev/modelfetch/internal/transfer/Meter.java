package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import java.util.List;
import java.util.function.LongSupplier;

/** Counts the bytes of one file that are there and tells about them ten times a second. Guarded by itself. */
final class Meter {

    private final Events events;
    private final LongSupplier nanos;
    private final RepoFile file;
    private long done;
    private long toldNanos;

    Meter(Events events, LongSupplier nanos, RepoFile file, long present) {
        this.events = events;
        this.nanos = nanos;
        this.file = file;
        this.done = present;
        this.toldNanos = nanos.getAsLong();
    }

    void received(int bytes, String source) {
        long now = nanos.getAsLong();
        long count;
        synchronized (this) {
            done += bytes;
            count = done;
            if (count < file.size() && now - toldNanos < Limits.PROGRESS.toNanos()) {
                return;
            }
            toldNanos = now;
        }
        events.emit(at -> new FetchEvent.Progress(at, file.path(), count, file.size(), List.of(source)));
    }

    /** Ranges were thrown away. */
    synchronized void restart(long present) {
        done = present;
    }
}
