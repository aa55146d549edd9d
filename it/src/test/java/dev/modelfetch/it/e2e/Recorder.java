package dev.modelfetch.it.e2e;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every event. Thread-safe. */
final class Recorder implements FetchListener {

    private final List<FetchEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void onEvent(FetchEvent event) {
        events.add(event);
    }

    /** Those of one kind, in order. */
    <E extends FetchEvent> List<E> all(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
