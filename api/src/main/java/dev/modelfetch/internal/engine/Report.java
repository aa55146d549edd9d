package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchRequest;
import dev.modelfetch.Identity;
import dev.modelfetch.LockFile;
import dev.modelfetch.Manifest;
import dev.modelfetch.Probe;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.transfer.Transfer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the result of a job together, whoever answered. Its time runs from when it is made. */
final class Report {

    private static final String MAIN = "main";
    /** What hubs call the branch that is meant when none is named. */
    private static final Set<String> DEFAULT_BRANCHES = Set.of(MAIN, "master");

    private final FetchRequest request;
    private final long startedNanos = System.nanoTime();

    Report(FetchRequest request) {
        this.request = request;
    }

    /** The revision that is to point at what was stored; null for the default branch. */
    @Nullable
    String revisionToPoint() {
        boolean ofDefault = request.revision().isEmpty()
                && DEFAULT_BRANCHES.contains(revision().orElse(MAIN));
        return ofDefault ? null : revision().orElse(null);
    }

    Snapshot delivered(
            Chosen chosen, SnapshotStore store, List<RepoFile> files, Transfer.Outcome outcome, List<Probe> probes) {
        return result(
                chosen.manifest(),
                chosen.source().id(),
                chosen.identity(),
                store.root(),
                path(chosen.manifest(), store, files),
                outcome,
                probes);
    }

    /** @param identity whether that is the repository asked for */
    Snapshot stored(OfflineAnswers.Complete complete, Identity identity) {
        OfflineAnswers.Known known = complete.known();
        return result(
                known.manifest(),
                OfflineAnswers.CACHE,
                identity,
                known.store().root(),
                path(known.manifest(), known.store(), known.files()),
                new Transfer.Outcome(complete.items(), 0, known.bytes()),
                List.of());
    }

    private Snapshot result(
            Manifest manifest,
            String source,
            Identity identity,
            Path root,
            Path path,
            Transfer.Outcome outcome,
            List<Probe> probes) {
        return new Snapshot(
                request.repo(),
                revision().orElse(manifest.revision()),
                manifest.commit(),
                manifest.family(),
                root,
                path,
                source,
                identity,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                outcome.fetched(),
                outcome.reused(),
                outcome.files(),
                probes);
    }

    private Path path(Manifest manifest, SnapshotStore store, List<RepoFile> files) {
        return request.selection().isSingleFile(manifest) && files.size() == 1
                ? store.pathOf(files.get(0))
                : store.root();
    }

    /** The branch or tag meant; a lock file remembers the one it was made for. */
    private Optional<String> revision() {
        return request.revision().or(() -> request.locked().map(LockFile::revision));
    }
}
