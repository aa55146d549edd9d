package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.FetchResult;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.StoredFile;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Runs a plan: several files at once, the large ones first so that no single one is left for the end. */
public final class Transfer {

    /** What came of it. */
    public record Outcome(List<FetchResult.Item> files, long fetched, long reused) {}

    /** After a failure, how long files in flight have to note down what they have. */
    private static final Duration FAREWELL = Duration.ofMillis(800);

    private final Run run;
    private final Chosen binding;
    private final SnapshotStore store;
    private final ConnectionBudget lanes;
    private final Throttle throttle;
    private final AtomicLong due = new AtomicLong();
    private final AtomicLong fetched = new AtomicLong();
    private final AtomicLong reused = new AtomicLong();

    public Transfer(Run run, Chosen binding, SnapshotStore store) {
        this.run = run;
        this.binding = binding;
        this.store = store;
        FetchRequest request = run.request();
        int base = Math.max(request.maxWorkers(), request.connectionsPerFile());
        this.lanes = new ConnectionBudget(base, !request.singleSource());
        this.throttle = new Throttle(run.request().bytesPerSecond());
    }

    /**
     * @param files in the order the result shall have
     * @throws FetchException the first failure; files finished until then stay published
     */
    public Outcome run(List<RepoFile> files) throws IOException, InterruptedException {
        List<RepoFile> bySize = new ArrayList<>(files);
        bySize.sort(Comparator.comparingLong(RepoFile::size).reversed());
        Deque<RepoFile> queue = new ConcurrentLinkedDeque<>(bySize);
        Workers workers = new Workers(queue);
        Map<String, FetchResult.Item> done = new HashMap<>();
        try {
            workers.start(Math.min(run.request().maxWorkers(), files.size()));
            for (int ended = 0; ended < workers.started(); ended++) {
                workers.next().forEach(item -> done.put(item.path(), item));
            }
        } catch (ExecutionException e) {
            throw causeOf(e);
        } finally {
            queue.clear();
            if (done.size() < files.size()) {
                workers.stop();
            }
        }
        List<FetchResult.Item> items = files.stream()
                .map(file -> java.util.Objects.requireNonNull(done.get(file.path())))
                .toList();
        return new Outcome(items, fetched.get(), reused.get());
    }

    /**
     * The threads that take files from the queue. Those of the usual number start with the largest; where it may grow,
     * one further at a time takes small ones from the other end, as soon as the sources have room for it.
     */
    private final class Workers {

        private final Deque<RepoFile> queue;
        private final ExecutorCompletionService<List<FetchResult.Item>> threads =
                new ExecutorCompletionService<>(run.pool());
        private final List<Future<?>> started = new CopyOnWriteArrayList<>();
        /** Raised before a thread begins, so that none ends uncounted. */
        private final AtomicInteger count = new AtomicInteger();

        Workers(Deque<RepoFile> queue) {
            this.queue = queue;
        }

        void start(int usual) {
            for (int i = 0; i < usual; i++) {
                start(this::work);
            }
            if (run.request().workersMayGrow()) {
                startFurther();
            }
        }

        private void start(Callable<List<FetchResult.Item>> work) {
            count.incrementAndGet();
            started.add(threads.submit(work));
        }

        /** How many there were so far; a further one is counted before the one that started it ends. */
        int started() {
            return count.get();
        }

        /** What one of them has done, once it has ended. */
        List<FetchResult.Item> next() throws InterruptedException, ExecutionException {
            return threads.take().get();
        }

        /** Partial files are journalled when their owners close them; give them the time. */
        void stop() throws InterruptedException {
            started.forEach(worker -> worker.cancel(true));
            run.cancellation().cancel();
            boolean interrupted = Thread.interrupted();
            run.pool().awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void startFurther() {
            int others = count.get();
            if (others < Limits.MOST_FILES && smallIsLeft()) {
                start(() -> workFurther(others));
            }
        }

        private boolean smallIsLeft() {
            RepoFile smallest = queue.peekLast();
            return smallest != null && smallest.size() < Limits.SMALL_FILE;
        }

        private List<FetchResult.Item> work() throws IOException, InterruptedException {
            List<FetchResult.Item> items = new ArrayList<>();
            for (RepoFile file = queue.pollFirst(); file != null; file = queue.pollFirst()) {
                items.add(done(file));
            }
            lanes.wake();
            return items;
        }

        /** @param others at work before this one */
        private List<FetchResult.Item> workFurther(int others) throws IOException, InterruptedException {
            List<FetchResult.Item> items = new ArrayList<>();
            boolean first = true;
            while (lanes.awaitRoom(others, this::smallIsLeft)) {
                if (first) {
                    startFurther();
                    first = false;
                }
                RepoFile file = queue.pollLast();
                if (file != null) {
                    items.add(done(file));
                }
            }
            return items;
        }

        private FetchResult.Item done(RepoFile file) throws IOException, InterruptedException {
            run.cancellation().check();
            FetchResult.Item item = one(file);
            run.events().emit(at -> new FetchEvent.FileDone(at, item));
            return item;
        }
    }

    private FetchResult.Item one(RepoFile file) throws IOException, InterruptedException {
        while (true) {
            Optional<StoredFile> stored = run.request().force() ? Optional.empty() : find(file);
            if (stored.isPresent()) {
                reused.addAndGet(file.size());
                return item(file, stored.get(), true);
            }
            Optional<Partial> partial = store.partial(file);
            if (partial.isPresent()) {
                try (Partial open = partial.get()) {
                    return item(file, fetch(file, open), false);
                }
            }
            // Another job or process is writing it; look again rather than fetch it twice.
            Thread.sleep(Limits.BUSY_POLL.toMillis());
        }
    }

    private Optional<StoredFile> find(RepoFile file) throws IOException {
        // If the store has it, it satisfies the row; so whoever names one of the row's digests vouches for it.
        Verification listed = file.sha256() == null
                ? file.gitBlob() == null ? Verification.SIZE : Verification.SELF
                : binding.voucher(file, new Content(file.sha256(), file.gitBlob()), pinned());
        return store.find(file, listed).map(stored -> strongest(file, stored));
    }

    /** Today's listings may vouch for more than those of the day it was stored. */
    private StoredFile strongest(RepoFile file, StoredFile stored) {
        Verification now = binding.voucher(file, new Content(stored.sha256(), file.gitBlob()), pinned());
        return now.compareTo(stored.verified()) < 0
                ? new StoredFile(stored.path(), stored.sha256(), stored.from(), now)
                : stored;
    }

    private StoredFile fetch(RepoFile file, Partial partial) throws IOException, InterruptedException {
        if (run.request().force()) {
            partial.dropAll();
        }
        long present = partial.ranges().total();
        if (due.addAndGet(file.size() - present) >= Limits.WORTH_SEVERAL_SOURCES
                && !run.request().singleSource()) {
            binding.wakeReserves();
        }
        Failover supply = new Failover(file, lanes, binding::offers, late());
        run.events()
                .emit(at -> new FetchEvent.FileStarted(
                        at,
                        file.path(),
                        file.size(),
                        present,
                        binding.offers(file).stream().map(Offer::id).findFirst().orElse("?")));
        Fill transfer = new Fill(run, file, store.pathOf(file), partial, supply, throttle);
        Content content;
        try {
            content = transfer.fill();
        } finally {
            fetched.addAndGet(transfer.received());
        }
        reused.addAndGet(Math.min(present, Math.max(0, file.size() - transfer.received())));
        List<String> contributors = List.copyOf(partial.ranges().contributors());
        return store.publish(
                partial,
                file,
                content,
                contributors.isEmpty() ? List.of(binding.source().id()) : contributors,
                binding.voucher(file, content, pinned()));
    }

    private Failover.Late late() {
        return new Failover.Late() {
            @Override
            public void await() throws InterruptedException {
                binding.awaitLate();
            }

            @Override
            public void wake() {
                binding.wakeReserves();
            }

            @Override
            public boolean arePending() {
                return binding.isAnybodyPending();
            }
        };
    }

    private boolean pinned() {
        return run.request().locked().isPresent();
    }

    private FetchResult.Item item(RepoFile file, StoredFile stored, boolean wasThere) {
        return new FetchResult.Item(
                file.path(),
                file.size(),
                stored.sha256().hex(),
                stored.from(),
                pinned() ? Verification.PINNED : stored.verified(),
                wasThere);
    }

    private RuntimeException causeOf(ExecutionException e) throws IOException, InterruptedException {
        Throwable cause = e.getCause();
        if (cause instanceof FetchException known) {
            return known;
        }
        if (cause instanceof InterruptedException stopped) {
            throw stopped;
        }
        if (cause instanceof IOException io) {
            return StorageErrors.of(io, store.root());
        }
        if (cause instanceof RuntimeException bug) {
            return bug;
        }
        throw new IllegalStateException("a file worker broke", cause);
    }
}
