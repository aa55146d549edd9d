package dev.modelfetch.cli.screen;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
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
                window);
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
