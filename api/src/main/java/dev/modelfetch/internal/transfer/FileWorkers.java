package dev.modelfetch.internal.transfer;

import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.run.Tasks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that take files from the queue. Those of the usual number start with the largest; where it may grow, one
 * further at a time takes small ones from the other end, as soon as the sources have room for it.
 *
 * @param <T> what comes of a file
 */
final class FileWorkers<T> {

    /** What is done with one file. */
    interface Task<T> {
        T of(RepoFile file) throws InterruptedException;
    }

    private final Run run;
    private final ConnectionBudget budget;
    private final Task<T> task;
    private final Deque<RepoFile> queue;
    private final ExecutorCompletionService<List<T>> threads;
    private final List<Future<?>> started = new CopyOnWriteArrayList<>();
    /** Raised before a thread begins, so that none ends uncounted. */
    private final AtomicInteger count = new AtomicInteger();

    FileWorkers(Run run, ConnectionBudget budget, List<RepoFile> files, Task<T> task) {
        this.run = run;
        this.budget = budget;
        this.task = task;
        List<RepoFile> bySize = new ArrayList<>(files);
        bySize.sort(Comparator.comparingLong(RepoFile::size).reversed());
        this.queue = new ConcurrentLinkedDeque<>(bySize);
        this.threads = new ExecutorCompletionService<>(run.pool());
    }

    /**
     * Returns when the queue is empty and every thread has ended; after a failure the others are stopped.
     *
     * @return what came of every file, in no order
     */
    List<T> work(int usual, boolean mayGrow) throws IOException, InterruptedException {
        List<T> done = new ArrayList<>();
        boolean all = false;
        try {
            for (int i = 0; i < usual; i++) {
                start(this::takeLargest);
            }
            if (mayGrow) {
                startFurther();
            }
            // A further thread is counted before the one that started it ends.
            for (int ended = 0; ended < count.get(); ended++) {
                done.addAll(Tasks.join(threads.take()));
            }
            all = true;
            return done;
        } finally {
            queue.clear();
            if (!all) {
                stop();
            }
        }
    }

    private void start(Callable<List<T>> work) {
        count.incrementAndGet();
        started.add(threads.submit(work));
    }

    private void startFurther() {
        int others = count.get();
        if (others < Limits.MOST_FILES && smallIsLeft()) {
            start(() -> takeSmallest(others));
        }
    }

    private boolean smallIsLeft() {
        RepoFile smallest = queue.peekLast();
        return smallest != null && smallest.size() < Limits.SMALL_FILE;
    }

    private List<T> takeLargest() throws InterruptedException {
        List<T> done = new ArrayList<>();
        for (RepoFile file = queue.pollFirst(); file != null; file = queue.pollFirst()) {
            done.add(done(file));
        }
        budget.wake();
        return done;
    }

    /** @param others at work before this one */
    private List<T> takeSmallest(int others) throws InterruptedException {
        List<T> done = new ArrayList<>();
        boolean first = true;
        while (budget.awaitRoom(others, this::smallIsLeft)) {
            if (first) {
                startFurther();
                first = false;
            }
            RepoFile file = queue.pollLast();
            if (file != null) {
                done.add(done(file));
            }
        }
        return done;
    }

    private T done(RepoFile file) throws InterruptedException {
        run.cancellation().check();
        return task.of(file);
    }

    /** Partial files are journalled when their owners close them; give them the time. */
    private void stop() throws InterruptedException {
        started.forEach(worker -> worker.cancel(true));
        run.cancellation().cancel();
        boolean interrupted = Thread.interrupted();
        run.pool().awaitTermination(Limits.FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
