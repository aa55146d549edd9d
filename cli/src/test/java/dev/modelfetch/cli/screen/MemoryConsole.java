package dev.modelfetch.cli.screen;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a console prints, kept in memory. */
public class MemoryConsole {

    public final Map<String, String> environment = new HashMap<>();
    public String input = "";
    /** Whether stderr is one. */
    public boolean terminal;
    /** Whether stdin is one. */
    public boolean keyboard;
    /** Whether stdout is one. */
    public boolean shown;
    /** Takes what goes to standard output; null for memory. */
    public @Nullable OutputStream device;

    Window window = Window.fixed(new Size(80, 24));

    /** What happened to what is typed: {@code off}, {@code on}. */
    public final List<String> echo = new ArrayList<>();
    /** Whether it can be kept off the screen. */
    public boolean hiding = true;

    private final class RecordedEcho implements Echo {
        @Override
        public boolean off() {
            echo.add("off");
            return hiding;
        }

        @Override
        public void on() {
            echo.add("on");
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    public Console console() {
        return new Console(
                device == null ? out : device,
                StandardCharsets.UTF_8,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                environment,
                new Terminals(keyboard, shown, terminal),
                window,
                new RecordedEcho());
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
