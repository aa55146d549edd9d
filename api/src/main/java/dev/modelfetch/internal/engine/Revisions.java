package dev.modelfetch.internal.engine;

import dev.modelfetch.Caller;
import dev.modelfetch.DepotOptions;
import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Manifest;
import dev.modelfetch.Pinned;
import dev.modelfetch.Repo;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.Stock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/** What revisions mean, and to whom they may be shown: known, learned from a source, or refreshed behind the answer. Thread-safe. */
final class Revisions {

    private final Means means;
    private final DepotOptions options;
    private final Path root;
    private final Questions questions;
    private final boolean offline;
    private final Map<Repo, Shelf> shelves = new ConcurrentHashMap<>();
    private final Map<Repo, Long> absentUntil = new ConcurrentHashMap<>();
    private final Map<Object, CompletableFuture<Shelf.Known>> asking = new ConcurrentHashMap<>();

    Revisions(Means means, DepotOptions options, Path root, Questions questions) {
        this.means = means;
        this.options = options;
        this.root = root;
        this.questions = questions;
        this.offline = means.offline() || options.offline();
    }

    Pinned pinned(Repo repo, String revision, Caller caller) throws IOException, InterruptedException {
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

    Shelf shelf(Repo repo) {
        Shelf known = shelves.get(repo);
        if (known != null) {
            return known;
        }
        Shelf fresh = new Shelf(repo, new HubCache(root, repo, means.symlinks(), means.clock()));
        // Names that somebody has made up cost no memory.
        return Files.isDirectory(fresh.cache().folder()) ? shelves.computeIfAbsent(repo, any -> fresh) : fresh;
    }

    /** Keeps evictions out; empty while there is one. */
    Optional<Closeable> enter(Pinned pinned) {
        return shelf(pinned.repo()).cache().enter();
    }

    SnapshotStore store(Pinned pinned) {
        return shelf(pinned.repo()).cache().at(pinned.commit());
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
            boolean onlyRevision = failure.probes().stream()
                    .anyMatch(probe -> probe.verdict() instanceof Verdict.NotHere absent
                            && absent.what() == Verdict.What.REVISION);
            if (failure instanceof FetchException.NotFound && !onlyRevision) {
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

    private boolean isKnown(Shelf shelf, Caller caller) {
        return options.remembersCallers() && shelf.wasShownTo(caller);
    }

    private void checkAccess(Shelf shelf, Repo repo, Manifest manifest, Caller caller) throws InterruptedException {
        if (shelf.open().orElse(false) || shelf.isGranted(caller)) {
            return;
        }
        boolean nobodyKnows = shelf.open().isEmpty();
        if (offline) {
            if ((nobodyKnows && options.trustsCallers()) || isKnown(shelf, caller)) {
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
            if (options.remembersCallers()) {
                shelf.remember(caller);
            }
        } catch (FetchException.Unreachable e) {
            if (!(nobodyKnows && options.trustsCallers()) && !isKnown(shelf, caller)) {
                throw e;
            }
            // Not asked anew at every step.
            shelf.grant(caller);
        } catch (FetchException.AccessDenied | FetchException.NotFound e) {
            shelf.refuse(caller, e, Limits.REFUSED);
            throw e;
        }
    }

    /** Everything there is in the cache, known already or not. */
    List<Shelf> stored() {
        return Stock.repositories(root).stream().map(this::shelf).toList();
    }
}
