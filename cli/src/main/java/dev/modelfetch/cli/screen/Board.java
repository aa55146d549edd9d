package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Manifest;
import dev.modelfetch.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** How far a job is, as its events tell. Not thread-safe; whoever owns it guards it. */
final class Board {

    /** After so long without a byte it is said that nothing comes. */
    static final Duration SILENCE = Duration.ofSeconds(3);

    /** Whatever moves is heard of within that time. */
    private static final Duration STILL = RecentRate.HEARTBEAT;

    /** Bytes per second waver, and the time left of a long job should not. */
    private static final Duration OUTLOOK = Duration.ofSeconds(20);

    /** From so many files on, of less than this on average, how many there are decides how long it takes. */
    private static final int MANY_FILES = 100;

    private static final long SMALL_FILE = 100_000;

    private static final String CACHE = "cache";

    /** A file that is being fetched. */
    static final class Row {
        private final String path;
        private final RecentRate rate;
        private long size;
        private long done;
        private List<String> sources = List.of();
        private Instant told;

        private Row(String path, long size, long done, Instant at) {
            this.path = path;
            this.size = size;
            this.done = done;
            this.told = at;
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

        /** Who sends bytes of it now. */
        List<String> sources() {
            return sources;
        }

        OptionalDouble rate(Instant now) {
            return rate.perSecond(now);
        }
    }

    private final Instant start;
    private final Map<String, Row> active = new LinkedHashMap<>();
    private final Senders senders = new Senders();
    private final Checks checks = new Checks();
    private final TimeLeft left = new TimeLeft();
    private @Nullable Manifest manifest;
    private FetchEvent.@Nullable Waiting wait;
    private RecentRate rate;
    private RecentRate outlook;
    private RecentRate fileRate;
    private Instant moved;
    /** Whether a rate has begun that still holds. */
    private boolean moving;

    private int answers;
    private int files;
    private int filesDone;
    private long bytes;
    private long bytesOfDone;

    Board(Instant start) {
        this.start = start;
        this.moved = start;
        this.rate = new RecentRate(start);
        this.outlook = new RecentRate(start, OUTLOOK);
        this.fileRate = new RecentRate(start);
    }

    void accept(FetchEvent event) {
        if (event instanceof FetchEvent.Probed e) {
            answers++;
            senders.answered(e.probe());
        } else if (event instanceof FetchEvent.Resolved e) {
            resolved(e);
        } else if (event instanceof FetchEvent.FileStarted e) {
            // Who is to send it is not who sends it.
            row(e.path(), e.size(), e.present(), e.at());
        } else if (event instanceof FetchEvent.Progress e) {
            progress(e);
        } else if (event instanceof FetchEvent.SourceSwitched e) {
            Row row = active.get(e.path());
            if (row != null) {
                sources(row, List.of(e.to()));
            }
        } else if (event instanceof FetchEvent.SourceJoined e) {
            senders.joined(e);
        } else if (event instanceof FetchEvent.SourceLeft e) {
            senders.left(e);
        } else if (event instanceof FetchEvent.Waiting e) {
            wait = Wait.isForNetwork(e) ? e : wait;
        } else if (event instanceof FetchEvent.Resumed e) {
            wait = null;
            moved = e.at();
            moving = false;
        } else if (event instanceof FetchEvent.Hashing e) {
            checks.hashed(e);
        } else if (event instanceof FetchEvent.Verified e && e.ok()) {
            checks.finished(e.path());
        } else if (event instanceof FetchEvent.FileDone e) {
            done(e);
        }
    }

    private void resolved(FetchEvent.Resolved e) {
        e.probes().forEach(senders::answered);
        manifest = e.manifest();
        files = e.files();
        bytes = e.bytes();
        moved = e.at();
    }

    private Row row(String path, long size, long done, Instant at) {
        Row row = new Row(path, size, done, at);
        Row before = active.put(path, row);
        if (before != null) {
            senders.moved(before.sources, List.of());
        }
        return row;
    }

    private void sources(Row row, List<String> now) {
        senders.moved(row.sources, now);
        row.sources = now;
    }

    private void progress(FetchEvent.Progress e) {
        Row row = active.get(e.path());
        if (row == null) {
            row = row(e.path(), e.size(), e.done(), e.at());
        }
        row.size = e.size();
        came(row, e.done(), e.sources(), e.at());
        sources(row, e.sources());
        senders.sending(e.sources());
    }

    /**
     * Counts what is new of a file.
     *
     * @param from who sent it, as far as the event says
     */
    private void came(Row row, long done, List<String> from, Instant at) {
        long fresh = done - row.done;
        // Who is gone by now has sent it nevertheless.
        senders.brought(fresh, from.isEmpty() ? row.sources : from, row.told, at);
        row.rate.add(fresh, at);
        if (fresh > 0) {
            if (!moving || silence(at).compareTo(SILENCE) >= 0) {
                Instant latest = at.minus(RecentRate.HEARTBEAT);
                beginRates(row.told.isAfter(latest) ? row.told : latest);
            }
            moving = true;
            moved = at;
        }
        rate.add(fresh, at);
        outlook.add(fresh, at);
        row.done = done;
        row.told = at;
    }

    /** The time it took to choose a source, to hash what is there or to reach somebody is not transfer time. */
    private void beginRates(Instant at) {
        rate = new RecentRate(at);
        outlook = new RecentRate(at, OUTLOOK);
        fileRate = new RecentRate(at);
    }

    private void done(FetchEvent.FileDone e) {
        Snapshot.Item file = e.file();
        checks.finished(file.path());
        Row row = active.remove(file.path());
        if (row != null) {
            List<String> from =
                    file.from().stream().filter(id -> !id.equals(CACHE)).toList();
            came(row, file.size(), row.sources.isEmpty() ? from : row.sources, e.at());
            senders.moved(row.sources, List.of());
            fileRate.add(1, e.at());
        }
        filesDone++;
        bytesOfDone += file.size();
    }

    Instant start() {
        return start;
    }

    /** What is fetched; empty as long as that is not known. */
    Optional<Manifest> manifest() {
        return Optional.ofNullable(manifest);
    }

    /** Whether no source was asked: all there is to tell is told at once, at the end. */
    boolean isStored() {
        return manifest != null && manifest.source().equals(CACHE);
    }

    /** How many answers there have been, silence included. */
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

    /** Whether there are so many small files that they, and not their bytes, are to be counted. */
    boolean countsFiles() {
        return bytes == 0 || (files >= MANY_FILES && bytes / files < SMALL_FILE);
    }

    /** Whole per cent; 100 only when every file has its final name. */
    int percent() {
        int percent = countsFiles() ? Figures.percent(filesDone, files()) : Figures.percent(bytesDone(), bytes());
        return filesDone < files() ? Math.min(99, percent) : percent;
    }

    double share() {
        return countsFiles() ? part(filesDone, files()) : part(bytesDone(), bytes());
    }

    /** The part of everything that is there and not hashed yet. */
    double behind(Instant now) {
        long behind = active.values().stream()
                .mapToLong(row -> checks.behind(row.path, row.done, now))
                .sum();
        return countsFiles() ? 0 : part(behind, bytes());
    }

    private static double part(long done, long size) {
        return size <= 0 ? 0 : (double) done / size;
    }

    /** How long nothing has come over the network. */
    Duration silence(Instant now) {
        return Duration.between(moved, now);
    }

    /** Whether nothing comes that should. */
    boolean silent(Instant now) {
        return wait != null || silence(now).compareTo(SILENCE) >= 0;
    }

    /** Whether every byte is here, and only hashing and naming remain. */
    boolean received() {
        return manifest != null && filesDone < files() && bytes > 0 && bytesDone() >= bytes;
    }

    /** Over the network, in bytes per second; empty as long as there is no rate yet. */
    OptionalDouble rate(Instant now) {
        return silent(now) ? OptionalDouble.of(0) : rate.perSecond(now);
    }

    OptionalDouble filesPerSecond(Instant now) {
        return silent(now) ? OptionalDouble.of(0) : fileRate.perSecond(now);
    }

    /** Of the whole job; empty while nobody can tell. */
    Optional<Duration> left(Instant now) {
        if (silent(now)) {
            return Optional.empty();
        }
        return countsFiles()
                ? left.of(files() - filesDone, fileRate.perSecond(now).orElse(0), now)
                : left.of(bytes() - bytesDone(), outlook.perSecond(now).orElse(0), now);
    }

    /** That the job waits for the network. */
    Optional<FetchEvent.Waiting> waiting() {
        return Optional.ofNullable(wait);
    }

    Senders senders() {
        return senders;
    }

    Checks checks() {
        return checks;
    }

    /** Whether hashing of what was here before is all that goes on. */
    boolean onlyChecks(Instant now) {
        boolean rests = wait == null && silence(now).compareTo(STILL) >= 0;
        // What has just been received lags behind; that is the end of the transfer.
        return checks.running(now) && rests && !(moving && received());
    }

    /** In the order they were begun. */
    List<Row> active() {
        return new ArrayList<>(active.values());
    }
}
