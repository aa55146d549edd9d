package dev.modelfetch.internal.run;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Hands events to the listeners one at a time, whichever thread they come from. */
public final class Events implements AutoCloseable {

    private static final ThreadLocal<Boolean> TELLING = ThreadLocal.withInitial(() -> false);

    private final List<FetchListener> listeners;
    private final InstantSource clock;
    private final Set<FetchListener> broken = new HashSet<>();
    private boolean over;

    /** @param listeners each is told, whatever another does */
    public Events(List<FetchListener> listeners, InstantSource clock) {
        this.listeners = new ArrayList<>(listeners);
        this.clock = clock;
    }

    public Events(FetchListener listener, InstantSource clock) {
        this(List.of(listener), clock);
    }

    /** Is told as well, from the next event on. */
    public synchronized void add(FetchListener listener) {
        listeners.add(listener);
    }

    /** Whether this thread is inside a listener, and must not be made to wait for a job. */
    public static boolean isTelling() {
        return TELLING.get();
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
        FetchEvent now = event.apply(clock.instant());
        over = now instanceof FetchEvent.Done || now instanceof FetchEvent.Failed;
        boolean within = TELLING.get();
        TELLING.set(true);
        try {
            listeners.forEach(listener -> tell(listener, now));
        } finally {
            TELLING.set(within);
        }
    }

    /** Whatever is still emitted is told to nobody. */
    @Override
    public synchronized void close() {
        over = true;
    }

    private void tell(FetchListener listener, FetchEvent event) {
        try {
            listener.onEvent(event);
        } catch (Throwable e) { // A listener in another language may throw what it does not declare.
            // Once: it may break at every step of a long transfer.
            if (broken.add(listener)) {
                System.getLogger(Events.class.getName())
                        .log(Level.WARNING, "a listener failed at \"" + event.word() + "\"", e);
            }
        }
    }
}
