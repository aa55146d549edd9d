package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows one job on stderr in one of the ways of {@link Progress}. Told by the job's threads, read by the painter's; its
 * own lock guards everything in it. No thread holds this lock and the painter's together.
 */
public final class Display implements FetchListener, AutoCloseable {

    private final Console console;
    private final Messages messages;
    private final Progress progress;
    private final boolean quiet;
    private final Clock clock;
    private final Board board;
    private final Narrator narrator;
    private final PlainLines plain;
    private final JsonLines json = new JsonLines();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Painter painter;

    /**
     * @param progress any but {@link Progress#AUTO}
     * @param quiet nothing but failures
     */
    public Display(Console console, Messages messages, Progress progress, boolean quiet, boolean verbose, Clock clock) {
        this.console = console;
        this.messages = messages;
        this.progress = progress;
        this.quiet = quiet;
        this.clock = clock;
        this.board = new Board(clock.instant());
        this.narrator = new Narrator(messages, verbose);
        this.plain = new PlainLines(messages);
    }

    /** Begins to draw, if this is the drawing kind. */
    public Display begin() {
        if (progress == Progress.BAR) {
            painter = Painter.start(console, this::bars);
        }
        return this;
    }

    @Override
    public void onEvent(FetchEvent event) {
        if (progress == Progress.JSON) {
            synchronized (this) {
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
        if (progress == Progress.PLAIN) {
            plain.after(event, board).ifPresent(lines::add);
        }
        return lines;
    }

    private synchronized List<String> bars() {
        return Bars.lines(board, console.columns(), clock.instant(), messages);
    }
}
