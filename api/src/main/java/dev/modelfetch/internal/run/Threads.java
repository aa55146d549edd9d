package dev.modelfetch.internal.run;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one place threads come from. They are the system's: a job has some dozens of them at most, and virtual ones bring a
 * helper that the JVM waits for at its end, a third of a second long.
 */
public final class Threads {

    private Threads() {}

    /** One thread per task; they are reused, and keep no process alive. */
    public static ExecutorService perTask(String name) {
        AtomicInteger count = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "modelfetch-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
