package dev.modelfetch.cli.screen;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far the whole job is, how fast it goes and how long it will take, each in a place that is its own for a whole
 * run. In a narrow window first the bar goes, then the amount, then the time left.
 */
final class TotalLine {

    /** Below that the bar would be too short to tell anything. */
    static final int BAR_FROM = 60;

    static final int RATE_CELLS = 10;

    private static final int LEFT_CELLS = 11;
    private static final int BAR_LEAST = 4;
    private static final int BAR_MOST = 32;
    private static final String UNKNOWN = "--:--";

    private final Board board;
    private final Instant now;
    private final Messages messages;

    TotalLine(Board board, Instant now, Messages messages) {
        this.board = board;
        this.now = now;
        this.messages = messages;
    }

    /** The job. */
    String job(int columns) {
        String amount = board.countsFiles()
                ? messages.say(
                        "amount.files", Cells.padLeft(Figures.count(board.filesDone()), count().length()), count())
                : amount(board.bytesDone(), board.bytes());
        String rate = board.countsFiles() ? files(board.filesPerSecond(now)) : bytes(board.rate(now));
        boolean verifying = board.received() && board.waiting().isEmpty();
        return assembled(
                Gauge.percent(board.percent()),
                board.share(),
                board.behind(now),
                amount,
                verifying ? "" : rate,
                verifying ? messages.say("left.verifying") : left(board.left(now)),
                columns);
    }

    /** The hashing of what is here, when nothing else goes on. */
    String checks(int columns) {
        Checks checks = board.checks();
        long size = Math.max(1, checks.size());
        return assembled(
                messages.say("bar.checking", Gauge.percent(Figures.percent(checks.done(), size))),
                (double) checks.done() / size,
                0,
                amount(checks.done(), size),
                bytes(checks.rate(now)),
                checks.left(now).map(left -> TimeLeft.words(left, messages)).orElse(""),
                columns);
    }

    private String assembled(
            String head, double share, double behind, String amount, String rate, String left, int columns) {
        int width = columns - 1;
        int used = Cells.width(head);
        String speed = "  " + Cells.padLeft(rate, RATE_CELLS);
        String remaining = "  " + Cells.padLeft(left, LEFT_CELLS);
        String end = used + RATE_CELLS + 2 > width ? "" : speed;
        if (used + Cells.width(speed + remaining) <= width) {
            end = speed + remaining;
        }
        if (used + Cells.width(end + amount) + 2 <= width) {
            end = "  " + amount + end;
        }
        int room = width - used - Cells.width(end) - 3;
        return columns < BAR_FROM || room < BAR_LEAST
                ? head + end
                : head + " " + Gauge.bar(share, behind, Math.min(BAR_MOST, room)) + end;
    }

    private String amount(long done, long size) {
        Figures.Share share = Figures.share(done, size);
        int cells = Cells.width(share.size().substring(0, share.size().indexOf(' ')));
        return messages.say("amount.bytes", Cells.padLeft(share.done(), cells), share.size());
    }

    private String count() {
        return Figures.count(board.files());
    }

    private String left(Optional<Duration> left) {
        // Before there is a rate there is nothing to be unsure of.
        String none = board.silent(now) || board.rate(now).isPresent() ? UNKNOWN : "";
        return left.map(time -> TimeLeft.words(time, messages)).orElse(none);
    }

    static String bytes(OptionalDouble rate) {
        return rate.isPresent() ? Figures.rate(rate.getAsDouble()) : "";
    }

    private String files(OptionalDouble rate) {
        return rate.isPresent() ? messages.say("rate.files", Figures.perSecond(rate.getAsDouble())) : "";
    }
}
