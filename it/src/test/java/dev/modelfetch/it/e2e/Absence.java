package dev.modelfetch.it.e2e;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Servers that go away when a job has come so far, and come back. To be told what the job says. Thread-safe. */
final class Absence implements FetchListener {

    private final String path;
    private final long bytes;
    private final Runnable leave;
    private final Runnable comeBack;
    private final Duration time;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Void> noticed = new CompletableFuture<>();

    private Absence(String path, long bytes, Runnable leave, Runnable comeBack, Duration time) {
        this.path = path;
        this.bytes = bytes;
        this.leave = leave;
        this.comeBack = comeBack;
        this.time = time;
    }

    /** Once that many bytes of the file are there, for so long. */
    static Absence from(String path, long bytes, Duration time, Runnable leave, Runnable comeBack) {
        Absence absence = new Absence(path, bytes, leave, comeBack, time);
        absence.noticed.complete(null);
        return absence;
    }

    /** The same, and in any case until the job says that it waits. */
    Absence untilNoticed() {
        return new Absence(path, bytes, leave, comeBack, time);
    }

    boolean hasBegun() {
        return begun.get();
    }

    @Override
    public void onEvent(FetchEvent event) {
        if (event instanceof FetchEvent.Progress progress
                && progress.path().equals(path)
                && progress.done() >= bytes
                && begun.compareAndSet(false, true)) {
            leave.run();
            CompletableFuture<Void> over =
                    new CompletableFuture<Void>().completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
            var unused = CompletableFuture.allOf(over, noticed).thenRun(comeBack);
        } else if (begun.get() && event instanceof FetchEvent.Waiting) {
            noticed.complete(null);
        }
    }
}
