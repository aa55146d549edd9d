package dev.modelfetch.internal.engine;

import java.util.concurrent.CompletableFuture;

/**
 * What a job comes to. Whoever completes it, or what they derived from it, before the job does (by cancelling it, by a
 * timeout) no longer waits for the job, which is stopped then.
 */
final class JobResult<T> extends CompletableFuture<T> {

    private final Runnable stop;

    JobResult(Runnable stop) {
        this.stop = stop;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new JobResult<>(stop);
    }

    /** By the job itself. */
    void deliver(T value) {
        super.complete(value);
    }

    /** By the job itself. */
    void fail(Throwable failure) {
        super.completeExceptionally(failure);
    }

    // In this order: the job ends at once, and must not complete the future before its caller has.

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return stopped(super.cancel(mayInterruptIfRunning));
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return stopped(super.completeExceptionally(failure));
    }

    @Override
    public boolean complete(T value) {
        return stopped(super.complete(value));
    }

    private boolean stopped(boolean first) {
        if (first) {
            stop.run();
        }
        return first;
    }
}
