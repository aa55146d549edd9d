package dev.modelfetch.internal.choice;

import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.spi.SourceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One source's listing, fetched in the background and indexed by path. Thread-safe. */
public final class Witness {

    private record Indexed(Manifest manifest, Map<String, RepoFile> byPath) {}

    private final Source hub;
    private final CompletableFuture<Indexed> listing;
    private final Runnable wake;

    private Witness(Source hub, CompletableFuture<Indexed> listing, Runnable wake) {
        this.hub = hub;
        this.listing = listing;
        this.wake = wake;
    }

    /** Starts to list what an entrant has resolved, as soon as it has. */
    public static Witness call(Candidate entrant, Executor executor) {
        return new Witness(entrant.hub(), listing(entrant, executor), () -> {});
    }

    /** One that nobody has asked yet, and nobody asks until it is {@linkplain #wake() needed}. */
    public static Witness reserve(Candidate entrant, Executor executor) {
        CompletableFuture<Boolean> needed = new CompletableFuture<>();
        return new Witness(
                entrant.hub(), needed.thenCompose(yes -> listing(entrant, executor)), () -> needed.complete(true));
    }

    private static CompletableFuture<Indexed> listing(Candidate entrant, Executor executor) {
        return entrant.list(executor).thenApply(Witness::index);
    }

    /** A source that shares the commit of a listing, and therefore the listing itself. */
    public static Witness sharing(Source hub, Manifest manifest) {
        return new Witness(hub, CompletableFuture.completedFuture(index(manifest)), () -> {});
    }

    private static Indexed index(Manifest manifest) {
        Map<String, RepoFile> byPath = new HashMap<>();
        manifest.files().forEach(file -> byPath.put(file.path(), file));
        return new Indexed(manifest, byPath);
    }

    public Source hub() {
        return hub;
    }

    /** Whether it may still speak. */
    public boolean isPending() {
        return !listing.isDone();
    }

    /** Asks a reserve; does nothing for others. */
    public void wake() {
        wake.run();
    }

    /** Waits for the listing as long as it takes. */
    public Manifest manifest() throws SourceException, InterruptedException {
        try {
            return listing.get().manifest();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SourceException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(hub + " broke while listing", e.getCause());
        }
    }

    /** Waits at most so long; afterwards {@link #heard()} tells. */
    public void await(long nanos) throws InterruptedException {
        try {
            listing.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // A witness that cannot speak takes nothing away from the others.
        }
    }

    /**
     * Waits until one more of them has its listing or will never have it.
     *
     * @return whether one has; not if time is up, or all had before
     */
    public static boolean awaitNext(List<Witness> witnesses, long nanos) throws InterruptedException {
        CompletableFuture<?>[] open = witnesses.stream()
                .map(witness -> witness.listing)
                .filter(listing -> !listing.isDone())
                .toArray(CompletableFuture[]::new);
        if (open.length == 0 || nanos <= 0) {
            return false;
        }
        try {
            CompletableFuture.anyOf(open).get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            // That one will not speak.
        } catch (TimeoutException e) {
            return false;
        }
        return true;
    }

    /** The listing, if it has come. */
    public Optional<Manifest> heard() {
        return indexed().map(Indexed::manifest);
    }

    /** What it lists under that path, if it has spoken. */
    public Optional<RepoFile> row(String path) {
        return indexed().map(listed -> listed.byPath().get(path));
    }

    private Optional<Indexed> indexed() {
        return listing.isDone() && !listing.isCompletedExceptionally() ? Optional.of(listing.join()) : Optional.empty();
    }
}
