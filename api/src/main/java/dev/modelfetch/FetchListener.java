package dev.modelfetch;

/**
 * Told what happens in a job, in this order:
 *
 * <pre>
 * probe* ( resolved ( waiting? file-start ( progress | retry | source-switch | verify )* file-done )* )* ( done | error )
 * </pre>
 *
 * Files interleave. A second {@code resolved} means that the first source could not deliver and the job is bound
 * to another. A late {@code probe} may come at any time before the end. Files that were
 * already stored have {@code file-done}
 * alone, and so have those that somebody else stored while the job was {@code waiting} for it. Where the store answers and
 * no source is asked, as offline or when a stored commit is asked for by its name, {@code resolved} names {@code cache} as
 * its source and comes once everything is known to be there. Called on the job's threads, one call at a time for one job; return quickly, and do not throw: what a listener
 * throws is logged and dropped.
 */
@FunctionalInterface
public interface FetchListener {

    /** Hears nothing. */
    FetchListener SILENT = event -> {};

    void onEvent(FetchEvent event);
}
