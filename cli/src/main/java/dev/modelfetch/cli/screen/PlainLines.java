package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Progress for a log file: a line per ten seconds or five per cent, whichever comes first, but not two in one second.
 * Time is that of the events, of which there is one a second at least while a file is in flight, whether or not
 * anything comes. Fed from one thread at a time.
 */
final class PlainLines {

    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final int STEP = 5;
    private static final String GAP = "  ";

    private final Messages messages;
    private final LogTime time;
    private @Nullable Instant said;
    private int percentSaid;

    PlainLines(Messages messages, LogTime time) {
        this.messages = messages;
        this.time = time;
    }

    /** The line to print after that event, which the board has seen already; usually none. */
    Optional<Line> after(FetchEvent event, Board board) {
        if (event instanceof FetchEvent.Resolved) {
            said = event.at();
            return Optional.empty();
        }
        if (said == null
                || board.isStored()
                || event instanceof FetchEvent.Done
                || event instanceof FetchEvent.Failed) {
            return Optional.empty();
        }
        return isDue(said, event.at(), board.percent())
                ? Optional.of(Line.of(line(board, event.at())))
                : Optional.empty();
    }

    /** The same where nothing is done but hashing; the first that is told of it begins it. */
    Optional<Line> afterCheck(Instant at, Checks checks) {
        if (said == null) {
            said = at;
            return Optional.empty();
        }
        return isDue(said, at, Figures.percent(checks.done(), checks.size()))
                ? Optional.of(Line.of(joined(checked(checks, at))))
                : Optional.empty();
    }

    private boolean isDue(Instant last, Instant at, int percent) {
        // A clock set back must not make it silent until it has caught up.
        Duration since = Duration.between(last, at).abs();
        boolean due = percent >= percentSaid + STEP || since.compareTo(QUIET) >= 0;
        if (!due || since.compareTo(LEAST) < 0) {
            return false;
        }
        said = at;
        percentSaid = percent - percent % STEP;
        return true;
    }

    /** Another line of the same log. */
    Line stamped(Line line, Instant at) {
        return new Line(line.ink(), time.of(at) + GAP + line.text());
    }

    private String line(Board board, Instant now) {
        if (board.onlyChecks(now)) {
            return joined(checked(board.checks(), now));
        }
        return joined(List.of(
                time.of(now),
                board.percent() + "%",
                amount(board.bytesDone(), board.bytes()),
                board.silent(now) ? silence(board, now) : TotalLine.bytes(board.rate(now)),
                messages.say("plain.files", Figures.count(board.filesDone()), Figures.count(board.files()))));
    }

    private List<String> checked(Checks checks, Instant now) {
        return List.of(
                time.of(now),
                messages.say("bar.checking", Figures.percent(checks.done(), checks.size()) + "%"),
                amount(checks.done(), checks.size()),
                TotalLine.bytes(checks.rate(now)));
    }

    private static String joined(List<String> parts) {
        return Cells.plain(parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining(GAP)));
    }

    private String amount(long done, long size) {
        Figures.Share share = Figures.share(done, size);
        return messages.say("amount.bytes", share.done(), share.size());
    }

    private String silence(Board board, Instant now) {
        if (board.received()) {
            return messages.say("left.verifying");
        }
        String since = messages.say("plain.silence", Figures.span(board.silence(now), messages));
        return since
                + board.waiting()
                        .map(wait -> messages.say("wait.causes", new Wait(wait, messages).causes()))
                        .orElse("");
    }
}
