package dev.modelfetch.internal.engine;

import dev.modelfetch.Destination;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.FetchResult;
import dev.modelfetch.Listing;
import dev.modelfetch.Plan;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.SourceInfo;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.internal.choice.Binder;
import dev.modelfetch.internal.choice.Candidate;
import dev.modelfetch.internal.choice.Resolver;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.choice.Sources;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.LocalDir;
import dev.modelfetch.internal.store.RepoStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What stands behind the front door: the sources, opened when first needed, and the jobs under way. */
public final class Engine implements AutoCloseable {

    private static final String USER_AGENT =
            "modelfetch/0.1.0 (java/" + Runtime.version().feature() + ")";

    /** Exists on all three hubs; asked about when only reachability is wanted. */
    private static final Repo WELL_KNOWN = Repo.of(RepoType.MODEL, "Qwen/Qwen2.5-0.5B-Instruct");

    private final InstantSource clock = InstantSource.system();
    private final Settings settings;
    private final HttpClients clients;
    private final ExecutorService jobs = Threads.perTask("job");
    private final Set<Cancellation> running = ConcurrentHashMap.newKeySet();
    private @Nullable Sources sources;

    public Engine(Settings settings) {
        this.settings = settings;
        this.clients = new HttpClients(USER_AGENT, settings.routes(), settings.timeouts());
    }

    public FetchRequest.Builder withDefaults(FetchRequest.Builder request) {
        request.source(settings.defaultChoice()).offline(settings.offline());
        if (settings.config().maxWorkers() != null) {
            request.maxWorkers(settings.config().maxWorkers());
        }
        if (settings.config().connections() != null) {
            request.connectionsPerFile(settings.config().connections());
        }
        return request;
    }

    public FetchResult fetch(FetchRequest request, FetchListener listener) {
        return run(request, listener, new Cancellation(), (job, events) -> {
            FetchResult result = job.fetch();
            events.emit(at -> new FetchEvent.Done(at, result));
            return result;
        });
    }

    public CompletableFuture<FetchResult> fetchAsync(FetchRequest request, FetchListener listener) {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<FetchResult> future = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                // In this order: the job ends at once, and must not complete the future before it is cancelled.
                boolean first = super.cancel(mayInterruptIfRunning);
                cancellation.cancel();
                return first;
            }
        };
        jobs.execute(() -> {
            try {
                future.complete(run(request, listener, cancellation, (job, events) -> {
                    FetchResult result = job.fetch();
                    events.emit(at -> new FetchEvent.Done(at, result));
                    return result;
                }));
            } catch (RuntimeException | Error e) {
                future.completeExceptionally(e);
            }
        });
        return future;
    }

    public Listing list(FetchRequest request, FetchListener listener) {
        return run(request, listener, new Cancellation(), (job, events) -> job.list());
    }

    public Plan plan(FetchRequest request, FetchListener listener) {
        return run(request, listener, new Cancellation(), (job, events) -> job.plan());
    }

    public List<Probe> probe(SourceChoice choice, Optional<Repo> repo, @Nullable String revision) {
        Repo asked = repo.orElse(WELL_KNOWN);
        List<Candidate> entrants = sources0().allowed(choice, asked).stream()
                .map(hub -> new Candidate(hub, asked, repo.isPresent() ? revision : null))
                .toList();
        CompletableFuture<?>[] answers =
                entrants.stream().map(entrant -> entrant.start(jobs)).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(answers).get(Limits.RACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            // Whoever has not answered by now is reported as such.
        }
        return entrants.stream().map(Candidate::probe).toList();
    }

    public StoredCheck verify(FetchRequest request) {
        RepoStore place = place(request);
        try {
            return new OfflineAnswers(request, place).check();
        } catch (IOException e) {
            throw StorageErrors.of(e, settings.cacheRoot());
        }
    }

    public StoredCheck verify(Path directory) {
        Repo any = WELL_KNOWN;
        return verify(FetchRequest.builder(any)
                .destination(new Destination.Directory(directory))
                .build());
    }

    public List<SourceInfo> sources() {
        return sources0().infos();
    }

    @Override
    public void close() {
        running.forEach(Cancellation::cancel);
        jobs.shutdown();
        clients.close();
    }

    /** One kind of work on a job. */
    private interface Work<T> {
        T of(Job job, Events events) throws IOException, InterruptedException;
    }

    private <T> T run(FetchRequest request, FetchListener listener, Cancellation cancellation, Work<T> work) {
        Events events = new Events(listener, clock);
        Runnable wake = Thread.currentThread()::interrupt;
        running.add(cancellation);
        cancellation.onCancel(wake);
        try {
            return work.of(job(request, events, cancellation), events);
        } catch (FetchException e) {
            throw told(e, events);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw told(new FetchException.Cancelled(), events);
        } catch (IOException e) {
            throw told(
                    cancellation.isCancelled()
                            ? new FetchException.Cancelled()
                            : StorageErrors.of(e, settings.cacheRoot()),
                    events);
        } finally {
            cancellation.forget(wake);
            running.remove(cancellation);
        }
    }

    private static FetchException told(FetchException e, Events events) {
        events.emit(at -> new FetchEvent.Failed(at, e, e.probes()));
        return e;
    }

    private Job job(FetchRequest asked, Events events, Cancellation cancellation) {
        FetchRequest request = settings.offline() && !asked.offline()
                ? asked.toBuilder().offline(true).build()
                : asked;
        List<Source> allowed = request.offline()
                ? List.of()
                : Resolver.inOrder(sources0().allowed(request.source(), request.repo()), request.source());
        return new Job(
                request,
                place(request),
                new Resolver(request, allowed, jobs, events),
                new Binder(request.repo(), jobs),
                events,
                cancellation);
    }

    private RepoStore place(FetchRequest request) {
        Destination destination = request.destination();
        if (destination instanceof Destination.Directory directory) {
            return new LocalDir(directory.path(), request.repo(), clock);
        }
        Path root = destination instanceof Destination.HubCacheAt elsewhere ? elsewhere.root() : settings.cacheRoot();
        return new HubCache(root, request.repo(), settings.symlinks(), clock);
    }

    private synchronized Sources sources0() {
        if (sources == null) {
            sources = new Sources(settings, clients);
        }
        return sources;
    }
}
