package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchProgress;
import dev.modelfetch.FetchProgress.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Folds the events of a job into how far it is. Thread-safe. */
final class Gauge implements FetchListener {

    /** The rate is that of the last seconds. */
    private static final Duration WINDOW = Duration.ofSeconds(5);

    /** No more than these are kept of a window. */
    private static final Duration STEP = Duration.ofMillis(250);

    private record Sample(Instant at, long arrived) {}

    private static final class Open {
        private long done;
        private Set<String> sources = Set.of();
    }

    private final Map<String, Open> open = new HashMap<>();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private Phase phase = Phase.QUEUED;
    private int files;
    private int filesDone;
    private long bytes;
    private long bytesOfDone;
    private long arrived;

    /** Its turn has come. */
    synchronized void begin() {
        phase = Phase.CHOOSING;
    }

    @Override
    public synchronized void onEvent(FetchEvent event) {
        if (event instanceof FetchEvent.Resolved resolved) {
            open.clear();
            filesDone = 0;
            bytesOfDone = 0;
            files = resolved.files();
            bytes = resolved.bytes();
            phase = Phase.FETCHING;
        } else if (event instanceof FetchEvent.FileStarted started) {
            open.computeIfAbsent(started.path(), any -> new Open()).done = started.present();
        } else if (event instanceof FetchEvent.Progress progress) {
            Open file = open.computeIfAbsent(progress.path(), any -> new Open());
            arrived += Math.max(0, progress.done() - file.done);
            file.done = progress.done();
            file.sources = Set.copyOf(progress.sources());
            sample(progress.at());
            if (phase == Phase.WAITING && !file.sources.isEmpty()) {
                phase = Phase.FETCHING;
            }
        } else if (event instanceof FetchEvent.FileDone done) {
            Open file = open.remove(done.file().path());
            if (file != null) {
                arrived += Math.max(0, done.file().size() - file.done);
                sample(done.at());
            }
            filesDone++;
            bytesOfDone += done.file().size();
        } else if (event instanceof FetchEvent.Waiting) {
            phase = Phase.WAITING;
        } else if (event instanceof FetchEvent.Resumed) {
            phase = files == 0 ? Phase.CHOOSING : Phase.FETCHING;
        } else if (event instanceof FetchEvent.Done) {
            phase = Phase.DONE;
        } else if (event instanceof FetchEvent.Failed) {
            phase = Phase.FAILED;
        }
    }

    private void sample(Instant at) {
        Sample last = samples.peekLast();
        if (last == null || Duration.between(last.at(), at).compareTo(STEP) >= 0) {
            samples.addLast(new Sample(at, arrived));
        }
        while (samples.size() > 2
                && Duration.between(samples.getFirst().at(), at).compareTo(WINDOW) > 0) {
            samples.removeFirst();
        }
    }

    synchronized FetchProgress read(Instant now) {
        Set<String> sources = new LinkedHashSet<>();
        long bytesDone = bytesOfDone;
        for (Open file : open.values()) {
            bytesDone += file.done;
            sources.addAll(file.sources);
        }
        boolean over = phase == Phase.DONE || phase == Phase.FAILED;
        return new FetchProgress(phase, files, filesDone, bytes, bytesDone, over ? 0 : rate(now), sources);
    }

    private long rate(Instant now) {
        Sample first = samples.peekFirst();
        if (first == null) {
            return 0;
        }
        long millis = Duration.between(first.at(), now).toMillis();
        return millis <= 0 ? 0 : (arrived - first.arrived()) * 1000 / millis;
    }
}
