package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Keeps what a job tells, and lets a test act on it at that very moment. */
final class Recorder implements FetchListener {

    private final List<FetchEvent> heard = new ArrayList<>();
    private Consumer<FetchEvent> hook = event -> {};

    Recorder() {}

    Events events() {
        return new Events(this, InstantSource.system());
    }

    synchronized Recorder on(Consumer<FetchEvent> action) {
        hook = action;
        return this;
    }

    @Override
    public void onEvent(FetchEvent event) {
        Consumer<FetchEvent> action;
        synchronized (this) {
            heard.add(event);
            action = hook;
        }
        action.accept(event);
    }

    synchronized List<FetchEvent> all() {
        return List.copyOf(heard);
    }

    <T extends FetchEvent> List<T> all(Class<T> kind) {
        return all().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The words of all events, separated by blanks. */
    String words() {
        return all().stream().map(FetchEvent::word).collect(Collectors.joining(" "));
    }

    /** Sources in the order in which their answers were told. */
    List<String> probed() {
        return all(FetchEvent.Probed.class).stream()
                .map(event -> event.probe().source())
                .toList();
    }
}
