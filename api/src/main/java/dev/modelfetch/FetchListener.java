package dev.modelfetch;

/**
 * Told what happens in a job, in this order:
 *
 * <pre>
 * probe* resolved? ( file-start ( progress | retry | source-switch | verify )* file-done )* ( done | error )
 * </pre>
 *
 * Files interleave. A late probe may follow {@code resolved}. Files that were already stored have {@code file-done}
 * alone. Called on the job's threads, one call at a time for one job; return quickly, and do not throw: what a listener
 * throws is logged and dropped.
 */
@FunctionalInterface
public interface FetchListener {

    /** Hears nothing. */
    FetchListener SILENT = event -> {};

    void onEvent(FetchEvent event);
}
