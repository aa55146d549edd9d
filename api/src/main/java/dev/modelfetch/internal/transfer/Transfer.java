package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.FetchResult;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.SnapshotStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs a plan: several files at once, the large ones first so that no single one is left for the end. */
public final class Transfer {

    /**
     * What came of it.
     *
     * @param fetched bytes of these files that came over the network
     * @param reused bytes of these files that were there before
     */
    public record Outcome(List<FetchResult.Item> files, long fetched, long reused) {}

    private final Run run;
    private final FetchRequest request;
    private final ConnectionBudget budget;
    private final FileTransfer files;

    public Transfer(Run run, FetchRequest request, Chosen chosen, SnapshotStore store) {
        this.run = run;
        this.request = request;
        int base = Math.max(request.maxWorkers(), request.connectionsPerFile());
        this.budget = new ConnectionBudget(base, !request.singleSource(), run.nanos());
        this.files = new FileTransfer(run, request, chosen, store, budget);
    }

    /**
     * @param plan in the order the result shall have
     * @throws FetchException the first failure; files finished until then stay published
     */
    public Outcome run(List<RepoFile> plan) throws IOException, InterruptedException {
        FileWorkers<FileTransfer.Stored> workers = new FileWorkers<>(run, budget, plan, this::bring);
        int usual = Math.min(request.maxWorkers(), plan.size());
        Map<String, FetchResult.Item> byPath = new HashMap<>();
        long fetched = 0;
        for (FileTransfer.Stored stored : workers.work(usual, request.workersMayGrow())) {
            byPath.put(stored.item().path(), stored.item());
            fetched += stored.fetched();
        }
        List<FetchResult.Item> items = plan.stream()
                .map(file -> Objects.requireNonNull(byPath.get(file.path())))
                .toList();
        return new Outcome(
                items, fetched, items.stream().mapToLong(FetchResult.Item::size).sum() - fetched);
    }

    private FileTransfer.Stored bring(RepoFile file) throws InterruptedException {
        FileTransfer.Stored stored = files.bring(file);
        run.events().emit(at -> new FetchEvent.FileDone(at, stored.item()));
        return stored;
    }
}
