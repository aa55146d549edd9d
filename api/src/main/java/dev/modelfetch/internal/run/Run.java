package dev.modelfetch.internal.run;

import dev.modelfetch.FetchRequest;
import java.util.concurrent.ExecutorService;

/**
 * What every step of one attempt is handed.
 *
 * @param request what was asked for
 * @param events where to tell what happens
 * @param cancellation how it is stopped
 * @param pool its threads; shut down at its end
 */
public record Run(FetchRequest request, Events events, Cancellation cancellation, ExecutorService pool)
        implements AutoCloseable {

    /** An attempt that ends when the job does. */
    public static Run within(Cancellation job, FetchRequest request, Events events) {
        Cancellation attempt = new Cancellation();
        ExecutorService pool = Threads.perTask("transfer");
        attempt.onCancel(pool::shutdownNow);
        job.onCancel(attempt::cancel);
        return new Run(request, events, attempt, pool);
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
