package dev.modelfetch.internal.store.cache;

import dev.modelfetch.Eviction;
import dev.modelfetch.Eviction.Deletion;
import dev.modelfetch.Leftover;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.cache.RepoFolder.Blob;
import dev.modelfetch.internal.store.cache.RepoFolder.Snapshot;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What goes of the folder of one repository, and in which order: names before content, so that whenever it is broken off
 * nothing refers to what is gone, nor looks complete and is not.
 *
 * @param commits of the revisions that go
 * @param whole whether all of the folder goes
 * @param leftovers that go beside
 */
record Removal(RepoFolder folder, Set<String> commits, boolean whole, List<Leftover> leftovers) {

    /** Of a repository with everything in it. */
    static Removal of(RepoFolder folder) {
        return new Removal(folder, folder.commits(), true, folder.repo().leftovers());
    }

    /** Of some revisions; with the last of them goes everything. */
    static Removal of(RepoFolder folder, Set<String> commits) {
        return commits.containsAll(folder.commits()) ? of(folder) : new Removal(folder, commits, false, List.of());
    }

    /** Of some revisions and leftovers; if they are all there is, the folder goes with them. */
    static Removal of(RepoFolder folder, Set<String> commits, List<Leftover> leftovers) {
        boolean something = !commits.isEmpty() || !leftovers.isEmpty();
        boolean everything = commits.containsAll(folder.commits())
                && leftovers.containsAll(folder.repo().leftovers());
        return something && everything ? of(folder) : new Removal(folder, commits, false, leftovers);
    }

    boolean isEmpty() {
        return !whole && commits.isEmpty() && leftovers.isEmpty();
    }

    /** Branches and tags that would point to nothing. */
    List<Path> refs() {
        return folder.repo().refs().entrySet().stream()
                .filter(ref -> whole || commits.contains(ref.getValue()))
                .map(ref -> folder.path().resolve("refs").resolve(ref.getKey()))
                .toList();
    }

    List<Snapshot> snapshots() {
        return folder.snapshots(commits);
    }

    /** What is kept about the revisions beside their files. */
    List<Path> notes() {
        return snapshots().stream()
                .flatMap(snapshot -> HubCache.notes(folder.path(), snapshot.commit()).stream())
                .filter(note -> Files.exists(note, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    List<Blob> blobs() {
        if (whole) {
            return folder.blobs();
        }
        Set<Path> loose = leftovers.stream().map(Leftover::path).collect(Collectors.toSet());
        Set<Blob> orphaned = Set.copyOf(folder.blobsOnlyOf(commits));
        return folder.blobs().stream()
                .filter(blob -> loose.contains(blob.path()) || orphaned.contains(blob))
                .toList();
    }

    /** Leftovers that are not blobs; behind a link out of the cache there is nothing of ours to delete. */
    List<Leftover> unfinished() {
        return folder.inside()
                ? leftovers.stream().filter(RepoFolder::isUnfinished).toList()
                : List.of();
    }

    /** As people see it. */
    Eviction.Share share(Ledger ledger) {
        List<Deletion> deletions = new ArrayList<>();
        refs().forEach(ref -> deletions.add(new Deletion(ref, 0)));
        snapshots()
                .forEach(snapshot ->
                        deletions.add(new Deletion(snapshot.revision().path(), bytes(snapshot, ledger))));
        notes().forEach(note -> deletions.add(new Deletion(note, 0)));
        blobs().forEach(blob -> deletions.add(new Deletion(blob.path(), bytes(blob, ledger))));
        unfinished().forEach(leftover -> deletions.add(new Deletion(leftover.path(), leftover.bytes())));
        List<Deletion> shown = whole
                ? List.of(new Deletion(
                        folder.path(),
                        deletions.stream().mapToLong(Deletion::bytes).sum()))
                : deletions;
        return new Eviction.Share(
                folder.repo(),
                whole,
                snapshots().stream().map(Snapshot::revision).toList(),
                shown);
    }

    static long bytes(Snapshot snapshot, Ledger ledger) {
        return snapshot.bytes().stream().mapToLong(ledger::drop).sum();
    }

    static long bytes(Blob blob, Ledger ledger) {
        return blob.own().map(ledger::drop).orElse(0L);
    }

    /** All names in it that would go, as those who share their content know them. */
    static Set<Path> blobPaths(Collection<Removal> removals) {
        return removals.stream()
                .flatMap(removal -> removal.blobs().stream())
                .map(Blob::path)
                .collect(Collectors.toSet());
    }
}
