package dev.modelfetch.internal.run;

import dev.modelfetch.FetchException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;

/** Stops one job or one attempt of it. Cancelling is final and reaches everything registered before or after. */
public final class Cancellation {

    private final Set<Runnable> hooks = ConcurrentHashMap.newKeySet();
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    public void cancel() {
        cancelled = true;
        calls.forEach(Call::cancel);
        hooks.forEach(Runnable::run);
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

    /** Something to do when it happens; runs at once if it already has. */
    public void onCancel(Runnable hook) {
        hooks.add(hook);
        if (cancelled) {
            hook.run();
        }
    }

    public void forget(Runnable hook) {
        hooks.remove(hook);
    }

    /** Covers a call until {@link #done}. */
    public void watch(Call call) {
        calls.add(call);
        if (cancelled) {
            call.cancel();
        }
    }

    public void done(Call call) {
        calls.remove(call);
    }
}
