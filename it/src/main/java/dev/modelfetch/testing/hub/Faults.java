package dev.modelfetch.testing.hub;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What goes wrong at one server, changeable while it runs. Every fault that fits an answer changes it in turn. Thread-safe. */
public final class Faults {

    private final List<Fault.Armed> armed = new CopyOnWriteArrayList<>();

    /** Lets this go wrong from now on. */
    public Faults add(Fault fault) {
        armed.add(fault.arm());
        return this;
    }

    /** Everything works again. */
    public Faults clear() {
        armed.clear();
        return this;
    }

    Reply apply(Request request, Reply honest) throws IOException {
        Reply reply = honest;
        for (Fault.Armed fault : armed) {
            reply = fault.apply(request, reply);
        }
        return reply;
    }
}
