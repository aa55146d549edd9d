package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.OpenFile;
import dev.modelfetch.Pinned;
import dev.modelfetch.Prefetch;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.run.Cancellation;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Fills the files of one pinned repository, a few at the same time. */
final class RealPrefetch implements Prefetch {

    private static final AtomicLong COUNT = new AtomicLong();
    private static final int AT_ONCE = 4;
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final String id = "prefetch-" + COUNT.incrementAndGet();
    private final RealDepot depot;
    private final Pinned pinned;
    private final List<RepoFile> files;
    private final Cancellation cancellation = new Cancellation();
    private final Map<RepoFile, Flight> underway = new ConcurrentHashMap<>();
    private final AtomicLong done = new AtomicLong();
    private volatile State state = State.RUNNING;
    private volatile @Nullable FetchException error;
    private volatile long endedNanos;

    RealPrefetch(RealDepot depot, Pinned pinned, List<RepoFile> files) {
        this.depot = depot;
        this.pinned = pinned;
        this.files = List.copyOf(files);
    }

    void run() {
        Runnable wake = Thread.currentThread()::interrupt;
        cancellation.onCancel(wake);
        try {
            Closeable inside = depot.enter(pinned);
            try (inside) {
                fill();
                depot.finish(pinned);
                state = State.DONE;
            }
        } catch (FetchException e) {
            error = e;
            state = State.FAILED;
        } catch (IOException e) {
            error = new FetchException.Storage(String.valueOf(e.getMessage()), "Look at the disk.", e);
            state = State.FAILED;
        } catch (InterruptedException e) {
            state = State.CANCELLED;
        } finally {
            if (cancellation.isCancelled()) {
                state = State.CANCELLED;
            }
            underway.values().forEach(Flight::leave);
            underway.clear();
            endedNanos = System.nanoTime();
            cancellation.forget(wake);
            var unused = Thread.interrupted();
        }
    }

    private void fill() throws IOException, InterruptedException {
        List<RepoFile> begun = new ArrayList<>();
        for (RepoFile file : files) {
            cancellation.check();
            if (depot.store(pinned).find(file).isPresent() || isShared(file)) {
                done.addAndGet(file.size());
                continue;
            }
            Room.Claim claim = depot.claim(pinned, file);
            if (claim == null) {
                throw new FetchException.Storage(
                        Message.of("no-room-to-store", "There is no room to store {0}.", file.path()),
                        Hint.plain("Make some, or allow a larger cache."));
            }
            Flight flight = depot.flight(pinned, file, claim);
            underway.put(file, flight);
            flight.live().want();
            begun.add(file);
            if (begun.size() == AT_ONCE) {
                await(begun.remove(0));
            }
        }
        for (RepoFile file : begun) {
            await(file);
        }
    }

    private boolean isShared(RepoFile file) throws IOException {
        if (file.sha256() == null) {
            return false;
        }
        Optional<OpenFile> shared = depot.shared(file.sha256());
        shared.ifPresent(OpenFile::close);
        return shared.isPresent();
    }

    private void await(RepoFile file) throws InterruptedException {
        Flight flight = underway.get(file);
        if (flight == null) {
            return;
        }
        try {
            var unused = flight.end().get();
            done.addAndGet(file.size());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FetchException failure ? failure : new FetchException.Internal(e);
        } finally {
            underway.remove(file);
            flight.leave();
        }
    }

    /** Whether nobody will ask for it any more. */
    boolean isForgotten() {
        return state != State.RUNNING && System.nanoTime() - endedNanos > REMEMBERED.toNanos();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public long bytesDone() {
        return done.get()
                + underway.values().stream()
                        .mapToLong(flight -> flight.live().present())
                        .sum();
    }

    @Override
    public long bytesTotal() {
        return files.stream().mapToLong(RepoFile::size).sum();
    }

    @Override
    public Optional<FetchException> error() {
        return Optional.ofNullable(error);
    }

    @Override
    public void cancel() {
        cancellation.cancel();
    }
}
