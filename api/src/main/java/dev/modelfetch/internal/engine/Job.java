package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.FetchResult;
import dev.modelfetch.Listing;
import dev.modelfetch.LockFile;
import dev.modelfetch.Plan;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.choice.Binder;
import dev.modelfetch.internal.choice.Candidate;
import dev.modelfetch.internal.choice.Candidates;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.choice.Failures;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.Resolver;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.RepoStore;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.transfer.Transfer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The story of one fetch: known already? probe, resolve, plan, transfer, verify, publish, report. Each step takes what
 * the one before returned.
 */
final class Job {

    private static final String MAIN = "main";
    /** What hubs call the branch that is meant when none is named. */
    private static final Set<String> DEFAULT_BRANCHES = Set.of(MAIN, "master");

    private final FetchRequest request;
    private final RepoStore place;
    private final Resolver resolver;
    private final Binder binder;
    private final Planner planner;
    private final OfflineAnswers shelf;
    private final Events events;
    private final Cancellation cancellation;
    private final long startedNanos = System.nanoTime();

    Job(
            FetchRequest request,
            RepoStore place,
            Resolver resolver,
            Binder binder,
            Events events,
            Cancellation cancellation) {
        this.request = request;
        this.place = place;
        this.resolver = resolver;
        this.binder = binder;
        this.planner = new Planner(request);
        this.shelf = new OfflineAnswers(request, place);
        this.events = events;
        this.cancellation = cancellation;
    }

    FetchResult fetch() throws IOException, InterruptedException {
        if (request.offline()) {
            return shelf.result(startedNanos);
        }
        if (shelf.isPinned() && !request.force()) {
            try {
                return shelf.result(startedNanos);
            } catch (FetchException.NotStored somethingMissing) {
                // Then a source has to be asked after all.
            }
        }
        Candidates field = ask();
        Set<Source> excluded = new HashSet<>();
        Failures setback = new Failures();
        while (true) {
            Chosen binding = setback.orRethrow(() -> binder.bind(field, excluded));
            try {
                return deliver(binding, field);
            } catch (FetchException e) {
                cancellation.check();
                setback.add(e);
                field.excludeVersion(binding.manifest(), excluded);
                // Whoever was asked for this content in vain would be asked for the same under another catalogue's
                // name.
                e.probes()
                        .forEach(said -> field.entrants().stream()
                                .map(Candidate::hub)
                                .filter(hub -> hub.id().equals(said.source()))
                                .forEach(excluded::add));
                if (!Failures.mayEndElsewhere(e) || !resolver.findOthers(field, excluded)) {
                    throw setback.worst(field.probes());
                }
            }
        }
    }

    /** The race; if nobody can be reached but everything is stored, the error says how to use that. */
    private Candidates ask() throws IOException, InterruptedException {
        try {
            return resolver.resolve();
        } catch (FetchException.Unreachable e) {
            try {
                shelf.result(startedNanos);
            } catch (FetchException notStoredEither) {
                throw e;
            }
            throw new FetchException.Unreachable(
                            String.valueOf(e.getMessage()),
                            "What was fetched earlier is complete; --offline uses it. " + e.hint())
                    .withProbes(e.probes());
        }
    }

    /** The branch or tag meant; a lock file remembers the one it was made for. */
    private Optional<String> revision() {
        return request.revision().or(() -> request.locked().map(LockFile::revision));
    }

    private FetchResult deliver(Chosen binding, Candidates field) throws IOException, InterruptedException {
        List<RepoFile> files = planner.selected(binding.manifest());
        SnapshotStore store = place.at(binding.manifest().commit());
        long bytes = files.stream().mapToLong(RepoFile::size).sum();
        events.emit(at -> new FetchEvent.Resolved(
                at, binding.manifest(), binding.identity(), binding.reason(), files.size(), bytes, field.probes()));
        planner.check(files, store);
        store.prepare(binding.manifest());
        Transfer.Outcome outcome;
        try (Run run = Run.within(cancellation, events)) {
            outcome = new Transfer(run, request, binding, store).run(files);
        }
        boolean ofDefault = request.revision().isEmpty()
                && DEFAULT_BRANCHES.contains(revision().orElse(MAIN));
        store.finish(binding.manifest(), ofDefault ? null : revision().orElse(null));
        Path path = request.selection().singleFile().isPresent() && files.size() == 1
                ? store.pathOf(files.get(0))
                : store.root();
        return new FetchResult(
                request.repo(),
                revision().orElse(binding.manifest().revision()),
                binding.manifest().commit(),
                binding.manifest().family(),
                path,
                binding.primary().id(),
                binding.identity(),
                Duration.ofNanos(System.nanoTime() - startedNanos),
                outcome.fetched(),
                outcome.reused(),
                outcome.files(),
                field.probes());
    }

    Listing list() throws InterruptedException {
        Candidates field = resolver.resolve();
        Chosen binding = binder.bind(field, Set.of());
        return listing(binding, planner.selected(binding.manifest()), field);
    }

    Plan plan() throws IOException, InterruptedException {
        Candidates field = resolver.resolve();
        Chosen binding = binder.bind(field, Set.of());
        List<RepoFile> files = planner.selected(binding.manifest());
        SnapshotStore store = place.at(binding.manifest().commit());
        store.check(files);
        return new Plan(
                listing(binding, files, field),
                store.root(),
                planner.items(files, binding, store),
                store.usableBytes());
    }

    private static Listing listing(Chosen binding, List<RepoFile> files, Candidates field) {
        List<Listing.Row> rows = files.stream()
                .map(file -> new Listing.Row(
                        file, binding.offers(file).stream().map(Offer::id).toList()))
                .toList();
        return new Listing(binding.manifest(), binding.identity(), rows, field.probes());
    }
}
