package dev.modelfetch.cli.screen;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a few lines at the bottom of the terminal up to date, at most ten times a second, from a daemon thread of its
 * own. Its own lock guards the screen; what is said through it appears above those lines.
 */
final class Painter implements AutoCloseable {

    private static final long PAUSE_MILLIS = 100;

    /** To follow the size of the window costs more than a frame, and a short job does not need it. */
    private static final int FRAMES_BEFORE_FOLLOWING = 10;

    private final Console console;
    private final Function<Size, List<String>> lines;
    private final Frame frame = new Frame();
    private final Thread thread;
    private boolean closed;
    private @Nullable List<String> painted;

    private Painter(Console console, Function<Size, List<String>> lines) {
        this.console = console;
        this.lines = lines;
        this.thread = new Thread(this::run, "modelfetch-painter");
        thread.setDaemon(true);
    }

    static Painter start(Console console, Function<Size, List<String>> lines) {
        Painter painter = new Painter(console, lines);
        painter.thread.start();
        return painter;
    }

    /** Prints a line that stays. */
    synchronized void say(Line line) {
        int columns = console.size().columns();
        console.draw(frame.erased(columns));
        console.say(line);
        if (!closed && painted != null) {
            console.draw(frame.replacedBy(painted, columns));
        }
    }

    /** Takes the lines away for good. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        console.draw(frame.erased(console.size().columns()));
    }

    private void run() {
        Size before = console.size();
        for (long count = 0; ; count++) {
            if (count == FRAMES_BEFORE_FOLLOWING) {
                console.followSize();
            }
            Size size = console.size();
            // While the window is being dragged the terminal moves the lines itself; they are replaced when it rests.
            boolean rests = size.equals(before);
            before = size;
            List<String> next = lines.apply(size);
            synchronized (this) {
                if (closed) {
                    return;
                }
                if (rests && !next.equals(painted)) {
                    painted = next;
                    console.draw(frame.replacedBy(next, size.columns()));
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
