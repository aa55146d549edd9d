package dev.modelfetch.internal.run;

import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;

/**
 * What every step of one attempt is handed.
 *
 * @param events where to tell what happens
 * @param cancellation how it is stopped
 * @param pool its threads; shut down at its end
 * @param nanos its clock, for spans of time
 * @param patience how much longer the job goes on while nothing arrives
 * @param leave done at its end: the job it belongs to no longer reaches it
 */
public record Run(
        Events events,
        Cancellation cancellation,
        ExecutorService pool,
        LongSupplier nanos,
        Patience patience,
        Runnable leave)
        implements AutoCloseable {

    /** An attempt that ends when the job does. */
    public static Run within(Cancellation job, Events events, Patience patience) {
        return within(job, events, patience, Threads.OWN, System::nanoTime);
    }

    /** As {@link #within(Cancellation, Events, Patience)}, with a clock of one's own. */
    public static Run within(Cancellation job, Events events, Patience patience, LongSupplier nanos) {
        return within(job, events, patience, Threads.OWN, nanos);
    }

    /** As {@link #within(Cancellation, Events, Patience)}, with threads and a clock of one's own. */
    public static Run within(Cancellation job, Events events, Patience patience, Threads threads, LongSupplier nanos) {
        Cancellation attempt = new Cancellation();
        ExecutorService pool = threads.perTask("transfer");
        Runnable withTheJob = attempt::cancel;
        attempt.onCancel(pool::shutdownNow);
        job.onCancel(withTheJob);
        return new Run(events, attempt, pool, nanos, patience, () -> job.forget(withTheJob));
    }

    @Override
    public void close() {
        leave.run();
        pool.shutdownNow();
    }
}
