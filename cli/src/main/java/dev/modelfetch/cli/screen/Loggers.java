package dev.modelfetch.cli.screen;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings warnings that libraries log to the same place as everything else the person sees, so that they neither tear
 * the bars nor mix with JSON events. Found by the JVM through {@code META-INF/services}.
 */
public final class Loggers extends System.LoggerFinder {

    // The JVM makes the finder, so the way to the screen can only be static.
    private static volatile @Nullable Consumer<Line> screen;

    /** Called by the JVM, when something is logged for the first time. */
    public Loggers() {}

    /** Where warnings go from now on; null to drop them. */
    public static void show(@Nullable Consumer<Line> where) {
        screen = where;
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Warnings(name);
    }

    private record Warnings(String name) implements System.Logger {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.getSeverity() >= Level.WARNING.getSeverity() && level != Level.OFF && screen != null;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String text, @Nullable Throwable thrown) {
            Consumer<Line> now = screen;
            if (isLoggable(level) && now != null) {
                String message = text == null ? "" : text;
                now.accept(Line.note(thrown == null ? message : message + ": " + thrown));
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... values) {
            boolean filled = format != null && values != null && values.length > 0;
            log(level, bundle, filled ? MessageFormat.format(format, values) : format, (Throwable) null);
        }
    }
}
