package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Counts the bytes of one file that are there and tells about them: ten times a second as they come, and once a second
 * while they do not. Guarded by itself.
 */
final class Meter {

    private final Events events;
    private final LongSupplier nanos;
    private final RepoFile file;
    private final Tally tally;
    private final Map<String, Long> sentNanos = new TreeMap<>();
    private final Map<String, Long> untold = new TreeMap<>();
    private long done;
    private long toldNanos;

    Meter(Events events, LongSupplier nanos, RepoFile file, long present, Tally tally) {
        this.events = events;
        this.nanos = nanos;
        this.file = file;
        this.tally = tally;
        this.done = present;
        this.toldNanos = nanos.getAsLong();
        tally.add(present);
    }

    void received(int bytes, String source) {
        tally.add(bytes);
        synchronized (this) {
            long now = nanos.getAsLong();
            done += bytes;
            sentNanos.put(source, now);
            untold.merge(source, (long) bytes, Long::sum);
            if (done < file.size() && now - toldNanos < Limits.PROGRESS.toNanos()) {
                return;
            }
        }
        tell();
    }

    /** Time goes by. */
    void beat() {
        synchronized (this) {
            if (nanos.getAsLong() - toldNanos < Limits.HEARTBEAT.toNanos()) {
                return;
            }
        }
        tell();
    }

    private void tell() {
        long count;
        List<String> sources;
        Map<String, Long> received;
        synchronized (this) {
            toldNanos = nanos.getAsLong();
            sentNanos.values().removeIf(sent -> toldNanos - sent > Limits.HEARTBEAT.toNanos());
            count = done;
            sources = List.copyOf(sentNanos.keySet());
            received = Map.copyOf(untold);
            untold.clear();
        }
        events.emit(at -> new FetchEvent.Progress(at, file.path(), count, file.size(), sources, received));
    }

    /** Ranges were thrown away. */
    synchronized void restart(long present) {
        tally.add(present - done);
        done = present;
    }
}
