package dev.modelfetch.internal.run;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/** Hands events to the listener one at a time, whichever thread they come from. */
public final class Events {

    private final FetchListener listener;
    private final InstantSource clock;
    private boolean over;

    public Events(FetchListener listener, InstantSource clock) {
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Nothing follows the end: an answer that comes later still is dropped.
     *
     * @param event makes the event from the present time
     */
    public synchronized void emit(Function<Instant, FetchEvent> event) {
        if (over) {
            return;
        }
        try {
            FetchEvent now = event.apply(clock.instant());
            over = now instanceof FetchEvent.Done || now instanceof FetchEvent.Failed;
            listener.onEvent(now);
        } catch (RuntimeException | Error e) {
            System.getLogger(Events.class.getName()).log(Level.WARNING, "a listener failed", e);
        }
    }
}
