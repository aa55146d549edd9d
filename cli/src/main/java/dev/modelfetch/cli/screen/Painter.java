package dev.modelfetch.cli.screen;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a few lines at the bottom of the terminal up to date, at most ten times a second, from a daemon thread of its
 * own. Its own lock guards the screen; what is said through it appears above those lines.
 */
final class Painter implements AutoCloseable {

    private static final long PAUSE_MILLIS = 100;

    private final Console console;
    private final Supplier<List<String>> lines;
    private final Frame frame = new Frame();
    private final Thread thread;
    private boolean closed;
    private @Nullable List<String> painted;

    private Painter(Console console, Supplier<List<String>> lines) {
        this.console = console;
        this.lines = lines;
        this.thread = new Thread(this::run, "modelfetch-painter");
        thread.setDaemon(true);
    }

    static Painter start(Console console, Supplier<List<String>> lines) {
        Painter painter = new Painter(console, lines);
        painter.thread.start();
        return painter;
    }

    /** Prints a line that stays. */
    synchronized void say(Line line) {
        console.draw(frame.erased());
        console.say(line);
        if (!closed && painted != null) {
            console.draw(frame.replacedBy(painted));
        }
    }

    /** Takes the lines away for good. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        console.draw(frame.erased());
    }

    private void run() {
        while (true) {
            List<String> next = lines.get();
            synchronized (this) {
                if (closed) {
                    return;
                }
                if (!next.equals(painted)) {
                    painted = next;
                    console.draw(frame.replacedBy(next));
                }
                try {
                    wait(PAUSE_MILLIS);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }
}
