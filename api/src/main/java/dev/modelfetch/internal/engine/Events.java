package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/** Hands events to the listener one at a time, whichever thread they come from. */
final class Events {

    private final FetchListener listener;
    private final InstantSource clock;

    Events(FetchListener listener, InstantSource clock) {
        this.listener = listener;
        this.clock = clock;
    }

    /** @param event makes the event from the present time */
    synchronized void emit(Function<Instant, FetchEvent> event) {
        try {
            listener.onEvent(event.apply(clock.instant()));
        } catch (RuntimeException e) {
            System.getLogger(Events.class.getName()).log(Level.WARNING, "a listener failed", e);
        }
    }
}
