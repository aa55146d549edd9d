package dev.modelfetch.internal.run;

import dev.modelfetch.FetchException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Stops one job or one attempt of it. Cancelling is final and reaches everything registered before or after. */
public final class Cancellation {

    private final Map<Runnable, Hook> hooks = new ConcurrentHashMap<>();
    private volatile boolean cancelled;

    public void cancel() {
        cancelled = true;
        hooks.values().forEach(Hook::run);
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /** @throws FetchException.Cancelled if it has been cancelled */
    public void check() {
        if (cancelled) {
            throw new FetchException.Cancelled();
        }
    }

    /** Something to do when it happens, once; runs at once if it already has. It must not wait. */
    public void onCancel(Runnable action) {
        Hook hook = new Hook(action);
        hooks.put(action, hook);
        if (cancelled) {
            hook.run();
        }
    }

    /** From now on the action is not run any more, nor is it running: what it would reach may be put to other use. */
    public void forget(Runnable action) {
        Hook hook = hooks.remove(action);
        if (hook != null) {
            hook.drop();
        }
    }

    /** Runs in its own monitor, so that whoever forgets it meanwhile waits until it has. */
    private static final class Hook {

        private @Nullable Runnable action;

        Hook(Runnable action) {
            this.action = action;
        }

        synchronized void run() {
            Runnable due = action;
            action = null;
            if (due != null) {
                due.run();
            }
        }

        synchronized void drop() {
            action = null;
        }
    }
}
