package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How far a job is, as its events tell. Not thread-safe; whoever owns it guards it. */
final class Board {

    /** A file that is being fetched. */
    static final class Row {
        private final String path;
        private final RecentRate rate;
        private long size;
        private long done;
        private String source;

        private Row(String path, long size, long done, String source, Instant at) {
            this.path = path;
            this.size = size;
            this.done = done;
            this.source = source;
            this.rate = new RecentRate(at);
        }

        String path() {
            return path;
        }

        long size() {
            return size;
        }

        long done() {
            return done;
        }

        String source() {
            return source;
        }

        double rate(Instant now) {
            return rate.bytesPerSecond(now);
        }
    }

    private final Instant start;
    private final Map<String, Row> active = new LinkedHashMap<>();
    private RecentRate rate;
    private boolean resolved;
    private int answers;
    private int files;
    private int filesDone;
    private long bytes;
    private long bytesOfDone;

    Board(Instant start) {
        this.start = start;
        this.rate = new RecentRate(start);
    }

    void accept(FetchEvent event) {
        if (event instanceof FetchEvent.Probed) {
            answers++;
        } else if (event instanceof FetchEvent.Resolved e) {
            resolved = true;
            files = e.files();
            bytes = e.bytes();
            // The time it took to choose a source is not transfer time.
            rate = new RecentRate(e.at());
        } else if (event instanceof FetchEvent.FileStarted e) {
            active.put(e.path(), new Row(e.path(), e.size(), e.present(), e.source(), e.at()));
        } else if (event instanceof FetchEvent.Progress e) {
            progress(e);
        } else if (event instanceof FetchEvent.SourceSwitched e) {
            Row row = active.get(e.path());
            if (row != null) {
                row.source = e.to();
            }
        } else if (event instanceof FetchEvent.FileDone e) {
            Row row = active.remove(e.file().path());
            if (row != null) {
                rate.add(e.file().size() - row.done, e.at());
            }
            filesDone++;
            bytesOfDone += e.file().size();
        }
    }

    private void progress(FetchEvent.Progress e) {
        Row row = active.get(e.path());
        if (row == null) {
            row = new Row(e.path(), e.size(), e.done(), String.join(",", e.sources()), e.at());
            active.put(e.path(), row);
        }
        long fresh = e.done() - row.done;
        row.rate.add(fresh, e.at());
        rate.add(fresh, e.at());
        row.size = e.size();
        row.done = e.done();
        row.source = String.join(",", e.sources());
    }

    Instant start() {
        return start;
    }

    /** Whether it is known what will be fetched. */
    boolean resolved() {
        return resolved;
    }

    /** How many sources have answered or were given up. */
    int answers() {
        return answers;
    }

    int files() {
        return Math.max(files, filesDone + active.size());
    }

    int filesDone() {
        return filesDone;
    }

    long bytes() {
        return Math.max(bytes, bytesDone());
    }

    /** On disk, including what was there before. */
    long bytesDone() {
        return bytesOfDone + active.values().stream().mapToLong(Row::done).sum();
    }

    /** Over the network, in bytes per second. */
    double rate(Instant now) {
        return rate.bytesPerSecond(now);
    }

    /** In the order they were begun. */
    List<Row> active() {
        return new ArrayList<>(active.values());
    }
}
