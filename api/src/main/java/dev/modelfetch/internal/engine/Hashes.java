package dev.modelfetch.internal.engine;

import dev.modelfetch.CachedRepo;
import dev.modelfetch.CheckProgress;
import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Tasks;
import dev.modelfetch.internal.run.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Hashes of many files: several are computed at a time, and bytes that have several names once. */
final class Hashes implements AutoCloseable {

    /** A disk is busy with so many, and more than there are processors bring nothing. */
    private static final int WORKERS = Math.min(4, Runtime.getRuntime().availableProcessors());

    private final ExecutorService pool;
    private final Cancellation closing;
    private final Runnable stop = this::stop;
    private final Map<Path, Load> loads = new LinkedHashMap<>();
    private final Map<Path, Content> contents = new ConcurrentHashMap<>();
    private final Map<Path, IOException> failures = new ConcurrentHashMap<>();
    private final Consumer<CheckProgress> listener;
    private long total;

    // Guarded by this, and the listener with them.
    private long done;
    private long toldNanos = System.nanoTime();

    /**
     * Bytes to be hashed.
     *
     * @param repo that has them, under that path
     * @param git whether somebody needs their git id
     */
    private record Load(CachedRepo repo, String path, boolean git) {}

    Hashes(Threads threads, Consumer<CheckProgress> listener, Cancellation closing) {
        this.pool = threads.perTask("verify");
        this.listener = listener;
        this.closing = closing;
        closing.onCancel(stop);
    }

    /** Wants the hash of a file. */
    void add(CachedRepo repo, RepoFile row, Path name) throws IOException {
        Path file = name.toRealPath();
        if (!loads.containsKey(file)) {
            total += Files.size(file);
        }
        Load load = new Load(repo, row.path(), Digests.needsGit(row));
        loads.merge(file, load, (known, same) -> known.git() ? known : same);
    }

    /**
     * Computes all that are wanted.
     *
     * @throws FetchException.Cancelled if there is nobody left to want them
     */
    void run() throws IOException, InterruptedException {
        closing.check();
        Queue<Map.Entry<Path, Load>> queue = new ConcurrentLinkedQueue<>(loads.entrySet());
        List<Future<?>> workers = new ArrayList<>();
        try {
            for (int i = 0; i < WORKERS; i++) {
                workers.add(pool.submit(() -> {
                    for (Map.Entry<Path, Load> next = queue.poll(); next != null; next = queue.poll()) {
                        hash(next.getKey(), next.getValue());
                    }
                    return null;
                }));
            }
        } catch (RejectedExecutionException closedMeanwhile) {
            throw new FetchException.Cancelled();
        }
        for (Future<?> worker : workers) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while hashing");
            }
            var unused = Tasks.join(worker);
        }
    }

    private void hash(Path file, Load load) throws InterruptedException {
        try {
            contents.put(file, Digests.of(file, load.git(), more -> tell(load, more)));
        } catch (IOException e) {
            failures.put(file, Tasks.unlessInterrupted(e));
        }
    }

    private synchronized void tell(Load load, int more) {
        done += more;
        long now = System.nanoTime();
        if (now - toldNanos >= Limits.PROGRESS.toNanos() || done >= total) {
            toldNanos = now;
            listener.accept(new CheckProgress(load.repo(), load.path(), done, total));
        }
    }

    /**
     * The hash of one of them.
     *
     * @throws IOException if it could not be read
     */
    Content of(Path name) throws IOException {
        Path file = name.toRealPath();
        IOException failure = failures.get(file);
        if (failure != null) {
            throw failure;
        }
        Content content = contents.get(file);
        return content == null ? Digests.of(file) : content;
    }

    @Override
    public void close() {
        closing.forget(stop);
        stop();
    }

    private void stop() {
        pool.shutdownNow();
    }
}
