package dev.modelfetch.cli;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What happens when the process is told to stop by a signal. The JVM keeps the status such a process must have (130
 * after SIGINT, 143 after SIGTERM); this only makes sure that the job ends in order and the screen is left clean.
 */
final class Interruption implements AutoCloseable {

    private final AtomicBoolean claimed = new AtomicBoolean();
    private final Thread hook;

    private Interruption(Runnable farewell) {
        this.hook = new Thread(
                () -> {
                    if (claim()) {
                        farewell.run();
                    }
                },
                "modelfetch-farewell");
    }

    /** From now until {@link #close()}, a signal runs that. */
    static Interruption watch(Runnable farewell) {
        Interruption interruption = new Interruption(farewell);
        try {
            Runtime.getRuntime().addShutdownHook(interruption.hook);
        } catch (IllegalStateException e) {
            // The signal came just before; the process is ending without us.
            interruption.claim();
        }
        return interruption;
    }

    /** True for the first caller only: either the command reports its end, or the signal does. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // Already stopping: the hook has run or is running.
        }
    }
}
