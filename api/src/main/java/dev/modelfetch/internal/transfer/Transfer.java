package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.SnapshotStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs a plan: several files at once, the large ones first so that no single one is left for the end. */
public final class Transfer {

    /**
     * What came of it.
     *
     * @param fetched bytes of these files that came over the network
     * @param reused bytes of these files that were there before
     */
    public record Outcome(List<Snapshot.Item> files, long fetched, long reused) {}

    /** Less is not worth a word. */
    private static final long WORTH_KEEPING = 50_000;

    private final Run run;
    private final FetchRequest request;
    private final Chosen chosen;
    private final SnapshotStore store;
    private final Throttle throttle;
    private final ConnectionBudget budget;
    private final Function<RepoFile, LiveFile> readers;

    /** @param throttle of the job, within that of all jobs together */
    public Transfer(Run run, FetchRequest request, Chosen chosen, SnapshotStore store, Throttle throttle) {
        this(run, request, chosen, store, throttle, LiveFile::new);
    }

    /** @param readers of each file, while it is filled */
    public Transfer(
            Run run,
            FetchRequest request,
            Chosen chosen,
            SnapshotStore store,
            Throttle throttle,
            Function<RepoFile, LiveFile> readers) {
        this.readers = readers;
        this.run = run;
        this.request = request;
        this.chosen = chosen;
        this.store = store;
        this.throttle = throttle;
        int base = Math.max(request.maxWorkers(), request.connectionsPerFile());
        this.budget = new ConnectionBudget(base, !request.singleSource(), run.nanos());
    }

    /**
     * @param plan in the order the result shall have
     * @throws FetchException the first failure; files finished until then stay published
     */
    public Outcome run(List<RepoFile> plan) throws IOException, InterruptedException {
        Tally tally = new Tally(plan.stream().mapToLong(RepoFile::size).sum());
        Watchdog watchdog = new Watchdog(run, budget, tally, help());
        Future<?> watch = run.pool().submit(watchdog::watch);
        try {
            return run(plan, new FileTransfer(run, request, chosen, store, budget, throttle, tally, watchdog, readers));
        } catch (FetchException.Unreachable e) {
            throw tally.done() >= WORTH_KEEPING ? kept(e, tally.done()) : e;
        } finally {
            watch.cancel(true);
            // A rate that was held down, or shared with other jobs' limit, is not the source's.
            if (!throttle.isSet()) {
                budget.remember();
            }
        }
    }

    private Outcome run(List<RepoFile> plan, FileTransfer files) throws IOException, InterruptedException {
        FileWorkers<Brought> workers = new FileWorkers<>(
                run, budget, plan, file -> request.keepGoing() ? tried(files, file) : new Brought(bring(files, file)));
        int usual = Math.min(request.maxWorkers(), plan.size());
        Map<String, Snapshot.Item> byPath = new HashMap<>();
        List<FetchException> failures = new ArrayList<>();
        long fetched = 0;
        for (Brought brought : workers.work(usual, request.workersMayGrow())) {
            FileTransfer.Stored stored = brought.stored();
            if (stored == null) {
                failures.add(Objects.requireNonNull(brought.failure()));
            } else {
                byPath.put(stored.item().path(), stored.item());
                fetched += stored.fetched();
            }
        }
        if (!failures.isEmpty()) {
            FetchException first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
        List<Snapshot.Item> items = plan.stream()
                .map(file -> Objects.requireNonNull(byPath.get(file.path())))
                .toList();
        return new Outcome(
                items, fetched, items.stream().mapToLong(Snapshot.Item::size).sum() - fetched);
    }

    /** What came of one file: it is there, or, where the job goes on without it, why not. */
    private record Brought(
            FileTransfer.@Nullable Stored stored, @Nullable FetchException failure) {

        Brought(FileTransfer.Stored stored) {
            this(stored, null);
        }
    }

    private Brought tried(FileTransfer files, RepoFile file) throws InterruptedException {
        try {
            return new Brought(bring(files, file));
        } catch (FetchException.Unreachable
                | FetchException.NotFound
                | FetchException.AccessDenied
                | FetchException.Corrupt e) {
            return new Brought(null, e);
        }
    }

    /** The same with the patience that it took, where that is what has ended. */
    private Message givenUp(Message why) {
        boolean over = run.patience().isPatient() && run.patience().left().isZero();
        return over
                ? why.then(Message.of(
                        "given-up",
                        "Given up after {0} s without a byte.",
                        request.patience().toSeconds()))
                : why;
    }

    private FetchException kept(FetchException.Unreachable e, long bytes) {
        FetchException kept = new FetchException.Unreachable(
                givenUp(e.message())
                        .then(Message.of(
                                "kept",
                                "{0} MB are kept, and the next fetch goes on from there.",
                                String.format(Locale.ROOT, "%.1f", bytes / 1e6))),
                e.hints().toArray(new Hint[0]));
        kept.addSuppressed(e);
        return kept.withProbes(e.probes());
    }

    private Watchdog.Help help() {
        return new Watchdog.Help() {
            @Override
            public void wake() {
                if (!request.singleSource()) {
                    chosen.wakeHelpers();
                }
            }

            @Override
            public void askAgain() {
                chosen.askAgain();
            }
        };
    }

    private FileTransfer.Stored bring(FileTransfer files, RepoFile file) throws InterruptedException {
        FileTransfer.Stored stored = files.bring(file);
        run.events().emit(at -> new FetchEvent.FileDone(at, stored.item()));
        return stored;
    }
}
