package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Identity;
import dev.modelfetch.Listing;
import dev.modelfetch.Manifest;
import dev.modelfetch.Message;
import dev.modelfetch.Plan;
import dev.modelfetch.Probe;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.internal.choice.Admittance;
import dev.modelfetch.internal.choice.Choice;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.internal.store.RepoStore;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.transfer.Throttle;
import dev.modelfetch.internal.transfer.Transfer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

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
    private final Optional<RepoStore> spare;
    private final Report report;
    private final Events events;
    private final Cancellation cancellation;
    private final Patience patience;
    private final Threads threads;
    private final Throttle throttle;

    /**
     * @param spare from which the store may be filled without asking anybody
     * @param choices begins to choose for a request
     */
    Job(
            FetchRequest request,
            RepoStore repository,
            Optional<RepoStore> spare,
            Function<FetchRequest, Choice> choices,
            Events events,
            Cancellation cancellation,
            Patience patience,
            Threads threads,
            Throttle throttle) {
        this.request = request;
        this.repository = repository;
        this.choices = choices;
        this.planner = new Planner(request);
        this.report = new Report(request);
        this.stored = new OfflineAnswers(request, repository);
        this.spare = spare;
        this.events = events;
        this.cancellation = cancellation;
        this.patience = patience;
        this.threads = threads;
        this.throttle = throttle;
    }

    Snapshot fetch() throws IOException, InterruptedException {
        if (request.offline()) {
            return fromStore();
        }
        if (stored.isPinned() && !request.force()) {
            try {
                return fromStore();
            } catch (FetchException.NotStored somethingMissing) {
                // Then a source has to be asked after all.
            }
        }
        Choice choice = choices.apply(request);
        try {
            return delivered(choice);
        } finally {
            choice.rememberSilent();
        }
    }

    private Snapshot delivered(Choice choice) throws IOException, InterruptedException {
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

    private Snapshot fromStore() throws IOException, InterruptedException {
        boolean anything = Files.isDirectory(repository.folder());
        Closeable inside = anything ? entered() : () -> {};
        try (inside) {
            return told(stored.complete());
        } catch (FetchException.NotStored e) {
            return fromSpare().orElseThrow(() -> e);
        }
    }

    /** Empty if it does not have all of it. */
    private Optional<Snapshot> fromSpare() throws IOException {
        if (spare.isEmpty()) {
            return Optional.empty();
        }
        Optional<Closeable> inside = spare.get().enter();
        Closeable open = inside.orElse(() -> {});
        try (open) {
            OfflineAnswers answers = new OfflineAnswers(request, spare.get());
            Optional<OfflineAnswers.Known> known = answers.listed().filter(OfflineAnswers.Known::seemsStored);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            known.get().store().prepare(known.get().manifest());
            OfflineAnswers.Complete complete = answers.complete();
            known.get().store().finish(known.get().manifest(), report.revisionToPoint());
            return Optional.of(told(complete));
        } catch (FetchException.NotStored somethingIsWrong) {
            return Optional.empty();
        }
    }

    /** Keeps the repository from being evicted until it is closed; an eviction that is at work is waited for. */
    private Closeable entered() throws IOException, InterruptedException {
        long since = System.nanoTime();
        boolean told = false;
        Optional<Closeable> inside = repository.enter();
        while (inside.isEmpty()) {
            long waitedNanos = System.nanoTime() - since;
            if (!told && waitedNanos >= Limits.TELL_WAITING.toNanos()) {
                told = true;
                Map<String, String> causes = Map.of("cache", "an eviction is clearing " + repository.folder());
                events.emit(at -> new FetchEvent.Waiting(at, at.minusNanos(waitedNanos), null, null, causes));
            }
            Thread.sleep(Limits.LOCK_POLL.toMillis());
            cancellation.check();
            inside = repository.enter();
        }
        return inside.get();
    }

    /** What the store has is told like what a source delivers, but only once it is known to be all. */
    private Snapshot told(OfflineAnswers.Complete complete) {
        OfflineAnswers.Known known = complete.known();
        Identity identity = stored.identity(known.manifest());
        events.emit(at -> new FetchEvent.Resolved(
                at,
                OfflineAnswers.asOurs(known.manifest()),
                identity,
                "all of it is stored",
                known.files(),
                List.of()));
        complete.items().forEach(item -> events.emit(at -> new FetchEvent.FileDone(at, item)));
        return report.stored(complete, identity);
    }

    /** If nobody has it, the error says what may have been meant. */
    private static Chosen asked(Choice choice) throws InterruptedException {
        try {
            return choice.next();
        } catch (FetchException.NotFound e) {
            List<Hint> hints = choice.instead();
            throw hints.isEmpty() ? e : hinted(e, Stream.concat(hints.stream(), e.hints().stream()));
        }
    }

    private static FetchException hinted(FetchException e, Stream<Hint> hints) {
        Hint[] all = hints.toArray(Hint[]::new);
        FetchException hinted = e instanceof FetchException.NotFound
                ? new FetchException.NotFound(e.message(), all)
                : new FetchException.Unreachable(e.message(), all);
        hinted.addSuppressed(e);
        e.origin().ifPresent(hinted::withOrigin);
        return hinted.withProbes(e.probes());
    }

    /** If nobody has it, or can be reached, but everything is stored, the error says how to use that. */
    private Chosen next(Choice choice) throws IOException, InterruptedException {
        try {
            return asked(choice);
        } catch (FetchException.Unreachable | FetchException.NotFound e) {
            try {
                stored.result(report);
            } catch (FetchException notStoredEither) {
                throw e;
            }
            throw hinted(
                    e,
                    Stream.concat(
                            Stream.of(Hint.of(
                                    "use-stored", "What was fetched earlier is complete; an offline request uses it.")),
                            e.hints().stream()));
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
        events.emit(at ->
                new FetchEvent.Resolved(at, manifest, chosen.identity(), chosen.reason(), files, choice.probes()));
        List<RepoFile> coming = repository.takesOnly()
                ? files.stream().filter(repository::gives).toList()
                : files;
        planner.check(coming, store);
        Closeable inside = entered();
        try (inside) {
            store.prepare(manifest);
            Transfer.Outcome outcome;
            try (Run run = Run.within(cancellation, events, patience, threads, System::nanoTime)) {
                Transfer transfer = new Transfer(run, request, chosen, store, throttle);
                outcome = repository.takesOnly() ? transfer.find(coming) : transfer.run(coming);
            }
            if (repository.takesOnly() && outcome.files().isEmpty() && !files.isEmpty()) {
                throw nothingTaken();
            }
            if (outcome.files().size() == files.size() || !isPointed()) {
                store.finish(manifest, report.revisionToPoint());
            } else {
                // A part of a newer commit must not take the place of a whole older one.
                store.used();
            }
            return Optional.of(report.delivered(chosen, store, files, outcome, choice.probes()));
        }
    }

    private boolean isPointed() {
        return repository
                .ref(Objects.requireNonNullElse(report.revisionToPoint(), "main"))
                .isPresent();
    }

    private FetchException.NotFound nothingTaken() {
        return new FetchException.NotFound(
                Message.of("nothing-taken", "Nothing that lies there is a file of {0}.", request.repo()),
                Hint.of(
                        "compare-folder",
                        "Compare it with what the hubs have, or name the repository it is of.",
                        request.repo().toString()));
    }

    Listing list() throws InterruptedException {
        Optional<OfflineAnswers.Known> known = stored.listed();
        if (known.isPresent()) {
            return listing(known.get());
        }
        Choice choice = choices.apply(request);
        Chosen chosen = asked(choice);
        return listing(chosen, planner.selected(chosen.manifest()), choice);
    }

    Plan plan() throws InterruptedException {
        Optional<OfflineAnswers.Known> known = stored.listed();
        if (known.isPresent()) {
            return plan(listing(known.get()), known.get().store());
        }
        Choice choice = choices.apply(request);
        while (true) {
            Chosen chosen = asked(choice);
            Listing listing = listing(chosen, planner.selected(chosen.manifest()), choice);
            Plan plan = plan(listing, repository.at(chosen.manifest().commit()));
            List<Probe> refusals = refusals(plan, chosen);
            if (refusals.isEmpty()) {
                return plan;
            }
            choice.reject(chosen, FetchException.ofNoSource(request.repo().toString(), refusals));
        }
    }

    /** Why nobody would send what is listed, if that is so. */
    private static List<Probe> refusals(Plan plan, Chosen chosen) throws InterruptedException {
        Optional<RepoFile> smallest = plan.items().stream()
                .filter(item -> !item.stored() && item.file().size() > 0)
                .map(Plan.Item::file)
                .min(Comparator.comparing(RepoFile::size));
        return smallest.isEmpty() ? List.of() : Admittance.refusals(chosen.offers(smallest.get()));
    }

    private Plan plan(Listing listing, SnapshotStore store) {
        store.check(listing.rows().stream().map(Listing.Row::file).toList());
        return new Plan(listing, store.root(), planner.items(listing.rows(), store), store.usableBytes());
    }

    private static Listing listing(Chosen chosen, List<RepoFile> files, Choice choice) {
        List<Listing.Row> rows = files.stream()
                .map(file -> new Listing.Row(
                        file,
                        chosen.offers(file).stream().map(Offer::id).distinct().toList()))
                .toList();
        return new Listing(chosen.manifest(), chosen.identity(), chosen.reason(), rows, choice.probes());
    }

    private Listing listing(OfflineAnswers.Known known) {
        List<Listing.Row> rows = known.files().stream()
                .map(file -> new Listing.Row(file, known.sourcesOf(file)))
                .toList();
        return new Listing(
                OfflineAnswers.asOurs(known.manifest()),
                stored.identity(known.manifest()),
                "it is stored",
                rows,
                List.of());
    }

    /** Hashes what is stored again; where no whole manifest is stored, against a fresh one if it can be had. */
    StoredCheck verify() throws IOException, InterruptedException {
        if (stored.isUnknown() && !request.offline() && Files.isDirectory(repository.folder())) {
            return stored.check(Optional.of(asked(choices.apply(request)).manifest()));
        }
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
