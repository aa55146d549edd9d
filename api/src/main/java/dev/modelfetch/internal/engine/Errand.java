package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something an engine was asked to do, from being asked to its end. Thread-safe. */
final class Errand<T> {

    private final FetchRequest request;
    private final Events events;
    private final Cancellation cancellation = new Cancellation();
    private final long begunNanos = System.nanoTime();
    private final JobResult<T> result = new JobResult<>(cancellation::cancel);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> alarm = new CompletableFuture<>();
    private volatile boolean late;

    Errand(FetchRequest request, Events events) {
        this.request = request;
        this.events = events;
        request.timeout().ifPresent(time -> {
            var unused = alarm.completeOnTimeout(null, TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS)
                    .thenRun(this::timeOut);
        });
    }

    FetchRequest request() {
        return request;
    }

    Events events() {
        return events;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    /** On the clock of {@link System#nanoTime}. */
    long begunNanos() {
        return begunNanos;
    }

    JobResult<T> result() {
        return result;
    }

    private void timeOut() {
        late = true;
        cancellation.cancel();
    }

    /** The failure, or that there was no more time for anything else. */
    FetchException explained(FetchException failure) {
        if (!late || !(failure instanceof FetchException.Cancelled)) {
            return failure;
        }
        Duration time = request.timeout().orElseThrow();
        FetchException.TimedOut timedOut = new FetchException.TimedOut(
                Message.of("timed-out", "{0} was not there within {1} s.", request.repo(), time.toMillis() / 1000.0),
                Hint.plain("What was fetched so far is kept; allow more time, or try again."));
        timedOut.addSuppressed(failure);
        return timedOut;
    }

    boolean cancel() {
        boolean running = !ended.isDone();
        cancellation.cancel();
        return running;
    }

    /** Nothing follows: its last event has been told, its files are closed. */
    void over() {
        alarm.cancel(false);
        ended.complete(null);
    }

    boolean awaitEnd(Duration atMost) throws InterruptedException {
        try {
            ended.get(Math.max(0, TimeUnit.NANOSECONDS.convert(atMost)), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for it; a caller that is interrupted stops it, and finds its interrupt where it was. */
    T await() {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FetchException failure ? failure : new FetchException.Internal(e);
        } catch (InterruptedException e) {
            cancel();
            awaitLastWord();
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        }
    }

    /** A job that was stopped notes down what it has and tells its end, which the caller may rely on. */
    private void awaitLastWord() {
        try {
            var unused = awaitEnd(Limits.LAST_WORD);
        } catch (InterruptedException e) {
            // Beyond patience.
        }
    }
}
