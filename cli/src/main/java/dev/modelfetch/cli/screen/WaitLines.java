package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A wait for the network told once when it begins and once when it is over, for whoever does not see it count. Time is
 * that of the events, of which there is one a second at least while a file is in flight.
 */
final class WaitLines {

    /** What is over sooner nobody needs to know. */
    private static final Duration WORTH_TELLING = Board.SILENCE;

    private final Messages messages;
    private FetchEvent.@Nullable Waiting wait;
    private boolean told;

    WaitLines(Messages messages) {
        this.messages = messages;
    }

    Optional<Line> after(FetchEvent event) {
        if (event instanceof FetchEvent.Waiting e && Wait.isForNetwork(e)) {
            wait = e;
        } else if (event instanceof FetchEvent.Resumed e) {
            boolean worth = told || isLong(e.since(), e.at());
            over();
            String took = Figures.clock(Duration.between(e.since(), e.at()));
            return worth ? Optional.of(Line.of(messages.say("wait.back", took, e.source()))) : Optional.empty();
        } else if (event instanceof FetchEvent.Done || event instanceof FetchEvent.Failed) {
            over();
        }
        FetchEvent.Waiting now = wait;
        if (now == null || told || !isLong(now.since(), event.at())) {
            return Optional.empty();
        }
        told = true;
        return Optional.of(Line.note(new Wait(now, messages).sentence(event.at(), true)));
    }

    private void over() {
        wait = null;
        told = false;
    }

    private static boolean isLong(Instant since, Instant now) {
        return Duration.between(since, now).compareTo(WORTH_TELLING) >= 0;
    }
}
