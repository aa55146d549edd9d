package dev.modelfetch.internal.store.cache;

import dev.modelfetch.FetchException;
import dev.modelfetch.Leftover;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.cache.RepoFolder.Blob;
import dev.modelfetch.internal.store.cache.RepoFolder.Snapshot;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes from one folder, names before content. Whoever is killed in between leaves branches, revisions and files that
 * are all there or not at all, and content to which nothing refers.
 */
final class FolderEviction {

    private final RepoFolder folder;
    private final Bounds bounds;
    private final Optional<HubCache> ours;
    private final Ledger ledger;
    private final List<Path> deleted = new ArrayList<>();
    private long bytes;

    FolderEviction(RepoFolder folder, Bounds bounds, Optional<HubCache> ours) {
        this.folder = folder;
        this.bounds = bounds;
        this.ours = ours;
        this.ledger = new Ledger(folder.names());
    }

    /** What is gone so far, also if the last step failed. */
    List<Path> deleted() {
        return deleted;
    }

    long bytes() {
        return bytes;
    }

    void run(Removal removal) throws IOException {
        if (removal.whole()) {
            everything(removal);
        } else {
            parts(removal);
        }
    }

    private void everything(Removal removal) throws IOException {
        if (folder.inside()) {
            bounds.delete(part("refs"));
            takeAway(part("snapshots"));
            removal.snapshots().forEach(snapshot -> bytes += Removal.bytes(snapshot, ledger));
            checkInterrupt();
            bounds.delete(part("blobs"));
            removal.blobs().forEach(blob -> bytes += Removal.bytes(blob, ledger));
        }
        bounds.delete(folder.path());
        removal.unfinished().forEach(leftover -> bytes += leftover.bytes());
        deleted.add(folder.path());
    }

    private void parts(Removal removal) throws IOException {
        List<Blob> blobs = removal.blobs();
        for (Path ref : removal.refs()) {
            bounds.delete(ref);
            deleted.add(ref);
            tidyAbove(ref);
        }
        for (Snapshot snapshot : removal.snapshots()) {
            checkInterrupt();
            Path path = snapshot.revision().path();
            takeAway(path);
            deleted.add(path);
            bytes += Removal.bytes(snapshot, ledger);
        }
        Folders.sync(part("snapshots"));
        for (Path note : removal.notes()) {
            bounds.delete(note);
            deleted.add(note);
        }
        forget(removal.commits(), blobs);
        for (Blob blob : blobs) {
            checkInterrupt();
            bounds.delete(blob.path());
            deleted.add(blob.path());
            bytes += Removal.bytes(blob, ledger);
        }
        for (Leftover leftover : removal.unfinished()) {
            checkInterrupt();
            delete(leftover);
            deleted.add(leftover.path());
            bytes += leftover.bytes();
        }
    }

    /** A revision of which a part is gone would look like one that has only the rest. */
    private void takeAway(Path snapshots) throws IOException {
        Path own = HubCache.own(folder.path());
        try {
            AtomicFile.directories(own);
        } catch (IOException e) {
            // On a full disk they go one by one.
        }
        bounds.deleteAtOnce(snapshots, AtomicFile.temporary(own));
    }

    /** Folders of names with slashes in them, once there is nothing in them any more. */
    private void tidyAbove(Path ref) {
        Path refs = part("refs");
        try {
            for (Path above = ref.getParent(); above != null && !above.equals(refs); above = above.getParent()) {
                Files.delete(above);
            }
        } catch (IOException e) {
            // There is something in it.
        }
    }

    private void forget(Set<String> commits, List<Blob> going) {
        Set<Path> gone = going.stream().map(Blob::path).collect(Collectors.toSet());
        try {
            if (ours.isPresent()) {
                ours.get().forget(commits, gone);
            }
        } catch (IOException e) {
            // On a full disk for example; what is remembered too much makes nothing look stored.
        }
    }

    private void delete(Leftover leftover) throws IOException {
        Optional<Partial.Begun> begun = leftover.kind() == Leftover.Kind.PARTIAL
                ? Partial.begun(HubCache.own(folder.path())).stream()
                        .filter(each -> each.data().equals(leftover.path()))
                        .findFirst()
                : Optional.empty();
        bounds.delete(leftover.path());
        if (begun.isPresent()) {
            Partial.discard(HubCache.own(folder.path()), begun.get());
        }
    }

    private Path part(String name) {
        return folder.path().resolve(name);
    }

    private static void checkInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            throw new FetchException.Cancelled();
        }
    }
}
