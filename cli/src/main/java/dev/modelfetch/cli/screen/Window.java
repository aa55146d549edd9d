package dev.modelfetch.cli.screen;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large the terminal is at this moment. Java cannot ask it; {@code stty} can, which is started only after the
 * terminal has told that its size has changed.
 */
final class Window {

    private static final Pattern STTY = Pattern.compile("([1-9][0-9]{0,3}) ([1-9][0-9]{0,3})\\s*");
    private static final long STTY_MILLIS = 500;

    private final Supplier<Optional<Size>> ask;
    private volatile Size size;
    private volatile boolean changed;

    /** @param ask empty when it cannot be told */
    Window(Size told, Supplier<Optional<Size>> ask) {
        this.size = told;
        this.ask = ask;
    }

    /** One that stays as it is. */
    static Window fixed(Size size) {
        return new Window(size, Optional::empty);
    }

    /** Asks the terminal if it has changed since the last time. */
    Size size() {
        if (changed) {
            // First, so that a further change is seen the next time.
            changed = false;
            ask.get().ifPresent(now -> size = now);
        }
        return size;
    }

    /** Asks a terminal that is ready for colours only once it was asked (see {@link WindowsConsole#size}); always true. */
    boolean prepared() {
        Size now = size();
        return now.columns() > 0;
    }

    /** It may have another size now. */
    void changed() {
        changed = true;
    }

    /** Follows the terminal from now on, where the platform has a signal for it. */
    void follow() {
        changed();
        try {
            // Not by its name: the compiler warns of that class, and such a warning cannot be answered.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object onChange = Proxy.newProxyInstance(
                    Window.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        changed();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("WINCH"), onChange);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // The width of the beginning has to do.
        }
    }

    static Optional<Size> stty() {
        return answer(
                        new ProcessBuilder("stty", "size")
                                .redirectInput(new File("/dev/tty"))
                                .redirectError(ProcessBuilder.Redirect.DISCARD),
                        STTY_MILLIS)
                .flatMap(Window::parse);
    }

    /** What a command of the system prints about its console, in bytes as characters; empty if it does not in time. */
    static Optional<String> answer(ProcessBuilder command, long millis) {
        try {
            Process asked = command.start();
            if (!asked.waitFor(millis, TimeUnit.MILLISECONDS)) {
                asked.destroyForcibly();
                return Optional.empty();
            }
            return Optional.of(new String(asked.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Rows and columns, as {@code stty size} prints them; a terminal that does not know says 0. */
    static Optional<Size> parse(String text) {
        Matcher size = STTY.matcher(text);
        return size.matches()
                ? Optional.of(new Size(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1))))
                : Optional.empty();
    }
}
