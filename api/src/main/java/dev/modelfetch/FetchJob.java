package dev.modelfetch;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A job that was started: to be watched, waited for, slowed down and stopped. Thread-safe. */
public interface FetchJob {

    /** Unique among the jobs of this process; stands in its log. */
    String id();

    FetchRequest request();

    /** How far it is. */
    FetchProgress progress();

    /**
     * Ends with the snapshot or a {@link FetchException}, once the last event has been told. Whoever cancels this future,
     * or one derived from it, or lets it run into a timeout, stops the job. Whoever only wants to listen takes {@link
     * CompletableFuture#minimalCompletionStage()} of it.
     */
    CompletableFuture<Snapshot> result();

    /**
     * Stops it within a second; what was fetched so far is kept for the next one. It ends with {@link
     * FetchException.Cancelled}.
     *
     * @return false if it had ended before
     */
    boolean cancel();

    /**
     * Waits until it has ended: told its last event, closed its files, and let go of its connections.
     *
     * @return false if it has not by then
     */
    boolean awaitEnd(Duration atMost) throws InterruptedException;

    /**
     * Limits this job from now on, instead of {@link FetchRequest#bytesPerSecond()}.
     *
     * @param limit 0 for none
     * @throws FetchException.Usage if it is negative
     */
    void bytesPerSecond(long limit);
}
