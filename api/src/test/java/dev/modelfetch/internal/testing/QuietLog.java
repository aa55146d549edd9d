package dev.modelfetch.internal.testing;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps warnings that a test provokes on purpose out of the build's output. */
public final class QuietLog implements AutoCloseable {

    private final Logger logger;

    public QuietLog(Class<?> noisy) {
        logger = Logger.getLogger(noisy.getName());
        logger.setLevel(Level.OFF);
    }

    @Override
    public void close() {
        logger.setLevel(null);
    }
}
