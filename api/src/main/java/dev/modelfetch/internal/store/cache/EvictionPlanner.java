package dev.modelfetch.internal.store.cache;

import dev.modelfetch.CachedRevision;
import dev.modelfetch.Evictable;
import dev.modelfetch.Eviction;
import dev.modelfetch.Leftover;
import dev.modelfetch.internal.store.cache.RepoFolder.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides what goes, from what a survey saw. */
final class EvictionPlanner {

    private final Survey survey;

    EvictionPlanner(Survey survey) {
        this.survey = survey;
    }

    /** Repositories and revisions, known by their paths. */
    Eviction removal(Collection<? extends Evictable> what) {
        Set<Path> chosen = what.stream().map(Evictable::path).collect(Collectors.toSet());
        List<Removal> removals = new ArrayList<>();
        for (RepoFolder folder : survey.folders()) {
            Set<String> commits = commits(folder, chosen);
            if (chosen.contains(folder.path())) {
                removals.add(Removal.of(folder));
            } else if (!commits.isEmpty()) {
                removals.add(Removal.of(folder, commits));
            }
        }
        return eviction(removals, Staleness.usual(survey.at()));
    }

    /** Revisions to which nothing points, and what was abandoned. */
    Eviction pruning(Duration olderThan) {
        Staleness staleness = new Staleness(survey.at(), olderThan);
        List<Removal> removals = survey.folders().stream()
                .map(folder -> isDeserted(folder, staleness)
                        ? Removal.of(folder)
                        : Removal.of(folder, unnamed(folder, staleness), abandoned(folder, staleness)))
                .toList();
        Ledger ledger = survey.ledger();
        List<Eviction.Share> shares = shares(removals, ledger);
        return new Eviction(
                survey.root(), shares, survey.shared().unusedWithout(Removal.blobPaths(removals), ledger, staleness));
    }

    /** What was abandoned, and as few revisions as are enough, the least recently used first. */
    Eviction shrinking(long limit) {
        long bytes = survey.bytes();
        if (bytes <= limit) {
            return eviction(List.of(), Staleness.usual(survey.at()));
        }
        List<Path> candidates = leastRecentlyUsedFirst();
        int few = 0;
        int enough = candidates.size();
        while (few < enough) {
            int middle = (few + enough) / 2;
            if (bytes - without(candidates.subList(0, middle)).bytes() <= limit) {
                enough = middle;
            } else {
                few = middle + 1;
            }
        }
        return without(candidates.subList(0, enough));
    }

    private Eviction without(List<Path> snapshots) {
        Staleness staleness = Staleness.usual(survey.at());
        Set<Path> chosen = Set.copyOf(snapshots);
        List<Removal> removals = survey.folders().stream()
                .map(folder -> Removal.of(folder, commits(folder, chosen), abandoned(folder, staleness)))
                .toList();
        return eviction(removals, staleness);
    }

    private List<Path> leastRecentlyUsedFirst() {
        return survey.folders().stream()
                .flatMap(folder -> folder.snapshots().stream())
                .map(Snapshot::revision)
                .sorted(Comparator.comparing(CachedRevision::lastAccessed)
                        .thenComparing(revision -> !revision.refs().isEmpty())
                        .thenComparing(CachedRevision::lastModified)
                        .thenComparing(CachedRevision::path))
                .map(CachedRevision::path)
                .toList();
    }

    private static Set<String> commits(RepoFolder folder, Set<Path> snapshots) {
        return folder.snapshots().stream()
                .map(Snapshot::revision)
                .filter(revision -> snapshots.contains(revision.path()))
                .map(CachedRevision::commit)
                .collect(Collectors.toSet());
    }

    /** Whether there is nothing in it, and nobody has just made it to put something there. */
    private static boolean isDeserted(RepoFolder folder, Staleness staleness) {
        return folder.snapshots().isEmpty()
                && folder.repo().leftovers().isEmpty()
                && staleness.isAbandoned(folder.repo().lastModified());
    }

    private static Set<String> unnamed(RepoFolder folder, Staleness staleness) {
        return folder.snapshots().stream()
                .map(Snapshot::revision)
                .filter(revision -> revision.refs().isEmpty() && !isBeingCompleted(folder, revision, staleness))
                .map(CachedRevision::commit)
                .collect(Collectors.toSet());
    }

    /** A job gives a name to what it stored at its end; a later one may still go on with it. */
    private static boolean isBeingCompleted(RepoFolder folder, CachedRevision revision, Staleness staleness) {
        boolean begun = folder.repo().leftovers().stream()
                .anyMatch(leftover -> leftover.kind() == Leftover.Kind.PARTIAL && !staleness.isAbandoned(leftover));
        return revision.missing().orElse(0) > 0 && (begun || !staleness.isGivenUp(revision.lastModified()));
    }

    private static List<Leftover> abandoned(RepoFolder folder, Staleness staleness) {
        return folder.repo().leftovers().stream().filter(staleness::isAbandoned).toList();
    }

    /** What those take with them included. */
    private Eviction eviction(List<Removal> removals, Staleness staleness) {
        Ledger ledger = survey.ledger();
        List<Eviction.Share> shares = shares(removals, ledger);
        return new Eviction(
                survey.root(), shares, survey.shared().freedBy(Removal.blobPaths(removals), ledger, staleness));
    }

    private static List<Eviction.Share> shares(List<Removal> removals, Ledger ledger) {
        return removals.stream()
                .filter(removal -> !removal.isEmpty())
                .map(removal -> removal.share(ledger))
                .toList();
    }
}
