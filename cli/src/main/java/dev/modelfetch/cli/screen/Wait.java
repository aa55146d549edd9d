package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A wait for the network in words, as its latest event tells and the clock has moved since. */
final class Wait {

    /** Who is waited for when another process holds a file. */
    private static final String CACHE = "cache";

    private final FetchEvent.Waiting event;
    private final Messages messages;

    Wait(FetchEvent.Waiting event, Messages messages) {
        this.event = event;
        this.messages = messages;
    }

    /** Whether it is the network that is waited for, and not only another process. */
    static boolean isForNetwork(FetchEvent.Waiting event) {
        return event.causes().isEmpty() || event.causes().keySet().stream().anyMatch(who -> !who.equals(CACHE));
    }

    /** For example {@code network away for 0:42, next try in 8 s, gives up in 9:18}. */
    String sentence(Instant now, boolean causes) {
        StringBuilder text = new StringBuilder(messages.say("wait.away", clock(event.since(), now)));
        if (causes && !event.causes().isEmpty()) {
            text.append(messages.say("wait.causes", causes()));
        }
        Instant next = event.nextTry();
        if (next != null) {
            text.append(
                    next.isAfter(now)
                            ? messages.say("wait.next", Figures.span(Duration.between(now, next), messages))
                            : messages.say("wait.now"));
        }
        Instant end = event.givesUp();
        if (end != null) {
            text.append(messages.say("wait.gives-up", clock(now, end)));
        }
        return Cells.plain(text.toString());
    }

    /** For example {@code huggingface: name not found; mirror: connection refused}. */
    String causes() {
        return new TreeMap<>(event.causes())
                .entrySet().stream()
                        .map(entry -> messages.say("wait.cause", entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(messages.say("wait.and")));
    }

    private static String clock(Instant from, Instant to) {
        return Figures.clock(Duration.between(from, to));
    }
}
