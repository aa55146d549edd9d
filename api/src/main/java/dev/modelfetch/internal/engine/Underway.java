package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchProgress;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Snapshot;
import dev.modelfetch.internal.transfer.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A fetch as whoever started it sees it. */
final class Underway implements FetchJob {

    private static final AtomicLong COUNT = new AtomicLong();

    private final String id = "fetch-" + COUNT.incrementAndGet();
    private final Errand<Snapshot> errand;
    private final Throttle throttle;
    private final Gauge gauge = new Gauge();

    /** @param throttle its own, within that of all jobs */
    Underway(Errand<Snapshot> errand, Throttle throttle) {
        this.errand = errand;
        this.throttle = throttle;
    }

    Errand<Snapshot> errand() {
        return errand;
    }

    Gauge gauge() {
        return gauge;
    }

    Throttle throttle() {
        return throttle;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public FetchRequest request() {
        return errand.request();
    }

    @Override
    public FetchProgress progress() {
        return gauge.read(Instant.now());
    }

    @Override
    public CompletableFuture<Snapshot> result() {
        return errand.result();
    }

    @Override
    public boolean cancel() {
        return errand.cancel();
    }

    @Override
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        return errand.awaitEnd(atMost);
    }

    @Override
    public void bytesPerSecond(long limit) {
        throttle.limit(limit);
    }

    @Override
    public String toString() {
        return id + " (" + errand.request().repo() + ")";
    }
}
