package dev.modelfetch.internal.engine;

import dev.modelfetch.Caller;
import dev.modelfetch.Depot;
import dev.modelfetch.DepotOptions;
import dev.modelfetch.DepotRoom;
import dev.modelfetch.Destination;
import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.Filling;
import dev.modelfetch.Hint;
import dev.modelfetch.HubDocument;
import dev.modelfetch.OpenFile;
import dev.modelfetch.Pinned;
import dev.modelfetch.Prefetch;
import dev.modelfetch.Proof;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Selection;
import dev.modelfetch.Topic;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.spi.Account;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A depot over the sources and the cache of an engine. */
final class RealDepot implements Depot {

    private final Means means;
    private final DepotOptions options;
    private final Path root;
    private final boolean offline;
    private final Questions questions;
    private final Revisions revisions;
    private final Descriptions descriptions;
    private final Room room;
    private final Filler filler;
    private final Flights flights;
    private final Map<String, RealPrefetch> prefetches = new ConcurrentHashMap<>();

    RealDepot(Means means, DepotOptions options) {
        this.means = means;
        this.options = options;
        this.root = options.cacheDirectory()
                .map(where -> new Destination.HubCacheAt(where).root())
                .orElse(means.cacheRoot());
        this.offline = means.offline() || options.offline();
        this.questions = new Questions(means, options, root);
        this.revisions = new Revisions(means, options, root, questions);
        this.descriptions = new Descriptions(questions, revisions, offline, options.freshFor());
        this.room = new Room(root, options, means.clock());
        this.filler = new Filler(means, options, root, questions, revisions, room);
        if (options.mayEvict()) {
            // It may have become larger while nobody looked, or be allowed less than before.
            means.pool().execute(() -> room.make(0));
        }
        this.flights = new Flights(means.pool(), options.strict(), options.fillings());
    }

    // --- revisions

    @Override
    public Pinned pin(Repo repo, @Nullable String asked, Caller caller) {
        String revision = asked == null || asked.equals("HEAD") ? Shelf.MAIN : asked;
        return answered(repo, () -> revisions.pinned(repo, revision, caller));
    }

    @Override
    public Optional<HubDocument> describe(Pinned pinned, Topic topic, String query) {
        return answered(pinned.repo(), () -> descriptions.of(pinned, topic, query));
    }

    @Override
    public Optional<HubDocument> search(RepoType type, String query, Caller caller) {
        return offline ? Optional.empty() : answered(null, () -> questions.search(type, query, caller));
    }

    @Override
    public List<Repo> shown() {
        return revisions.stored().stream()
                .filter(shelf -> shelf.open().orElse(options.trustsCallers()))
                .map(Shelf::repo)
                .toList();
    }

    @Override
    public Optional<Digest> gitId(RepoFile row) {
        Digest sha256 = row.sha256();
        return sha256 != null && (row.lfs() || row.gitBlob() == null)
                ? Optional.of(Digests.pointerId(sha256, row.size()))
                : Optional.ofNullable(row.gitBlob());
    }

    @Override
    public Optional<Proof> proof(Pinned pinned, RepoFile row) {
        return answered(pinned.repo(), () -> {
            HubCache cache = revisions.shelf(pinned.repo()).cache();
            Path name = cache.at(pinned.commit()).pathOf(row);
            if (!Files.isRegularFile(name)) {
                return Optional.empty();
            }
            return cache.recorded(HubCache.behind(name)).map(known -> new Proof(known.sha256(), known.verified()));
        });
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

    /** Keeps evictions out. */
    Closeable enter(Pinned pinned) {
        return enter(revisions.shelf(pinned.repo()).cache());
    }

    Closeable enter(HubCache cache) {
        Optional<Closeable> inside = cache.enter();
        if (inside.isEmpty()) {
            room.awaitQuiet();
            inside = cache.enter();
        }
        // One of another process.
        return inside.orElse(() -> {});
    }

    /**
     * Room to fill it, which there is if that has begun already.
     *
     * @return null if there is none
     */
    Room.@Nullable Claim claim(Pinned pinned, RepoFile row) {
        long missing = row.size() - store(pinned).partialBytes(row);
        return room.claim(row.size(), offline || flights.has(pinned, row) ? 0 : missing);
    }

    private void checkOnline(Pinned pinned, RepoFile row) {
        if (offline) {
            throw revisions.shelf(pinned.repo()).absent(row.path());
        }
    }

    void pass(Pinned pinned, RepoFile row, long position, long count, WritableByteChannel channel)
            throws IOException, InterruptedException {
        checkOnline(pinned, row);
        filler.pass(pinned, row, position, count, channel);
    }

    SnapshotStore store(Pinned pinned) {
        return revisions.store(pinned);
    }

    /** Joins or begins the filling of that file. */
    Flight flight(Pinned pinned, RepoFile row, Room.Claim claim) {
        checkOnline(pinned, row);
        return flights.join(pinned, row, claim, filler::fill);
    }

    @Override
    public Optional<OpenFile> open(Digest sha256) {
        Optional<Flight> filling = flights.of(sha256);
        if (filling.isPresent()) {
            Pinned pinned = filling.get().pinned();
            return Optional.of(answered(
                    pinned.repo(),
                    () -> RealOpenFile.of(this, pinned, filling.get().row())));
        }
        return answered(null, () -> shared(sha256));
    }

    /** What is stored of a repository that everybody may read. */
    Optional<OpenFile> shared(Digest sha256) throws IOException {
        for (Shelf shelf : revisions.stored()) {
            if (shelf.open().orElse(options.trustsCallers())
                    && shelf.cache().blob(sha256).isPresent()) {
                return RealOpenFile.shared(this, shelf.cache(), sha256);
            }
        }
        return Optional.empty();
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

    /** Lets the branch point at it, if everything of it is stored. */
    void finish(Pinned pinned) {
        filler.finish(pinned);
    }

    @Override
    public DepotRoom room() {
        return room.state();
    }

    InstantSource clock() {
        return means.clock();
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
            throw StorageErrors.of(
                    e, repo == null ? root : revisions.shelf(repo).cache().folder());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        }
    }
}
