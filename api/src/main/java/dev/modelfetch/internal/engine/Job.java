package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Listing;
import dev.modelfetch.Manifest;
import dev.modelfetch.Plan;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.internal.choice.Choice;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.RepoStore;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.transfer.Throttle;
import dev.modelfetch.internal.transfer.Transfer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The story of one fetch: known already? choose, plan, transfer, verify, publish, report. Each step takes what the one
 * before returned; when a choice cannot be delivered, the story goes on with the next.
 */
final class Job {

    private final FetchRequest request;
    private final RepoStore repository;
    private final Function<FetchRequest, Choice> choices;
    private final Planner planner;
    private final OfflineAnswers stored;
    private final Report report;
    private final Events events;
    private final Cancellation cancellation;
    private final Patience patience;
    private final Throttle throttle;

    /** @param choices begins to choose for a request */
    Job(
            FetchRequest request,
            RepoStore repository,
            Function<FetchRequest, Choice> choices,
            Events events,
            Cancellation cancellation,
            Patience patience,
            Throttle throttle) {
        this.request = request;
        this.repository = repository;
        this.choices = choices;
        this.planner = new Planner(request);
        this.report = new Report(request);
        this.stored = new OfflineAnswers(request, repository);
        this.events = events;
        this.cancellation = cancellation;
        this.patience = patience;
        this.throttle = throttle;
    }

    Snapshot fetch() throws IOException, InterruptedException {
        if (request.offline()) {
            return stored.result(report);
        }
        if (stored.isPinned() && !request.force()) {
            try {
                return stored.result(report);
            } catch (FetchException.NotStored somethingMissing) {
                // Then a source has to be asked after all.
            }
        }
        Choice choice = choices.apply(request);
        while (true) {
            Chosen chosen = next(choice);
            try {
                Optional<Snapshot> delivered = deliver(chosen, choice);
                if (delivered.isPresent()) {
                    return delivered.get();
                }
            } catch (FetchException e) {
                cancellation.check();
                choice.reject(chosen, e);
            }
        }
    }

    /** If nobody has it, or can be reached, but everything is stored, the error says how to use that. */
    private Chosen next(Choice choice) throws IOException, InterruptedException {
        try {
            return choice.next();
        } catch (FetchException.Unreachable | FetchException.NotFound e) {
            try {
                stored.result(report);
            } catch (FetchException notStoredEither) {
                throw e;
            }
            String message = String.valueOf(e.getMessage());
            String hint = "What was fetched earlier is complete; --offline uses it. " + e.hint();
            FetchException withAdvice = e instanceof FetchException.NotFound
                    ? new FetchException.NotFound(message, hint)
                    : new FetchException.Unreachable(message, hint);
            withAdvice.addSuppressed(e);
            throw withAdvice.withProbes(e.probes());
        }
    }

    /** Empty if it lists what must not be stored: then others may list better. */
    private Optional<Snapshot> deliver(Chosen chosen, Choice choice) throws IOException, InterruptedException {
        Manifest manifest = chosen.manifest();
        List<RepoFile> files = planner.selected(manifest);
        SnapshotStore store = repository.at(manifest.commit());
        try {
            store.check(files);
        } catch (FetchException.Storage unsafe) {
            choice.refuse(chosen, unsafe);
            return Optional.empty();
        }
        long bytes = files.stream().mapToLong(RepoFile::size).sum();
        events.emit(at -> new FetchEvent.Resolved(
                at, manifest, chosen.identity(), chosen.reason(), files.size(), bytes, choice.probes()));
        planner.check(files, store);
        store.prepare(manifest);
        Transfer.Outcome outcome;
        try (Run run = Run.within(cancellation, events, patience)) {
            outcome = new Transfer(run, request, chosen, store, throttle).run(files);
        }
        store.finish(manifest, report.revisionToPoint());
        return Optional.of(report.delivered(chosen, store, files, outcome, choice.probes()));
    }

    Listing list() throws InterruptedException {
        Choice choice = choices.apply(request);
        Chosen chosen = choice.next();
        return listing(chosen, planner.selected(chosen.manifest()), choice);
    }

    Plan plan() throws IOException, InterruptedException {
        Choice choice = choices.apply(request);
        Chosen chosen = choice.next();
        List<RepoFile> files = planner.selected(chosen.manifest());
        SnapshotStore store = repository.at(chosen.manifest().commit());
        store.check(files);
        return new Plan(
                listing(chosen, files, choice), store.root(), planner.items(files, chosen, store), store.usableBytes());
    }

    private static Listing listing(Chosen chosen, List<RepoFile> files, Choice choice) {
        List<Listing.Row> rows = files.stream()
                .map(file -> new Listing.Row(
                        file, chosen.offers(file).stream().map(Offer::id).toList()))
                .toList();
        return new Listing(chosen.manifest(), chosen.identity(), rows, choice.probes());
    }

    /** Hashes what is stored again; where no whole manifest is stored, against a fresh one if it can be had. */
    StoredCheck verify() throws IOException, InterruptedException {
        Optional<String> lacking = stored.commitWithoutManifest();
        Optional<Manifest> fresh =
                lacking.isPresent() && !request.offline() ? freshManifest(lacking.get()) : Optional.empty();
        return stored.check(fresh);
    }

    private Optional<Manifest> freshManifest(String commit) throws InterruptedException {
        try {
            Choice choice = choices.apply(request.toBuilder().revision(commit).build());
            return Optional.of(choice.next().manifest())
                    .filter(manifest -> manifest.commit().equals(commit));
        } catch (FetchException nobodyHasIt) {
            cancellation.check();
            return Optional.empty();
        }
    }
}
