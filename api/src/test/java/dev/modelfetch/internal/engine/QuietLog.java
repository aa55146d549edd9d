package dev.modelfetch.internal.engine;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps warnings that a test provokes on purpose out of the build's output. */
final class QuietLog implements AutoCloseable {

    private final Logger logger;

    QuietLog(Class<?> noisy) {
        logger = Logger.getLogger(noisy.getName());
        logger.setLevel(Level.OFF);
    }

    @Override
    public void close() {
        logger.setLevel(null);
    }
}
