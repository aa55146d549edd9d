package dev.modelfetch.cli.screen;

import com.google.gson.JsonObject;
import dev.modelfetch.CheckProgress;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shows one job on stderr in one of the ways of {@link Progress}. Told by the job's threads, read by the painter's; its
 * own lock guards everything in it. No thread holds this lock and the painter's together.
 */
public final class Display implements FetchListener, AutoCloseable {

    /** Files of several repositories are hashed as if they were one. */
    private static final String ALL = "";

    private final Console console;
    private final Messages messages;
    private final Progress progress;
    private final boolean quiet;
    private final Clock clock;
    private final Board board;
    private final Narrator narrator;
    private final @Nullable WaitLines waits;
    private final @Nullable PlainLines plain;
    private final JsonLines json;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Painter painter;
    private @Nullable CheckProgress checking;

    /**
     * @param progress any but {@link Progress#AUTO}
     * @param quiet nothing but failures
     */
    public Display(Console console, Messages messages, Progress progress, boolean quiet, boolean verbose, Clock clock) {
        this(console, messages, progress, quiet, verbose, clock, null);
    }

    /** @param zone of the times in a log; null for that of the system, which is only looked up where there is a log */
    Display(
            Console console,
            Messages messages,
            Progress progress,
            boolean quiet,
            boolean verbose,
            Clock clock,
            @Nullable ZoneId zone) {
        this.console = console;
        this.messages = messages;
        this.progress = progress;
        this.quiet = quiet;
        this.clock = clock;
        this.board = new Board(clock.instant());
        this.json = new JsonLines(board);
        this.narrator = new Narrator(messages, verbose);
        // Where lines are redrawn the wait is seen counting.
        this.waits = progress.draws() && !verbose ? null : new WaitLines(messages);
        this.plain = progress == Progress.PLAIN
                ? new PlainLines(messages, new LogTime(zone == null ? ZoneId.systemDefault() : zone))
                : null;
    }

    /** Begins to draw, if this is the drawing kind. */
    public Display begin() {
        if (progress.draws()) {
            painter = Painter.start(console, this::bars);
        }
        return this;
    }

    /** The same for the hashing of a whole cache, which takes the place of a job. */
    public Consumer<CheckProgress> checks() {
        if (progress.draws()) {
            painter = Painter.start(console, this::checkLines);
        }
        return this::onCheck;
    }

    private void onCheck(CheckProgress told) {
        checked(told).forEach(this::say);
    }

    private synchronized List<Line> checked(CheckProgress told) {
        Instant now = clock.instant();
        checking = told;
        board.accept(new FetchEvent.Hashing(now, ALL, told.done(), told.total()));
        if (progress == Progress.JSON) {
            console.draw(json.line(told, now) + "\n");
        }
        return plain == null
                ? List.of()
                : plain.afterCheck(now, board.checks()).stream().toList();
    }

    synchronized List<String> checkLines(Size size) {
        CheckProgress last = checking;
        if (last == null) {
            return List.of();
        }
        String total = new TotalLine(board, clock.instant(), messages).checks(size.columns());
        String name = Cells.plain("  " + last.repo().key() + "  " + last.file());
        int width = Math.max(1, size.columns() - 1);
        return Stream.of(total, name).map(line -> Cells.shorten(line, width)).toList();
    }

    @Override
    public void onEvent(FetchEvent event) {
        if (progress == Progress.JSON) {
            synchronized (this) {
                board.accept(event);
                console.draw(json.line(event) + "\n");
            }
        } else {
            told(event).forEach(this::say);
        }
        if (event instanceof FetchEvent.Done || event instanceof FetchEvent.Failed) {
            ended.countDown();
        }
    }

    /** Prints a line that is neither a result nor a failure; silent where only events or nothing may appear. */
    public void say(Line line) {
        if (quiet || progress == Progress.JSON) {
            return;
        }
        Painter now = painter;
        if (now == null) {
            console.say(line);
        } else {
            now.say(line);
        }
    }

    /** Of what is told, only the events, where those are asked for. */
    public FetchListener events() {
        return event -> {
            if (progress == Progress.JSON) {
                onEvent(event);
            }
        };
    }

    /** The end of what went well, where events are asked for and none told of it. */
    public synchronized void done(JsonObject result) {
        if (progress == Progress.JSON) {
            json.success(result, clock.instant()).forEach(line -> console.draw(line + "\n"));
        }
    }

    /** Reports the end of a job that failed; to be called once. */
    public void fail(Exit exit) {
        close();
        if (progress == Progress.JSON) {
            synchronized (this) {
                json.failure(exit, clock.instant()).forEach(line -> console.draw(line + "\n"));
            }
        } else {
            exit.lines(messages).forEach(console::say);
        }
    }

    /** Whether the job's last event came within that time. */
    public boolean awaitEnd(long millis) {
        try {
            return ended.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Takes the bars away; what was said stays. */
    @Override
    public void close() {
        Painter now = painter;
        if (now != null) {
            now.close();
        }
    }

    private synchronized List<Line> told(FetchEvent event) {
        board.accept(event);
        List<Line> lines = new ArrayList<>(narrator.after(event));
        if (waits != null) {
            waits.after(event).ifPresent(lines::add);
        }
        if (plain != null) {
            // What begins and ends the log is not a moment in it.
            if (!(event instanceof FetchEvent.Resolved || event instanceof FetchEvent.Failed)) {
                lines.replaceAll(line -> plain.stamped(line, event.at()));
            }
            plain.after(event, board).ifPresent(lines::add);
        }
        return lines;
    }

    private synchronized List<String> bars(Size size) {
        return Bars.lines(board, progress, size, clock.instant(), messages);
    }
}
