package dev.modelfetch.internal.engine;

import dev.modelfetch.Cache;
import dev.modelfetch.Destination;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Listing;
import dev.modelfetch.Plan;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.SourceInfo;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.internal.choice.Choice;
import dev.modelfetch.internal.choice.Providers;
import dev.modelfetch.internal.choice.Reachability;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.choice.Sources;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.LocalDir;
import dev.modelfetch.internal.store.RepoStore;
import dev.modelfetch.internal.transfer.Throttle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the front door: the sources, opened when first needed, and the jobs under way. Every job has a
 * thread of its own, so that stopping it never interrupts a caller.
 */
public final class Engine implements AutoCloseable {

    /** Exists on all three hubs; asked about when only reachability is wanted. */
    private static final Repo WELL_KNOWN = Repo.of(RepoType.MODEL, "Qwen/Qwen2.5-0.5B-Instruct");

    private final InstantSource clock = InstantSource.system();
    private final Settings settings;
    private final HttpClients clients;
    private final ExecutorService jobs = Threads.perTask("job");
    private final Throttle throttle = new Throttle(0);
    private final Set<Cancellation> running = ConcurrentHashMap.newKeySet();
    /** That of whoever built this: jobs have threads of their own. */
    private final @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();

    private volatile boolean closed;
    private @Nullable Providers providers;
    private @Nullable Sources sources;

    /** @throws FetchException.Usage if settings given explicitly are of a source that does not exist */
    public Engine(Settings settings) {
        this.settings = settings;
        if (settings.explicit()) {
            found().checkNames(settings);
        }
        this.clients = new HttpClients(userAgent(), settings.routes(), settings.timeouts(), settings.trust());
    }

    private static String userAgent() {
        String version = Engine.class.getPackage().getImplementationVersion();
        return "modelfetch/" + (version == null ? "unpackaged" : version) + " (java/"
                + Runtime.version().feature() + ")";
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

    public Snapshot fetch(FetchRequest request, FetchListener listener) {
        return call(request, listener, Job::fetch);
    }

    public CompletableFuture<Snapshot> fetchAsync(FetchRequest request, FetchListener listener) {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Snapshot> future = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                // In this order: the job ends at once, and must not complete the future before it is cancelled.
                boolean first = super.cancel(mayInterruptIfRunning);
                cancellation.cancel();
                return first;
            }
        };
        start(request, listener, cancellation, Job::fetch, future);
        return future;
    }

    public Listing list(FetchRequest request, FetchListener listener) {
        return call(question(request), listener, Job::list);
    }

    public Plan plan(FetchRequest request, FetchListener listener) {
        return call(question(request), listener, Job::plan);
    }

    public StoredCheck verify(FetchRequest request) {
        return call(question(request), FetchListener.SILENT, Job::verify);
    }

    /** Against the records in that directory alone; where there is none of ours, nothing says which repository it is. */
    public StoredCheck verify(Path directory) {
        Destination.Directory destination = new Destination.Directory(directory);
        List<Repo> recorded = new LocalDir(destination.path(), WELL_KNOWN, clock).repositories();
        try {
            return OfflineAnswers.together((recorded.isEmpty() ? List.of(WELL_KNOWN) : recorded)
                    .stream()
                            .map(repo -> verify(FetchRequest.builder(repo)
                                    .destination(destination)
                                    .offline(true)
                                    .build()))
                            .toList());
        } catch (FetchException.NotStored e) {
            FetchException.NotStored nameless = new FetchException.NotStored(
                    "Nothing in " + directory + " says what belongs there.",
                    "Name the repository as well: fetch verify owner/name --local-dir DIR.");
            nameless.addSuppressed(e);
            throw nameless;
        }
    }

    /** The hub cache that jobs store in unless they say otherwise. */
    public Cache cache() {
        return cache(settings.cacheRoot());
    }

    /** Another hub cache. */
    public Cache cache(Path root) {
        return new RealCache(new Destination.HubCacheAt(root).root(), settings.symlinks(), clock);
    }

    public List<Probe> probe(SourceChoice choice, Optional<Repo> repo, @Nullable String revision) {
        List<Source> asked = opened().allowed(choice, repo.orElse(WELL_KNOWN));
        Reachability reachability = new Reachability(asked, repo.orElse(WELL_KNOWN), revision, race(asked));
        try {
            return repo.isPresent() ? reachability.ofRepository(jobs) : reachability.ofHubs(jobs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        } catch (RejectedExecutionException closedMeanwhile) {
            throw new FetchException.Cancelled();
        }
    }

    public void limitRate(long bytesPerSecond) {
        throttle.limit(bytesPerSecond);
    }

    public List<SourceInfo> sources() {
        return opened().infos();
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(Cancellation::cancel);
        jobs.shutdown();
        clients.close();
    }

    /** Whoever asks what there is waits for no better times, unless they say so. */
    private static FetchRequest question(FetchRequest request) {
        return request.patientFromStart()
                ? request
                : request.toBuilder().patience(Duration.ZERO).build();
    }

    /** One kind of work on a job. */
    private interface Work<T> {
        T of(Job job) throws IOException, InterruptedException;
    }

    /** Waits for the work; a caller that is interrupted stops it, and finds its interrupt where it was. */
    private <T> T call(FetchRequest request, FetchListener listener, Work<T> work) {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<T> answer = new CompletableFuture<>();
        start(request, listener, cancellation, work, answer);
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw Ending.of(e, false, folder(request));
        } catch (InterruptedException e) {
            cancellation.cancel();
            awaitEnd(answer);
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        }
    }

    /** A job that was stopped notes down what it has and tells its end, which the caller may rely on. */
    private static void awaitEnd(CompletableFuture<?> answer) {
        try {
            answer.get(Limits.LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            // Ended, or beyond patience.
        }
    }

    private <T> void start(
            FetchRequest request,
            FetchListener listener,
            Cancellation cancellation,
            Work<T> work,
            CompletableFuture<T> answer) {
        Events events = new Events(listener, clock);
        running.add(cancellation);
        if (closed) {
            cancellation.cancel();
        }
        try {
            jobs.execute(() -> {
                try {
                    answer.complete(run(request, events, cancellation, work));
                } catch (Throwable e) {
                    // Always one of ours; whatever else it were, nobody may wait for ever.
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            running.remove(cancellation);
            answer.completeExceptionally(told(new FetchException.Cancelled(), events));
        }
    }

    /** From its first step to its last event; whatever happens in between is a result or an exception of ours. */
    private <T> T run(FetchRequest request, Events events, Cancellation cancellation, Work<T> work) {
        Runnable wake = Thread.currentThread()::interrupt;
        cancellation.onCancel(wake);
        try {
            T answer = work.of(job(request, events, cancellation));
            if (answer instanceof Snapshot result) {
                events.emit(at -> new FetchEvent.Done(at, result));
            }
            return answer;
        } catch (Throwable e) {
            rest(cancellation, wake);
            throw told(Ending.of(e, cancellation.isCancelled(), folder(request)), events);
        } finally {
            rest(cancellation, wake);
            running.remove(cancellation);
        }
    }

    /** The thread tells the end undisturbed and is used again: an interrupt was meant for the job. */
    private static void rest(Cancellation cancellation, Runnable wake) {
        cancellation.forget(wake);
        var unused = Thread.interrupted();
    }

    private static FetchException told(FetchException e, Events events) {
        events.emit(at -> new FetchEvent.Failed(at, e, e.probes()));
        return e;
    }

    private Job job(FetchRequest asked, Events events, Cancellation cancellation) {
        cancellation.check();
        FetchRequest request = settings.offline() && !asked.offline()
                ? asked.toBuilder().offline(true).build()
                : asked;
        // A name that does not exist is said before anything is looked up, needed or not; all else when a source is
        // asked.
        if (request.source() instanceof SourceChoice.Only) {
            found().checkNames(request.source());
        }
        Patience patience = Patience.of(request);
        return new Job(
                request,
                repository(request),
                wanted -> {
                    List<Source> allowed = allowed(wanted);
                    return new Choice(wanted, allowed, jobs, events, race(allowed), patience);
                },
                events,
                cancellation,
                patience,
                throttle);
    }

    private List<Source> allowed(FetchRequest request) {
        return opened().allowed(request.source(), request.repo());
    }

    private RepoStore repository(FetchRequest request) {
        return request.destination() instanceof Destination.Directory directory
                ? new LocalDir(directory.path(), request.repo(), clock)
                : new HubCache(folder(request), request.repo(), settings.symlinks(), clock);
    }

    /** Where the job stores: names the folder and the volume in its messages. */
    private Path folder(FetchRequest request) {
        if (request.destination() instanceof Destination.Directory directory) {
            return directory.path();
        }
        return request.destination() instanceof Destination.HubCacheAt elsewhere
                ? elsewhere.root()
                : settings.cacheRoot();
    }

    /** What one of them may take for its first answer. */
    private Duration race(List<Source> allowed) {
        Duration own = allowed.size() == 1
                ? settings.timeouts().get().alone()
                : settings.timeouts().get().probe();
        Duration probe = own.plus(Limits.PROXIED);
        return probe.compareTo(Limits.RACE) > 0 ? probe : Limits.RACE;
    }

    private synchronized Sources opened() {
        if (sources == null) {
            sources = new Sources(settings, clients, found());
        }
        return sources;
    }

    private synchronized Providers found() {
        if (providers == null) {
            providers = Providers.find(settings, context);
        }
        return providers;
    }
}
