package dev.modelfetch.internal.testing;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import dev.modelfetch.internal.run.Events;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Keeps what a job tells, and lets a test act on it at that very moment. */
public final class Recorder implements FetchListener {

    private final List<FetchEvent> heard = new ArrayList<>();
    private Consumer<FetchEvent> hook = event -> {};

    public Recorder() {}

    public Events events() {
        return new Events(this, InstantSource.system());
    }

    public synchronized Recorder on(Consumer<FetchEvent> action) {
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

    public synchronized List<FetchEvent> all() {
        return List.copyOf(heard);
    }

    public <T extends FetchEvent> List<T> all(Class<T> kind) {
        return all().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The words of all events, separated by blanks. */
    public String words() {
        return all().stream().map(FetchEvent::word).collect(Collectors.joining(" "));
    }

    /** Sources in the order in which their answers were told. */
    public List<String> probed() {
        return all(FetchEvent.Probed.class).stream()
                .map(event -> event.probe().source())
                .toList();
    }
}
