package dev.modelfetch.internal.engine;

import dev.modelfetch.Caller;
import dev.modelfetch.Depot;
import dev.modelfetch.DepotOptions;
import dev.modelfetch.Destination;
import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Filling;
import dev.modelfetch.Hint;
import dev.modelfetch.Manifest;
import dev.modelfetch.OpenFile;
import dev.modelfetch.Pinned;
import dev.modelfetch.Prefetch;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Selection;
import dev.modelfetch.Snapshot;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.transfer.Transfer;
import dev.modelfetch.spi.Account;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A depot over the sources and the cache of an engine. */
final class RealDepot implements Depot {

    private static final int CONNECTIONS = 8;

    /** Of a file of which something has come, before its readers are told that nobody delivers. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Means means;
    private final DepotOptions options;
    private final Path root;
    private final Questions questions;
    private final Flights flights;
    private final boolean offline;
    private final Map<Repo, Shelf> shelves = new ConcurrentHashMap<>();
    private final Map<Repo, Long> absentUntil = new ConcurrentHashMap<>();
    private final Map<Object, CompletableFuture<Shelf.Known>> asking = new ConcurrentHashMap<>();
    private final Map<String, RealPrefetch> prefetches = new ConcurrentHashMap<>();

    RealDepot(Means means, DepotOptions options) {
        this.means = means;
        this.options = options;
        this.root = options.cacheDirectory()
                .map(where -> new Destination.HubCacheAt(where).root())
                .orElse(means.cacheRoot());
        this.offline = means.offline() || options.offline();
        this.questions = new Questions(means, options, root);
        this.flights = new Flights(means.pool(), options.strict(), options.fillings());
    }

    // --- revisions

    @Override
    public Pinned pin(Repo repo, @Nullable String asked, Caller caller) {
        String revision = asked == null || asked.equals("HEAD") ? Shelf.MAIN : asked;
        return answered(repo, () -> pinned(repo, revision, caller));
    }

    private Pinned pinned(Repo repo, String revision, Caller caller) throws IOException, InterruptedException {
        Shelf shelf = shelf(repo);
        shelf.checkRefused(caller);
        Instant now = means.clock().instant();
        Optional<Shelf.Known> known = Digest.isGitId(revision)
                ? (offline ? shelf.anyManifest(revision) : shelf.manifest(revision))
                        .map(manifest -> new Shelf.Known(manifest, now))
                : shelf.branch(revision, offline);
        boolean stale =
                known.isPresent() && known.get().at().plus(options.freshFor()).isBefore(now);
        if (known.isEmpty()) {
            known = Optional.of(ask(shelf, repo, revision, caller));
        }
        checkAccess(shelf, repo, known.get().manifest(), caller);
        if (stale && !offline && shelf.beginRefresh(revision)) {
            refresh(shelf, repo, revision, caller);
        }
        return new Pinned(
                repo,
                known.get().manifest(),
                known.get().at(),
                stale,
                shelf.identity(known.get().manifest()),
                caller,
                shelf.open().orElse(false));
    }

    private Shelf shelf(Repo repo) {
        Shelf known = shelves.get(repo);
        if (known != null) {
            return known;
        }
        Shelf fresh = new Shelf(repo, new HubCache(root, repo, means.symlinks(), means.clock()));
        // Names that somebody has made up cost no memory.
        return Files.isDirectory(fresh.cache().folder()) ? shelves.computeIfAbsent(repo, any -> fresh) : fresh;
    }

    /** Many who want to know the same ask once. */
    private Shelf.Known ask(Shelf shelf, Repo repo, String revision, Caller caller)
            throws IOException, InterruptedException {
        if (offline) {
            throw shelf.absent("Revision " + revision);
        }
        checkAbsent(repo, caller);
        Object question = List.of(repo, revision, caller);
        CompletableFuture<Shelf.Known> mine = new CompletableFuture<>();
        CompletableFuture<Shelf.Known> first = asking.putIfAbsent(question, mine);
        if (first == null) {
            try {
                means.pool().execute(() -> {
                    try {
                        mine.complete(learn(shelf, repo, revision, caller));
                    } catch (Throwable e) {
                        mine.completeExceptionally(e);
                    } finally {
                        asking.remove(question, mine);
                    }
                });
            } catch (RejectedExecutionException e) {
                asking.remove(question, mine);
                throw new FetchException.Cancelled();
            }
        }
        try {
            return (first == null ? mine : first).get();
        } catch (ExecutionException e) {
            FetchException failure = Ending.of(e, false, root);
            if (failure instanceof FetchException.NotFound) {
                noteAbsent(repo, caller);
            }
            throw failure;
        }
    }

    private Shelf.Known learn(Shelf shelf, Repo repo, String revision, Caller caller)
            throws IOException, InterruptedException {
        Caller asking = shelf.open().orElse(false) ? Caller.ANONYMOUS : caller;
        Chosen chosen = questions.chosen(
                repo,
                revision.equals(Shelf.MAIN) ? null : revision,
                asking,
                shelf.family().orElse(null));
        Shelf kept = shelves.computeIfAbsent(repo, any -> shelf);
        return kept.learn(
                revision, chosen, asking.token().isEmpty(), means.clock().instant());
    }

    /** Who has nothing but a name is not asked again and again. */
    private void checkAbsent(Repo repo, Caller caller) {
        Long until = absentUntil.get(repo);
        if (until != null && caller.token().isEmpty() && until - System.nanoTime() > 0) {
            throw new FetchException.NotFound(
                    repo + " does not exist, as far as anybody said a moment ago.", Hint.plain("Check the name."));
        }
    }

    private void noteAbsent(Repo repo, Caller caller) {
        if (caller.token().isEmpty() && !shelves.containsKey(repo)) {
            long now = System.nanoTime();
            absentUntil.values().removeIf(until -> until - now <= 0);
            absentUntil.put(repo, now + Limits.ABSENT.toNanos());
        }
    }

    private void refresh(Shelf shelf, Repo repo, String revision, Caller caller) {
        try {
            means.pool().execute(() -> {
                try {
                    var unused = learn(shelf, repo, revision, caller);
                } catch (FetchException.AccessDenied closed) {
                    shelf.revoke(caller);
                    if (caller.token().isEmpty()) {
                        shelf.open(false);
                    }
                } catch (FetchException | IOException away) {
                    // It is answered as it was.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        } catch (RejectedExecutionException e) {
            // The program ends.
        }
    }

    // --- who may read

    private void checkAccess(Shelf shelf, Repo repo, Manifest manifest, Caller caller) throws InterruptedException {
        if (shelf.open().orElse(false) || shelf.isGranted(caller)) {
            return;
        }
        boolean nobodyKnows = shelf.open().isEmpty();
        if (offline) {
            if (nobodyKnows && options.trustsCallers()) {
                return;
            }
            throw new FetchException.AccessDenied(
                    repo + " may not be for everybody, and nobody can be asked.", Hint.plain("Allow connections."));
        }
        try {
            if (nobodyKnows || caller.token().isEmpty()) {
                try {
                    questions.checkAccess(repo, manifest, caller, Caller.ANONYMOUS);
                    shelf.open(true);
                    return;
                } catch (FetchException.AccessDenied | FetchException.NotFound e) {
                    shelf.open(false);
                    if (caller.token().isEmpty()) {
                        throw e;
                    }
                }
            }
            questions.checkAccess(repo, manifest, caller, caller);
            shelf.grant(caller);
        } catch (FetchException.Unreachable e) {
            if (!(nobodyKnows && options.trustsCallers())) {
                throw e;
            }
            // Not asked anew at every step.
            shelf.grant(caller);
        } catch (FetchException.AccessDenied | FetchException.NotFound e) {
            shelf.refuse(caller, e, Limits.REFUSED);
            throw e;
        }
    }

    @Override
    public Optional<Digest> gitId(RepoFile row) {
        Digest sha256 = row.sha256();
        return sha256 != null && (row.lfs() || row.gitBlob() == null)
                ? Optional.of(Digests.pointerId(sha256, row.size()))
                : Optional.ofNullable(row.gitBlob());
    }

    @Override
    public Optional<String> account(Caller caller) {
        if (offline || caller.token().isEmpty()) {
            return Optional.empty();
        }
        return answered(null, () -> questions.account(caller).map(Account::name));
    }

    // --- files

    @Override
    public OpenFile open(Pinned pinned, String path) {
        RepoFile row = pinned.manifest()
                .file(path)
                .orElseThrow(() -> new FetchException.NotFound(
                        "There is no file " + path + " in " + pinned.repo() + " at " + pinned.commit() + ".",
                        Hint.plain("Look at what it holds.")));
        return answered(pinned.repo(), () -> RealOpenFile.of(this, pinned, row));
    }

    /** Keeps evictions out; empty while there is one. */
    Optional<Closeable> enter(Pinned pinned) {
        return shelf(pinned.repo()).cache().enter();
    }

    SnapshotStore store(Pinned pinned) {
        return shelf(pinned.repo()).cache().at(pinned.commit());
    }

    /** Joins or begins the filling of that file. */
    Flight flight(Pinned pinned, RepoFile row) {
        if (offline) {
            throw shelf(pinned.repo()).absent(row.path());
        }
        return flights.join(pinned, row, this::fill);
    }

    private void fill(Flight flight) {
        Runnable wake = Thread.currentThread()::interrupt;
        flight.cancellation().onCancel(wake);
        Snapshot.Item item = null;
        FetchException failure = null;
        try {
            item = filled(flight);
        } catch (Throwable e) {
            flight.cancellation().forget(wake);
            var unused = Thread.interrupted();
            failure = Ending.of(e, flight.cancellation().isCancelled(), root);
        } finally {
            flight.cancellation().forget(wake);
            var unused = Thread.interrupted();
        }
        if (item != null) {
            flight.stored(store(flight.pinned()).pathOf(flight.row()), item);
        } else if (failure != null) {
            flight.failed(failure);
        }
    }

    private Snapshot.Item filled(Flight flight) throws IOException, InterruptedException {
        Pinned pinned = flight.pinned();
        Shelf shelf = shelf(pinned.repo());
        Caller caller = pinned.open() ? Caller.ANONYMOUS : pinned.caller();
        FetchRequest request = questions.request(pinned.repo(), pinned.commit(), caller).toBuilder()
                .files(flight.row().path())
                .connectionsPerFile(CONNECTIONS)
                .patience(PATIENCE)
                .build();
        Optional<Chosen> found = pinned.open() ? shelf.senders(pinned.commit()) : Optional.empty();
        if (found.isPresent()) {
            try {
                return filled(flight, request, found.get());
            } catch (FetchException.Unreachable | FetchException.NotFound | FetchException.AccessDenied e) {
                // They were found long ago.
                shelf.forgetSenders(pinned.commit());
                flight.cancellation().check();
            }
        }
        return filled(flight, request, questions.known(request, pinned.manifest(), pinned.identity()));
    }

    private Snapshot.Item filled(Flight flight, FetchRequest request, Chosen chosen)
            throws IOException, InterruptedException {
        Pinned pinned = flight.pinned();
        SnapshotStore store = store(pinned);
        List<RepoFile> plan = List.of(flight.row());
        store.check(plan);
        new Planner(request).check(plan, store);
        Events events = new Events(List.of(options.listener(), flight.watch()), means.clock());
        Patience patience = new Patience(PATIENCE, false, System::nanoTime);
        Closeable inside = enter(pinned).orElse(() -> {});
        try (inside;
                Run run = Run.within(flight.cancellation(), events, patience, means.threads(), System::nanoTime)) {
            store.prepare(pinned.manifest());
            Transfer transfer = new Transfer(run, request, chosen, store, means.throttle(), row -> flight.live());
            Snapshot.Item item = transfer.run(plan).files().get(0);
            finish(pinned);
            return item;
        }
    }

    // --- by digest

    @Override
    public Optional<OpenFile> open(Digest sha256) {
        Optional<Flight> filling = flights.of(sha256);
        if (filling.isPresent()) {
            Pinned pinned = filling.get().pinned();
            return Optional.of(answered(
                    pinned.repo(),
                    () -> RealOpenFile.of(this, pinned, filling.get().row())));
        }
        for (Shelf shelf : stored()) {
            if (shelf.open().orElse(options.trustsCallers())) {
                Optional<Path> blob = shelf.cache().blob(sha256);
                if (blob.isPresent()) {
                    return Optional.of(answered(null, () -> RealOpenFile.stored(shelf.cache(), sha256, blob.get())));
                }
            }
        }
        return Optional.empty();
    }

    /** Everything there is in the cache, known already or not. */
    private List<Shelf> stored() {
        try {
            return Folders.entries(root, Files::isDirectory).stream()
                    .map(folder -> repo(String.valueOf(folder.getFileName())))
                    .flatMap(Optional::stream)
                    .map(this::shelf)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<Repo> repo(String folder) {
        int mark = folder.indexOf("--");
        if (mark < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Repo.of(
                    RepoType.parse(folder.substring(0, mark)),
                    folder.substring(mark + 2).replace("--", "/")));
        } catch (FetchException.Usage e) {
            return Optional.empty();
        }
    }

    // --- ahead of readers

    @Override
    public Prefetch prefetch(Pinned pinned, Selection selection) {
        List<RepoFile> files = selection.from(pinned.manifest());
        RealPrefetch prefetch = new RealPrefetch(this, pinned, files);
        prefetches.values().removeIf(RealPrefetch::isForgotten);
        prefetches.put(prefetch.id(), prefetch);
        try {
            means.pool().execute(prefetch::run);
        } catch (RejectedExecutionException e) {
            throw new FetchException.Cancelled();
        }
        return prefetch;
    }

    @Override
    public Optional<Prefetch> prefetch(String id) {
        return Optional.ofNullable(prefetches.get(id));
    }

    /** If everything of it is stored, the branch points at it, for programs that read the cache without asking anybody. */
    void finish(Pinned pinned) {
        SnapshotStore store = store(pinned);
        List<RepoFile> files = pinned.manifest().files();
        boolean all = true;
        // Most clients begin at the front: what is still missing is soon found from the other end.
        for (int i = files.size() - 1; i >= 0 && all; i--) {
            all = store.seems(files.get(i));
        }
        if (all) {
            try {
                store.finish(pinned.manifest(), pinned.manifest().revision());
            } catch (IOException e) {
                // The next one tries again.
            }
        }
    }

    @Override
    public List<Filling> fillings() {
        return flights.fillings();
    }

    @Override
    public boolean isBusy() {
        return flights.isBusy();
    }

    @Override
    public void close(Duration atMost) {
        prefetches.values().forEach(Prefetch::cancel);
        try {
            flights.close(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something that is done on the caller's thread. */
    private interface Step<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> T answered(@Nullable Repo repo, Step<T> step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw StorageErrors.of(e, repo == null ? root : shelf(repo).cache().folder());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        }
    }
}
