package dev.modelfetch.internal.engine;

import dev.modelfetch.Accounts;
import dev.modelfetch.Alias;
import dev.modelfetch.Cache;
import dev.modelfetch.Depot;
import dev.modelfetch.DepotOptions;
import dev.modelfetch.Destination;
import dev.modelfetch.Diagnosis;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Listing;
import dev.modelfetch.Message;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Plan;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Sample;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.SourceInfo;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.internal.account.Logins;
import dev.modelfetch.internal.choice.Choice;
import dev.modelfetch.internal.choice.Discretion;
import dev.modelfetch.internal.choice.Providers;
import dev.modelfetch.internal.choice.Reachability;
import dev.modelfetch.internal.choice.Sampling;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.choice.Sources;
import dev.modelfetch.internal.config.Complaints;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.doctor.Doctor;
import dev.modelfetch.internal.memory.SourceMemory;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.Tls;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.internal.store.LocalDir;
import dev.modelfetch.internal.store.RepoStore;
import dev.modelfetch.internal.transfer.Throttle;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the front door: the sources, opened when first needed, and the jobs under way. Every job has a
 * thread of its own once its turn has come, so that stopping it never interrupts a caller.
 */
public final class Engine implements Modelfetch {

    /** Exists on all three hubs; asked about when only reachability is wanted. */
    private static final Repo WELL_KNOWN = Repo.of(RepoType.MODEL, "Qwen/Qwen2.5-0.5B-Instruct");

    private final InstantSource clock = InstantSource.system();
    private final Settings settings;
    private final Terms terms;
    private final boolean offline;
    private final HttpClients clients;
    private final Threads threads;
    private final ExecutorService pool;
    private final Throttle throttle;
    private final @Nullable Semaphore connections;
    private final SourceMemory memory;
    private final Places places;
    private final Admission fetches;
    /** Apart, so that a listener may ask something while all fetches are at work. */
    private final Admission questions;

    private final Set<Errand<?>> living = ConcurrentHashMap.newKeySet();
    /** That of whoever built this: jobs have threads of their own. */
    private final @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();

    private final Cancellation closing = new Cancellation();
    private @Nullable Providers providers;
    private @Nullable Sources sources;

    /** @throws FetchException.Usage if settings given explicitly are of a source that does not exist */
    public Engine(Settings settings) {
        this(settings, Terms.USUAL, new Complaints());
    }

    private Engine(Settings settings, Terms terms, Complaints complaints) {
        this.settings = settings;
        this.terms = terms;
        this.offline = settings.offline() || terms.offline();
        if (settings.explicit()) {
            complaints.of(() -> found().checkNames(settings, complaints));
        }
        complaints.raise();
        this.threads = terms.threads().map(Threads::new).orElse(Threads.OWN);
        this.pool = threads.perTask("job");
        this.throttle = new Throttle(terms.bytesPerSecond());
        this.connections =
                terms.maxConnections() == Integer.MAX_VALUE ? null : new Semaphore(terms.maxConnections(), true);
        this.memory = settings.memory()
                .map(file -> SourceMemory.in(file, settings.routes().fingerprint(), clock))
                .orElseGet(() -> SourceMemory.ofNames(clock));
        this.places = new Places(settings, repo -> aliases(Optional.of(repo)), clock);
        this.fetches = new Admission(terms.maxJobs());
        this.questions = new Admission(terms.maxJobs());
        Supplier<Tls> tls = () -> settings.transport().tls().orElseGet(() -> Tls.of(settings.trust()));
        this.clients = new HttpClients(userAgent(settings), settings.routes(), settings.timeouts(), tls);
    }

    /** @throws FetchException.Usage if something that was said cannot be used; of several, all are named */
    public static Engine open(Settings.Said said, Terms terms) {
        Complaints complaints = new Complaints();
        return new Engine(Settings.of(said, complaints), terms, complaints);
    }

    private static String version() {
        String version = Engine.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }

    private static String userAgent(Settings settings) {
        String own = "modelfetch/" + version() + " (java/" + Runtime.version().feature() + ")";
        return settings.transport()
                .product()
                .map(product -> product + " " + own)
                .orElse(own);
    }

    @Override
    public FetchRequest.Builder request(String address) {
        FetchRequest.Builder request = FetchRequest.builder(address);
        request.source(settings.defaultChoice()).offline(offline);
        if (settings.config().maxWorkers() != null) {
            request.maxWorkers(settings.config().maxWorkers());
        }
        if (settings.config().connections() != null) {
            request.connectionsPerFile(settings.config().connections());
        }
        return terms.defaults().apply(request);
    }

    @Override
    public Snapshot fetch(FetchRequest request, FetchListener... listeners) {
        return begin(request, listeners).errand().await();
    }

    @Override
    public FetchJob start(FetchRequest request, FetchListener... listeners) {
        return begin(request, listeners);
    }

    private Underway begin(FetchRequest request, FetchListener... listeners) {
        Errand<Snapshot> errand = new Errand<>(request, new Events(List.of(listeners), clock));
        Underway job = new Underway(errand, new Throttle(request.bytesPerSecond(), throttle));
        errand.events().add(job.gauge());
        errand.events().add(JobLog.of(job));
        for (Function<? super FetchJob, ? extends FetchListener> listener : terms.listeners()) {
            try {
                errand.events().add(listener.apply(job));
            } catch (Throwable e) { // In another language it may throw what it does not declare.
                System.getLogger(Engine.class.getName()).log(Level.WARNING, "a listener does not begin", e);
            }
        }
        start(errand, fetches, () -> {
            job.gauge().begin();
            try {
                return job(errand, job.throttle()).fetch();
            } finally {
                memory.save();
            }
        });
        return job;
    }

    @Override
    public Optional<Snapshot> find(FetchRequest request) {
        try {
            return Optional.of(new OfflineAnswers(request, places.of(request)).result(new Report(request)));
        } catch (FetchException.NotStored | FetchException.NotFound e) {
            return Optional.empty();
        } catch (IOException | RuntimeException | Error e) {
            throw Ending.of(e, false, places.folder(request));
        }
    }

    @Override
    public Listing list(FetchRequest request, FetchListener... listeners) {
        return ask(request, Job::list, listeners);
    }

    @Override
    public Plan plan(FetchRequest request, FetchListener... listeners) {
        return ask(request, Job::plan, listeners);
    }

    @Override
    public StoredCheck verify(FetchRequest request) {
        return ask(request, Job::verify);
    }

    /** Against the records in that directory alone; where there is none of ours, nothing says which repository it is. */
    @Override
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
                    Message.of("nameless-directory", "Nothing in {0} says what belongs there.", directory),
                    Hint.of("name-repository", "Name the repository as well."));
            nameless.addSuppressed(e);
            throw nameless;
        }
    }

    @Override
    public Depot depot(DepotOptions options) {
        if (options.source() instanceof SourceChoice.Only) {
            found().checkNames(options.source());
        }
        return new RealDepot(
                new Means(
                        this::allowed,
                        this::race,
                        offline,
                        settings.cacheRoot(),
                        settings.symlinks(),
                        pool,
                        threads,
                        throttle,
                        clock),
                options);
    }

    @Override
    public Cache cache() {
        return cache(settings.cacheRoot());
    }

    @Override
    public Cache cache(Path root) {
        return new RealCache(new Destination.HubCacheAt(root).root(), settings.symlinks(), clock, threads, closing);
    }

    @Override
    public List<Probe> probe(SourceChoice choice, FetchListener... listeners) {
        List<Source> asked = opened().allowed(choice, WELL_KNOWN);
        Events events = new Events(List.of(listeners), clock);
        return answered(
                choice, events, () -> new Reachability(asked, WELL_KNOWN, null, race(asked)).ofHubs(pool, events));
    }

    @Override
    public List<Probe> probe(FetchRequest request, FetchListener... listeners) {
        List<Source> allowed = opened().allowed(request);
        Events events = new Events(List.of(listeners), clock);
        return answered(request.source(), events, () -> {
            List<Source> asked = Discretion.confidants(request, allowed, pool);
            String revision = request.revision().orElse(null);
            List<Probe> probes = new ArrayList<>(
                    new Reachability(asked, request.repo(), revision, race(asked)).ofRepository(pool, events));
            probes.addAll(Reachability.spared(allowed, asked));
            return probes;
        });
    }

    private List<Probe> answered(SourceChoice choice, Events events, Asking<List<Probe>> asking) {
        List<Probe> probes;
        try {
            probes = new ArrayList<>(asked(asking));
        } finally {
            events.close();
        }
        if (choice instanceof SourceChoice.Auto) {
            probes.addAll(opened().leftOut());
        }
        memory.save();
        return probes;
    }

    /** A question that is asked on the caller's thread. */
    private interface Asking<T> {
        T answer() throws InterruptedException;
    }

    private static <T> T asked(Asking<T> asking) {
        try {
            return asking.answer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        } catch (RejectedExecutionException closedMeanwhile) {
            throw new FetchException.Cancelled();
        }
    }

    @Override
    public Diagnosis examine(SourceChoice choice) {
        Doctor doctor = new Doctor(settings, offline, clients, pool, clock, version());
        return asked(() -> doctor.examine(opened(), choice, WELL_KNOWN));
    }

    @Override
    public void limitRate(long bytesPerSecond) {
        throttle.limit(bytesPerSecond);
    }

    @Override
    public List<Sample> sample(FetchRequest request) {
        List<Source> allowed = opened().allowed(request);
        return asked(() -> new Sampling(request.repo(), request.revision().orElse(null), pool)
                .of(Discretion.confidants(request, allowed, pool)));
    }

    @Override
    public Accounts accounts() {
        return new Logins(this::opened, settings, offline);
    }

    @Override
    public List<Alias> aliases(Optional<Repo> repo) {
        return opened().aliases(repo);
    }

    @Override
    public List<SourceInfo> sources() {
        return opened().infos();
    }

    @Override
    public boolean close(Duration atMost) {
        // As long as anybody can mean; the clock has no place for more.
        long mostNanos = Math.min(TimeUnit.NANOSECONDS.convert(atMost), Long.MAX_VALUE / 2);
        closing.cancel();
        living.forEach(Errand::cancel);
        boolean ended = !Events.isTelling() && awaitEnds(System.nanoTime() + mostNanos);
        pool.shutdown();
        clients.close();
        closeSources();
        return ended;
    }

    private boolean awaitEnds(long untilNanos) {
        boolean all = true;
        try {
            for (Errand<?> errand : living) {
                all &= errand.awaitEnd(Duration.ofNanos(Math.max(0, untilNanos - System.nanoTime())));
            }
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized void closeSources() {
        if (sources != null) {
            sources.close();
        }
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

    private <T> T ask(FetchRequest request, Work<T> work, FetchListener... listeners) {
        FetchRequest question = question(request);
        Errand<T> errand = new Errand<>(question, new Events(List.of(listeners), clock));
        start(errand, questions, () -> work.of(job(errand, throttle)));
        return errand.await();
    }

    private <T> void start(Errand<T> errand, Admission admission, Callable<T> work) {
        living.add(errand);
        if (closing.isCancelled()) {
            errand.cancel();
        }
        Runnable turn = () -> execute(() -> run(errand, work, admission::done));
        admission.enter(errand.request().priority(), turn);
        errand.cancellation().onCancel(() -> {
            if (admission.leave(turn)) {
                execute(() -> run(errand, work, () -> {}));
            }
        });
    }

    /** On another thread, unless there will be none any more. */
    private void execute(Runnable run) {
        try {
            pool.execute(run);
        } catch (RejectedExecutionException e) {
            run.run();
        }
    }

    /**
     * From its first step to its last event and what comes of it; whatever happens in between is a result or an exception
     * of ours.
     *
     * @param after done when nothing of it is left, before anybody hears of its end
     */
    private <T> void run(Errand<T> errand, Callable<T> work, Runnable after) {
        Runnable wake = Thread.currentThread()::interrupt;
        Runnable outcome;
        errand.cancellation().onCancel(wake);
        try {
            errand.cancellation().check();
            T answer = work.call();
            if (answer instanceof Snapshot snapshot) {
                errand.events().emit(at -> new FetchEvent.Done(at, snapshot));
            }
            outcome = () -> errand.result().deliver(answer);
        } catch (Throwable e) {
            rest(errand.cancellation(), wake);
            FetchException failure = errand.explained(
                    Ending.of(e, errand.cancellation().isCancelled(), places.folder(errand.request())));
            errand.events().emit(at -> new FetchEvent.Failed(at, failure, failure.probes()));
            outcome = () -> errand.result().fail(failure);
        } finally {
            rest(errand.cancellation(), wake);
        }
        living.remove(errand);
        forget();
        after.run();
        errand.over();
        outcome.run();
    }

    /** The thread tells the end undisturbed and is used again: an interrupt was meant for the job. */
    private static void rest(Cancellation cancellation, Runnable wake) {
        cancellation.forget(wake);
        var unused = Thread.interrupted();
    }

    /** What sources have said before the oldest job was begun. */
    private synchronized void forget() {
        if (sources != null) {
            long now = System.nanoTime();
            sources.forget(living.stream()
                    .mapToLong(Errand::begunNanos)
                    .reduce(now, (one, other) -> one - other < 0 ? one : other));
        }
    }

    private Job job(Errand<?> errand, Throttle rate) {
        FetchRequest asked = errand.request();
        FetchRequest request =
                offline && !asked.offline() ? asked.toBuilder().offline(true).build() : asked;
        // A name that does not exist is said before anything is looked up, needed or not; all else when a source is
        // asked.
        if (request.source() instanceof SourceChoice.Only) {
            found().checkNames(request.source());
        }
        Patience patience = Patience.of(request);
        RepoStore repository = places.of(request);
        return new Job(
                request,
                repository,
                places.spare(repository, request),
                wanted -> {
                    List<Source> allowed = allowed(wanted);
                    return new Choice(
                            wanted, allowed, pool, errand.events(), race(allowed), patience, errand.begunNanos());
                },
                errand.events(),
                errand.cancellation(),
                patience,
                threads,
                rate);
    }

    private List<Source> allowed(FetchRequest request) {
        return opened().allowed(request);
    }

    /** What one of them may take for its first answer. */
    private Duration race(List<Source> allowed) {
        Duration own = allowed.stream().map(Source::id).distinct().count() == 1
                ? settings.timeouts().get().alone()
                : settings.timeouts().get().probe();
        Duration probe = own.plus(Limits.PROXIED);
        return probe.compareTo(Limits.RACE) > 0 ? probe : Limits.RACE;
    }

    /** @throws FetchException.Cancelled if nobody would let go of them any more */
    private synchronized Sources opened() {
        if (sources == null) {
            closing.check();
            sources = new Sources(settings, clients, found(), connections, memory);
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
