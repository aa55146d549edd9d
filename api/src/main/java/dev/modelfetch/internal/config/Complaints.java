package dev.modelfetch.internal.config;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** What is wrong with settings, collected so that a person hears of all of it at once. Not thread-safe. */
public final class Complaints {

    private final List<FetchException.Usage> all = new ArrayList<>();

    /** Notes what a check complains of. */
    public void of(Runnable check) {
        try {
            check.run();
        } catch (FetchException.Usage e) {
            all.add(e);
        }
    }

    /** What can be read, or something in its place. */
    <T> T or(T inPlace, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (FetchException.Usage e) {
            all.add(e);
            return inPlace;
        }
    }

    /** @throws FetchException.Usage if there was anything to complain of */
    public void raise() {
        if (all.size() == 1) {
            throw all.get(0);
        }
        if (!all.isEmpty()) {
            Set<Message> messages = new LinkedHashSet<>();
            Set<Hint> hints = new LinkedHashSet<>();
            for (FetchException.Usage each : all) {
                messages.add(each.message());
                hints.addAll(each.hints());
            }
            FetchException.Usage together = new FetchException.Usage(
                    messages.stream().reduce(Message::then).orElseThrow(), hints.toArray(new Hint[0]));
            all.forEach(together::addSuppressed);
            throw together;
        }
    }
}
