package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One line for each source: what it brings now, or why nothing. */
final class SenderLines {

    private static final int NAME_CELLS = 12;
    /** What is further away is no time to wait for. */
    private static final Duration SOON = Duration.ofHours(24);

    private final Board board;
    private final Instant now;
    private final Messages messages;

    SenderLines(Board board, Instant now, Messages messages) {
        this.board = board;
        this.now = now;
        this.messages = messages;
    }

    /** In the order they were first heard of; where there is no room for all, those that bring something stay. */
    List<String> lines(int most) {
        List<Senders.Sender> shown = new ArrayList<>(board.senders().all());
        for (int i = shown.size() - 1; i >= 0 && shown.size() > most; i--) {
            if (!shown.get(i).brings(now)) {
                shown.remove(i);
            }
        }
        return shown.stream().limit(most).map(this::line).toList();
    }

    private String line(Senders.Sender sender) {
        String name = Cells.padRight(Cells.shorten(Cells.plain(sender.id()), NAME_CELLS), NAME_CELLS);
        return "  " + name + " " + (brings(sender) ? delivery(sender) : Cells.plain(reason(sender)));
    }

    private boolean brings(Senders.Sender sender) {
        return sender.brings(now) && board.waiting().isEmpty();
    }

    private String delivery(Senders.Sender sender) {
        String rate = Cells.padLeft(TotalLine.bytes(sender.rate(now)), TotalLine.RATE_CELLS);
        return board.files() > 1 && sender.files() > 0 ? rate + "  " + Count.files(sender.files(), messages) : rate;
    }

    private String reason(Senders.Sender sender) {
        Optional<String> cause = board.waiting().map(wait -> wait.causes().get(sender.id()));
        if (cause.isPresent()) {
            return cause.get();
        }
        Optional<FetchEvent.SourceLeft> left = sender.left();
        if (left.isPresent()) {
            Duration still = Duration.between(now, left.get().until());
            if (still.isNegative() || still.isZero()) {
                return messages.say("sender.tried");
            }
            return still.compareTo(SOON) < 0
                    ? messages.say("sender.left", left.get().reason(), Figures.span(still, messages))
                    : left.get().reason();
        }
        if (sender.files() > 0 && sender.isSilent(now)) {
            return messages.say("sender.silent", Figures.span(sender.silence(now), messages));
        }
        return sender.trouble().map(verdict -> verdict.detail()).orElseGet(() -> messages.say("sender.idle"));
    }
}
