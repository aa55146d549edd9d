package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state of a job as lines for a terminal: one for the whole, and below it one for each source, or for each file if
 * that was asked for. Nothing but words and figures; painting is {@link Painter}'s.
 *
 * <p>No library: those on offer cost start-up time or want native access, and measure Chinese file names wrongly.
 */
final class Bars {

    private static final int MOST_LINES = 6;
    private static final int MOST_ROWS = 5;
    private static final int SOURCES_FROM = 40;
    private static final int WAIT_LINES = 2;
    /** So wide that how long it waits and what that means for the person fit beside each other. */
    private static final int TWO_IN_ONE_LINE = 96;
    /** So wide that the causes usually do too. */
    private static final int ALL_IN_ONE_LINE = 160;

    private static final int SHORT_COMMIT = 7;

    private final Board board;
    private final boolean byFile;
    private final Size size;
    private final Instant now;
    private final Messages messages;

    private Bars(Board board, Progress progress, Size size, Instant now, Messages messages) {
        this.board = board;
        this.byFile = progress == Progress.FILES;
        this.size = size;
        this.now = now;
        this.messages = messages;
    }

    /** At most one cell less than the columns each, since some terminals wrap when the last cell is written. */
    static List<String> lines(Board board, Progress progress, Size size, Instant now, Messages messages) {
        Bars bars = new Bars(board, progress, size, now, messages);
        int width = Math.max(1, size.columns() - 1);
        return bars.lines().stream()
                .map(line -> Cells.shorten(line.stripTrailing(), width))
                .toList();
    }

    private List<String> lines() {
        Optional<Manifest> manifest = board.manifest();
        if (manifest.isEmpty()) {
            return board.waiting().map(wait -> waiting(wait, room())).orElseGet(() -> List.of(asking()));
        }
        if (board.onlyChecks(now)) {
            return List.of(new TotalLine(board, now, messages).checks(size.columns()));
        }
        List<String> below = new ArrayList<>();
        int room = room() - 1;
        List<String> wait =
                board.waiting().map(event -> waiting(event, waitRoom(room))).orElse(List.of());
        below.addAll(rows(room - wait.size()));
        below.addAll(wait);
        List<String> lines = new ArrayList<>();
        if (room > below.size()) {
            lines.add(title(manifest.get()));
        }
        lines.add(new TotalLine(board, now, messages).job(size.columns()));
        lines.addAll(below);
        return lines;
    }

    /** The cursor stands on a line of its own below. */
    private int room() {
        int most = byFile ? FileLines.MOST + 3 : MOST_LINES;
        return Math.max(1, Math.min(most, size.rows() - 1));
    }

    private int waitRoom(int room) {
        return hasRows() ? Math.min(room, WAIT_LINES) : room;
    }

    private boolean hasRows() {
        return byFile || size.columns() >= SOURCES_FROM;
    }

    private List<String> rows(int room) {
        if (byFile) {
            return new FileLines(board, now, messages).lines(Math.min(FileLines.MOST + 1, room), size.columns());
        }
        return hasRows() ? new SenderLines(board, now, messages).lines(Math.min(MOST_ROWS, room)) : List.of();
    }

    private String asking() {
        return messages.say(
                board.senders().anyUsable() ? "bar.listing" : "bar.asking",
                board.answers(),
                Figures.took(Duration.between(board.start(), now)));
    }

    private String title(Manifest manifest) {
        String title = Cells.plain(manifest.repo().id() + "  " + about(manifest));
        int files = board.active().size();
        if (!namesCounts() || files == 0) {
            return title;
        }
        String more = title + messages.say("bar.running", Figures.count(files));
        return Cells.width(more) < size.columns() ? more : title;
    }

    private boolean namesCounts() {
        return board.files() > 1 && !board.countsFiles();
    }

    private String about(Manifest manifest) {
        if (namesCounts()) {
            return messages.say("bar.files", Figures.count(board.filesDone()), Figures.count(board.files()));
        }
        String commit = manifest.commit();
        String version = manifest.revision() + " " + commit.substring(0, Math.min(SHORT_COMMIT, commit.length()));
        return board.files() > 1
                ? version
                : version + "  "
                        + board.active().stream()
                                .map(Board.Row::path)
                                .findFirst()
                                .orElse("");
    }

    /**
     * The wait, in as many lines however its figures change; its causes where no line of a source says them, or where
     * there is room for all.
     */
    private List<String> waiting(FetchEvent.Waiting event, int room) {
        int width = Math.max(1, size.columns() - 1);
        Wait wait = new Wait(event, messages);
        boolean said = hasRows() && !byFile && board.manifest().isPresent();
        String sentence = wait.sentence(now, !said || size.columns() >= ALL_IN_ONE_LINE);
        String kept = messages.say("wait.kept");
        List<String> lines = Cells.wrapped(sentence, width);
        if (size.columns() < TWO_IN_ONE_LINE && lines.size() < room && lines.size() == 1) {
            return List.of(lines.get(0), kept);
        }
        List<String> both = Cells.wrapped(sentence + messages.say("wait.and") + kept, width);
        return (both.size() <= room ? both : lines).stream().limit(room).toList();
    }
}
