package dev.modelfetch.internal.run;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one place threads come from. They are the system's unless the program makes its own: a job has some dozens of them
 * at most, and virtual ones bring a helper that the JVM waits for at its end, a third of a second long.
 */
public final class Threads {

    /** Our own: named, and keeping no process alive. */
    public static final Threads OWN = new Threads(null);

    private final @Nullable ThreadFactory factory;

    /** @param factory makes them; null for our own */
    public Threads(@Nullable ThreadFactory factory) {
        this.factory = factory;
    }

    /** One thread per task; they are reused. */
    public ExecutorService perTask(String name) {
        return Executors.newCachedThreadPool(factory == null ? named(name) : factory);
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "modelfetch-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
