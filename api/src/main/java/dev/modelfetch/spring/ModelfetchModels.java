package dev.modelfetch.spring;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.springframework.context.SmartLifecycle;

/**
 * The models that are named under {@code modelfetch.models}, fetched side by side from the start of the application, or
 * from when one is first asked for if that is earlier. Thread-safe.
 *
 * <p>Its jobs are stopped with the application, after the web server has answered its last request and before {@link
 * Modelfetch} is closed.
 */
public final class ModelfetchModels implements SmartLifecycle {

    /** Before whatever serves is started, and after that is stopped. */
    private static final int PHASE = 0;

    private final Modelfetch modelfetch;
    private final Map<String, NamedModel> models;
    private final Map<String, FetchJob> jobs = new LinkedHashMap<>();
    private volatile boolean running;

    ModelfetchModels(Modelfetch modelfetch, Map<String, NamedModel> models) {
        this.modelfetch = modelfetch;
        this.models = new TreeMap<>(models);
    }

    /** All of them. */
    public Set<String> names() {
        return Set.copyOf(models.keySet());
    }

    /**
     * Where a model is; waits until it is there.
     *
     * @return the directory that holds it, or the file when exactly one was asked for
     * @throws FetchException as {@link #snapshot}
     */
    public Path path(String name) {
        return snapshot(name).path();
    }

    /**
     * What is stored of a model; waits until it is there. To be interrupted stops the waiting and not the job.
     *
     * @throws FetchException if it cannot be had, or no model has that name
     */
    public Snapshot snapshot(String name) {
        try {
            return job(name).result().get();
        } catch (CancellationException e) {
            throw new FetchException.Cancelled();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FetchException failure ? failure : new FetchException.Internal(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        }
    }

    /**
     * The job that brings a model, for whoever does not want to wait: under way, or over. One that has failed is begun
     * again.
     *
     * @throws FetchException.Usage if no model has that name
     */
    public synchronized FetchJob job(String name) {
        NamedModel model = models.get(name);
        if (model == null) {
            throw new FetchException.Usage(
                    Message.of("no-named-model", "There is no model {0} among {1}.", name, models.keySet()),
                    Hint.of("set-model-repo", "Set modelfetch.models." + name + ".repo.", name));
        }
        FetchJob known = jobs.get(name);
        if (known != null && !known.result().isCompletedExceptionally()) {
            return known;
        }
        FetchJob begun = modelfetch.start(model.request());
        jobs.put(name, begun);
        return begun;
    }

    /** Those without which the application is not ready. */
    Set<String> required() {
        Set<String> required = new TreeSet<>();
        models.forEach((name, model) -> {
            if (model.required()) {
                required.add(name);
            }
        });
        return required;
    }

    /** The jobs that have been begun, as they are. */
    synchronized Map<String, FetchJob> begun() {
        return Map.copyOf(jobs);
    }

    /** Why it has failed; empty if it has not, or not yet. */
    static Optional<Throwable> failure(FetchJob job) {
        return Optional.ofNullable(
                job.result().handle((snapshot, failure) -> failure).getNow(null));
    }

    @Override
    public void start() {
        running = true;
        models.keySet().forEach(this::job);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /** @param ended called when no job is left */
    @Override
    public void stop(Runnable ended) {
        running = false;
        CompletableFuture<?>[] results;
        synchronized (this) {
            jobs.values().forEach(FetchJob::cancel);
            results = jobs.values().stream().map(FetchJob::result).toArray(CompletableFuture<?>[]::new);
        }
        var unused = CompletableFuture.allOf(results).whenComplete((all, failure) -> ended.run());
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
