package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Progress for a log file: a line per ten seconds or five per cent, whichever comes first, but not two in one second.
 * Time is that of the events. Fed from one thread at a time.
 */
final class PlainLines {

    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final int STEP = 5;

    private final Messages messages;
    private @Nullable Instant said;
    private int percentSaid;

    PlainLines(Messages messages) {
        this.messages = messages;
    }

    /** The line to print after that event, which the board has seen already; usually none. */
    Optional<Line> after(FetchEvent event, Board board) {
        if (event instanceof FetchEvent.Resolved) {
            said = event.at();
            return Optional.empty();
        }
        if (!(event instanceof FetchEvent.Progress || event instanceof FetchEvent.FileDone)) {
            return Optional.empty();
        }
        Instant last = said == null ? board.start() : said;
        // A clock set back must not make it silent until it has caught up.
        Duration since = Duration.between(last, event.at()).abs();
        int percent = Figures.percent(board.bytesDone(), board.bytes());
        boolean due = percent >= percentSaid + STEP || since.compareTo(QUIET) >= 0;
        if (!due || since.compareTo(LEAST) < 0) {
            return Optional.empty();
        }
        said = event.at();
        percentSaid = percent - percent % STEP;
        return Optional.of(Line.of(messages.say(
                "plain.progress",
                percent,
                Figures.bytes(board.bytesDone()),
                Figures.bytes(board.bytes()),
                Figures.rate(board.rate(event.at())),
                board.filesDone(),
                board.files())));
    }
}
