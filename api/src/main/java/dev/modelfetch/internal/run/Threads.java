package dev.modelfetch.internal.run;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** The one place threads come from. */
public final class Threads {

    /** From 24 on virtual threads no longer pin their carrier inside {@code synchronized} (JEP 491). */
    private static final int VIRTUAL_SINCE = 24;

    private Threads() {}

    /** One thread per task: virtual where that works well, else daemon threads that are reused. */
    public static ExecutorService perTask(String name) {
        if (Runtime.version().feature() >= VIRTUAL_SINCE) {
            try {
                return (ExecutorService) MethodHandles.publicLookup()
                        .findStatic(
                                Executors.class,
                                "newVirtualThreadPerTaskExecutor",
                                MethodType.methodType(ExecutorService.class))
                        .invoke();
            } catch (Throwable e) {
                throw new LinkageError("virtual threads are missing on " + Runtime.version(), e);
            }
        }
        return Executors.newCachedThreadPool(named(name));
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
