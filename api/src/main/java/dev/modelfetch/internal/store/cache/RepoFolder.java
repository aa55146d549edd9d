package dev.modelfetch.internal.store.cache;

import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Leftover;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one repository as it was found: what people see of it, and what has to be known to delete from it.
 *
 * @param repo as people see it
 * @param inside whether it is inside the cache, and not behind a link
 * @param blobs that can be deleted
 */
record RepoFolder(CachedRepo repo, boolean inside, List<Snapshot> snapshots, List<Blob> blobs) {

    /**
     * One revision.
     *
     * @param blobs that belong to it
     * @param bytes that it has itself and can be deleted, as where there are no links
     * @param sizes of all its content
     */
    record Snapshot(CachedRevision revision, Set<Path> blobs, List<Inode> bytes, Map<Object, Long> sizes) {
        String commit() {
            return revision.commit();
        }
    }

    /**
     * Content under its own name.
     *
     * @param bytes null for a link to where several repositories share them
     */
    record Blob(Path path, @Nullable Inode bytes) {

        Optional<Inode> own() {
            return Optional.ofNullable(bytes);
        }
    }

    Path path() {
        return repo.path();
    }

    Set<String> commits() {
        return snapshots.stream().map(Snapshot::commit).collect(Collectors.toSet());
    }

    List<Snapshot> snapshots(Collection<String> commits) {
        return snapshots.stream()
                .filter(snapshot -> commits.contains(snapshot.commit()))
                .toList();
    }

    /** What belongs to some of its revisions and to no other. */
    List<Blob> blobsOnlyOf(Collection<String> commits) {
        Set<Path> theirs = blobsOf(snapshots(commits).stream());
        Set<Path> others = blobsOf(snapshots.stream().filter(snapshot -> !commits.contains(snapshot.commit())));
        return blobs.stream()
                .filter(blob -> theirs.contains(blob.path()) && !others.contains(blob.path()))
                .toList();
    }

    private static Set<Path> blobsOf(Stream<Snapshot> snapshots) {
        return snapshots.flatMap(snapshot -> snapshot.blobs().stream()).collect(Collectors.toSet());
    }

    /** Every name in it that bytes have, save of what is counted as it is. */
    Stream<Inode> names() {
        return Stream.concat(
                snapshots.stream().flatMap(snapshot -> snapshot.bytes().stream()),
                blobs.stream().flatMap(blob -> blob.own().stream()));
    }

    /** What is in the making or was to be: counted as it is, since it has holes, and one name. */
    Stream<Leftover> unfinished() {
        return inside ? repo.leftovers().stream().filter(RepoFolder::isUnfinished) : Stream.empty();
    }

    static boolean isUnfinished(Leftover leftover) {
        return leftover.kind() != Leftover.Kind.UNREFERENCED;
    }
}
