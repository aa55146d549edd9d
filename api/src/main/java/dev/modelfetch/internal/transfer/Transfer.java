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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
        this(
                run,
                request,
                chosen,
                store,
                throttle,
                new Connections(
                        Math.max(request.maxWorkers(), request.connectionsPerFile()),
                        !request.singleSource(),
                        run.nanos()),
                LiveFile::new);
    }

    /**
     * @param connections that it may share with others
     * @param readers of each file, while it is filled
     */
    public Transfer(
            Run run,
            FetchRequest request,
            Chosen chosen,
            SnapshotStore store,
            Throttle throttle,
            Connections connections,
            Function<RepoFile, LiveFile> readers) {
        this.readers = readers;
        this.run = run;
        this.request = request;
        this.chosen = chosen;
        this.store = store;
        this.throttle = throttle;
        this.budget = connections.begin();
    }

    /**
     * @param plan in the order the result shall have
     * @throws FetchException the first failure; files finished until then stay published
     */
    public Outcome run(List<RepoFile> plan) throws IOException, InterruptedException {
        return watched(plan, files -> {
            List<Brought> brought =
                    worked(plan, file -> request.keepGoing() ? tried(files, file) : new Brought(bring(files, file)));
            List<FetchException> failures = brought.stream()
                    .map(Brought::failure)
                    .filter(Objects::nonNull)
                    .toList();
            if (!failures.isEmpty()) {
                FetchException first = failures.get(0);
                failures.stream().skip(1).forEach(first::addSuppressed);
                throw first;
            }
            return outcome(
                    plan,
                    brought.stream()
                            .map(Brought::stored)
                            .map(Objects::requireNonNull)
                            .toList());
        });
    }

    /**
     * As {@link #run}, of files that the store has or finds by itself; what it does not find is left out.
     *
     * @param plan in the order the result shall have
     */
    public Outcome find(List<RepoFile> plan) throws IOException, InterruptedException {
        return watched(
                plan,
                files -> outcome(
                        plan,
                        worked(plan, file -> told(files.bringStored(file))).stream()
                                .flatMap(Optional::stream)
                                .toList()));
    }

    /** What is done with the files of a plan while somebody watches. */
    private interface Work {
        Outcome on(FileTransfer files) throws IOException, InterruptedException;
    }

    private Outcome watched(List<RepoFile> plan, Work work) throws IOException, InterruptedException {
        Tally tally = new Tally(plan.stream().mapToLong(RepoFile::size).sum());
        Watchdog watchdog = new Watchdog(run, budget, tally, help());
        Future<?> watch = run.pool().submit(watchdog::watch);
        try {
            return work.on(new FileTransfer(run, request, chosen, store, budget, throttle, tally, watchdog, readers));
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

    private <T> List<T> worked(List<RepoFile> plan, FileWorkers.Task<T> task) throws IOException, InterruptedException {
        int usual = Math.min(request.maxWorkers(), plan.size());
        return new FileWorkers<>(run, budget, plan, task).work(usual, request.workersMayGrow());
    }

    private static Outcome outcome(List<RepoFile> plan, List<FileTransfer.Stored> stored) {
        Map<String, Snapshot.Item> byPath = new HashMap<>();
        stored.forEach(each -> byPath.put(each.item().path(), each.item()));
        List<Snapshot.Item> items = plan.stream()
                .map(file -> byPath.get(file.path()))
                .filter(Objects::nonNull)
                .toList();
        long fetched = stored.stream().mapToLong(FileTransfer.Stored::fetched).sum();
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
        return told(Optional.of(files.bring(file))).orElseThrow();
    }

    private Optional<FileTransfer.Stored> told(Optional<FileTransfer.Stored> stored) {
        stored.ifPresent(there -> run.events().emit(at -> new FetchEvent.FileDone(at, there.item())));
        return stored;
    }
}
