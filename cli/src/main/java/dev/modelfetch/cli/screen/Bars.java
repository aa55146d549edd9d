package dev.modelfetch.cli.screen;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of a job as lines for a terminal: one for the whole, one for each file in flight. A pure function; painting
 * is {@link Painter}'s.
 *
 * <p>No library: those on offer cost start-up time or want native access, and measure Chinese file names wrongly. Bars
 * are ASCII because box and block characters are one or two cells wide depending on the terminal's language.
 */
final class Bars {

    private static final int MOST_FILES = 8;
    private static final int BAR_LEAST = 8;
    private static final int BAR_MOST = 32;
    private static final int NAME_MOST = 44;

    private Bars() {}

    /** At most {@code columns - 1} cells each, since some terminals wrap when the last cell is written. */
    static List<String> lines(Board board, int columns, Instant now, Messages messages) {
        int width = Math.max(1, columns - 1);
        List<String> lines = new ArrayList<>();
        if (!board.resolved()) {
            String waited = Figures.took(Duration.between(board.start(), now));
            lines.add(messages.say("bar.asking", board.answers(), waited));
        } else {
            lines.add(total(board, width, now, messages));
            List<Board.Row> active = board.active();
            active.stream().limit(MOST_FILES).forEach(row -> lines.add(file(row, width, now)));
            if (active.size() > MOST_FILES) {
                lines.add(messages.say("bar.more", active.size() - MOST_FILES));
            }
        }
        return lines.stream().map(line -> Cells.shorten(line, width)).toList();
    }

    private static String total(Board board, int width, Instant now, Messages messages) {
        double rate = board.rate(now);
        String files = messages.say("bar.files", board.filesDone(), board.files());
        return assembled(
                percent(board.bytesDone(), board.bytes()),
                share(board.bytesDone(), board.bytes()),
                List.of(
                        Figures.bytes(board.bytesDone()) + "/" + Figures.bytes(board.bytes()),
                        Cells.padLeft(Figures.rate(rate), 10),
                        Cells.padLeft(left(board.bytes() - board.bytesDone(), rate), 7),
                        files),
                width);
    }

    private static String file(Board.Row row, int width, Instant now) {
        int name = Math.min(NAME_MOST, Math.max(6, width / 3));
        return assembled(
                "  " + Cells.padRight(Cells.shorten(Cells.plain(row.path()), name), name) + " "
                        + percent(row.done(), row.size()),
                share(row.done(), row.size()),
                List.of(
                        row.source(),
                        Cells.padLeft(Figures.rate(row.rate(now)), 10),
                        Cells.padLeft(Figures.bytes(row.size()), 9)),
                width);
    }

    /** Head, bar, and as many of the tails, in falling importance, as leave room for a bar. */
    private static String assembled(String head, double share, List<String> tails, int width) {
        StringBuilder end = new StringBuilder();
        int used = Cells.width(head) + BAR_LEAST + 3;
        for (String tail : tails) {
            used += Cells.width(tail) + 2;
            if (used > width) {
                break;
            }
            end.append("  ").append(tail);
        }
        int room = width - Cells.width(head) - Cells.width(end.toString()) - 3;
        return room < BAR_LEAST ? head + end : head + " " + bar(share, Math.min(BAR_MOST, room)) + end;
    }

    private static String bar(double share, int cells) {
        int full = (int) Math.min(cells, Math.max(0, share * cells));
        String tip = full > 0 && full < cells ? ">" : "";
        return "[" + "=".repeat(full - tip.length()) + tip + " ".repeat(cells - full) + "]";
    }

    private static String percent(long done, long size) {
        return Cells.padLeft(Figures.percent(done, size) + "%", 4);
    }

    private static double share(long done, long size) {
        return size <= 0 ? 1 : (double) done / size;
    }

    private static String left(long bytes, double rate) {
        double seconds = rate < 1 ? Double.MAX_VALUE : bytes / rate;
        return seconds > 359_999 ? "-:--" : Figures.clock((long) Math.ceil(seconds));
    }
}
