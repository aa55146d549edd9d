package dev.modelfetch.cli.screen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which of the three streams of the process are a terminal. */
record Terminals(boolean in, boolean out, boolean err) {

    static Terminals ofProcess() {
        return new Terminals(
                isTerminal(System.getProperty("modelfetch.stdin"), 0),
                isTerminal(System.getProperty("modelfetch.stdout"), 1),
                isTerminal(System.getProperty("modelfetch.tty"), 2));
    }

    /** Our own launcher knows; without it, System.console() would also look at stdin and stdout, so ask Linux first. */
    private static boolean isTerminal(@Nullable String told, int stream) {
        if (told != null) {
            return told.equals("1");
        }
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            return isTerminal(System.console());
        }
    }

    /** From Java 22 on there is always a console, which says whether it is one. */
    @SuppressWarnings("SystemConsoleNull") // before
    private static boolean isTerminal(@Nullable Object console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
