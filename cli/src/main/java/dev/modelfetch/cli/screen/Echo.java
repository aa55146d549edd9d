package dev.modelfetch.cli.screen;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether the terminal shows what is typed. Java's own way writes to standard output, and is not there where that is a file
 * or a pipe.
 */
interface Echo {

    /** Shows nothing from now on; false if that cannot be had. */
    boolean off();

    /** As it was before. */
    void on();

    /** That of this process; switched on again when the process ends, however that is. */
    static Echo ofTerminal() {
        return new Stty();
    }

    /** By {@code stty}, as a shell would. */
    final class Stty implements Echo {

        private static final long PATIENCE_MILLIS = 2_000;

        private final Thread atTheEnd = new Thread(this::restore, "modelfetch-echo");
        private volatile @Nullable String before;

        @Override
        public boolean off() {
            Optional<String> state = stty("-g");
            if (state.isEmpty()) {
                return false;
            }
            before = state.get().strip();
            try {
                Runtime.getRuntime().addShutdownHook(atTheEnd);
            } catch (IllegalStateException e) {
                // Ending already: nothing will be asked any more.
                return false;
            }
            return stty("-echo").isPresent();
        }

        @Override
        public void on() {
            restore();
            try {
                Runtime.getRuntime().removeShutdownHook(atTheEnd);
            } catch (IllegalStateException e) {
                // Ending, which restores it as well.
            }
        }

        private void restore() {
            String state = before;
            if (state != null) {
                var unused = stty(state);
            }
        }

        /** What it printed; empty if it failed. */
        private static Optional<String> stty(String argument) {
            try {
                Process stty = new ProcessBuilder(new ArrayList<>(List.of("stty", argument)))
                        .redirectInput(new File("/dev/tty"))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (!stty.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                    stty.destroyForcibly();
                    return Optional.empty();
                }
                String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                return stty.exitValue() == 0 ? Optional.of(said) : Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }
}
