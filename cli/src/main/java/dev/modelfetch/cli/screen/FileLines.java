package dev.modelfetch.cli.screen;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One line for each file in flight. */
final class FileLines {

    static final int MOST = 8;

    private static final int BAR_CELLS_LEAST = 4;
    private static final int BAR_CELLS_MOST = 24;
    private static final int NAME_LEAST = 6;
    private static final int NAME_MOST = 44;
    private static final int SIZE_CELLS = 8;
    private static final int SOURCES_CELLS = 12;
    private static final int SOURCES_CELLS_WIDE = 24;
    private static final int WIDE = 100;

    private final Board board;
    private final Instant now;
    private final Messages messages;

    FileLines(Board board, Instant now, Messages messages) {
        this.board = board;
        this.now = now;
        this.messages = messages;
    }

    /** Those that are not there yet; at most so many lines, the last of which counts the rest. */
    List<String> lines(int most, int columns) {
        List<Board.Row> rows =
                board.active().stream().filter(row -> row.done() < row.size()).toList();
        int shown = rows.size() <= most ? rows.size() : Math.max(0, most - 1);
        List<String> lines = new ArrayList<>(
                rows.stream().limit(shown).map(row -> line(row, columns)).toList());
        if (shown < rows.size() && most > 0) {
            lines.add(messages.say("bar.more", rows.size() - shown));
        }
        return lines;
    }

    private String line(Board.Row row, int columns) {
        int width = columns - 1;
        int name = Math.min(NAME_MOST, Math.max(NAME_LEAST, width / 3));
        String head = "  " + Cells.padRight(Cells.shorten(Cells.plain(row.path()), name), name) + " "
                + Gauge.percent(Figures.percent(row.done(), row.size()));
        StringBuilder end = new StringBuilder();
        int room = width - Cells.width(head);
        for (String tail : List.of(
                Cells.padLeft(TotalLine.bytes(row.rate(now)), TotalLine.RATE_CELLS),
                Cells.padLeft(Figures.bytes(row.size()), SIZE_CELLS),
                sources(row, columns < WIDE ? SOURCES_CELLS : SOURCES_CELLS_WIDE))) {
            if (room < Cells.width(tail) + 2) {
                break;
            }
            end.append("  ").append(tail);
            room -= Cells.width(tail) + 2;
        }
        int bar = Math.min(BAR_CELLS_MOST, room - 3);
        long behind = board.checks().behind(row.path(), row.done(), now);
        return columns < TotalLine.BAR_FROM || bar < BAR_CELLS_LEAST
                ? head + end
                : head + " " + Gauge.bar(part(row.done(), row.size()), part(behind, row.size()), bar) + end;
    }

    /** In a place of fixed width, so that the bar stays where it is when a second source joins. */
    private static String sources(Board.Row row, int cells) {
        String names = Cells.plain(String.join(",", row.sources()));
        return Cells.padRight(Cells.shorten(names, cells), cells);
    }

    private static double part(long done, long size) {
        return size <= 0 ? 1 : (double) done / size;
    }
}
