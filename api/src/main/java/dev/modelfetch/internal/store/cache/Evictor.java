package dev.modelfetch.internal.store.cache;

import dev.modelfetch.CachedFile;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Evicted;
import dev.modelfetch.Evicted.Reason;
import dev.modelfetch.Evicted.Skipped;
import dev.modelfetch.Eviction;
import dev.modelfetch.Eviction.Deletion;
import dev.modelfetch.FetchException;
import dev.modelfetch.Leftover;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.file.Locks;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.Occupancy;
import dev.modelfetch.internal.store.cache.RepoFolder.Snapshot;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Does one eviction. Each folder is looked at once more when nobody else can be in it, and of what was planned only that
 * goes which is still as it was.
 */
final class Evictor {

    /** Whoever fetches writes far more often. For those whose locks cannot be seen from here. */
    private static final Duration AT_WORK = Duration.ofMinutes(5);

    private final Path root;
    private final Bounds bounds;
    private final Occupancy occupancy;
    private final InstantSource clock;
    private final List<Path> deleted = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private long bytes;

    /** @param root that exists */
    Evictor(Path root, InstantSource clock) throws IOException {
        this.root = root;
        this.bounds = Bounds.of(root);
        this.occupancy = new Occupancy(root);
        this.clock = clock;
    }

    Evicted evict(Eviction plan) {
        plan.repositories().forEach(this::evict);
        if (!plan.shared().isEmpty()) {
            sweep(plan.shared());
        }
        return new Evicted(bytes, deleted, skipped);
    }

    private void evict(Eviction.Share share) {
        if (Thread.currentThread().isInterrupted()) {
            throw new FetchException.Cancelled();
        }
        Path folder = share.repo().path();
        Optional<CacheName> name = CacheName.parse(String.valueOf(folder.getFileName()));
        if (name.isEmpty() || !root.equals(folder.getParent())) {
            failed(folder, new IOException(folder + " is no repository of this cache"));
            return;
        }
        try {
            Optional<Closeable> alone = seized(folder);
            if (alone.isEmpty()) {
                skip(folder, Reason.IN_USE, "a job is fetching into it");
                return;
            }
            try (Closeable held = alone.get()) {
                evictAlone(share, name.get());
            }
        } catch (IOException e) {
            failed(folder, e);
        }
    }

    /**
     * The folder without anybody else in it.
     *
     * @return to be given back; empty while there is somebody
     */
    private Optional<Closeable> seized(Path folder) throws IOException {
        Path own = HubCache.own(folder);
        Optional<Closeable> alone;
        try {
            alone = occupancy.seize(String.valueOf(folder.getFileName()));
        } catch (IOException noLocksHere) {
            alone = isBusy(own) ? Optional.empty() : Optional.of(() -> {});
        }
        if (alone.isPresent() && hasLocks(own)) {
            alone.get().close();
            return Optional.empty();
        }
        return alone;
    }

    private static boolean hasLocks(Path own) {
        try {
            return Locks.anyTaken(own);
        } catch (IOException noLocksHere) {
            return false;
        }
    }

    /** Whether something in our folder was written just now, as by a job whose lock cannot be seen. */
    private boolean isBusy(Path own) {
        try {
            for (Path entry : Folders.entries(own, Files::isRegularFile)) {
                if (isRecent(Files.getLastModifiedTime(entry).toInstant())) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isRecent(Instant touched) {
        return Duration.between(touched, clock.instant()).abs().compareTo(AT_WORK) < 0;
    }

    private void evictAlone(Eviction.Share share, CacheName name) {
        Optional<RepoFolder> found = RepoReader.read(name, root, bounds, clock);
        if (found.isEmpty()) {
            // Somebody else has done it.
            return;
        }
        RepoFolder folder = found.get();
        boolean othersFetch = folder.repo().leftovers().stream()
                .anyMatch(leftover -> leftover.kind() == Leftover.Kind.INCOMPLETE && isRecent(leftover.lastModified()));
        if (othersFetch) {
            skip(folder.path(), Reason.IN_USE, "another program is downloading into it");
            return;
        }
        FolderEviction eviction =
                new FolderEviction(folder, bounds, name.repo().map(repo -> new HubCache(root, repo, true, clock)));
        try {
            eviction.run(asItIs(share, folder));
        } catch (IOException e) {
            failed(folder.path(), e);
        } finally {
            deleted.addAll(eviction.deleted());
            bytes += eviction.bytes();
        }
    }

    /** Of what was planned, what is still as it was. */
    private Removal asItIs(Eviction.Share planned, RepoFolder now) {
        Map<String, CachedRevision> known =
                planned.revisions().stream().collect(Collectors.toMap(CachedRevision::commit, Function.identity()));
        Set<String> commits = new HashSet<>();
        for (Snapshot snapshot : now.snapshots()) {
            CachedRevision revision = known.get(snapshot.commit());
            if (revision != null && isAsItWas(revision, snapshot.revision())) {
                commits.add(snapshot.commit());
            } else if (revision != null) {
                skip(revision.path(), Reason.CHANGED, "files were added to it");
            }
        }
        List<Leftover> leftovers = leftovers(planned, now);
        boolean nothingNew = commits.containsAll(now.commits())
                && leftovers.containsAll(now.repo().leftovers());
        return planned.whole() && nothingNew ? Removal.of(now) : new Removal(now, commits, false, leftovers);
    }

    private List<Leftover> leftovers(Eviction.Share planned, RepoFolder now) {
        Set<Path> paths = planned.deletions().stream().map(Deletion::path).collect(Collectors.toSet());
        Map<Path, Leftover> known = planned.repo().leftovers().stream()
                .filter(leftover -> planned.whole() || paths.contains(leftover.path()))
                .collect(Collectors.toMap(Leftover::path, Function.identity()));
        List<Leftover> same = new ArrayList<>();
        for (Leftover leftover : now.repo().leftovers()) {
            Leftover then = known.get(leftover.path());
            if (leftover.equals(then)) {
                same.add(leftover);
            } else if (then != null) {
                skip(leftover.path(), Reason.CHANGED, "it was written to");
            }
        }
        return same;
    }

    private static boolean isAsItWas(CachedRevision then, CachedRevision now) {
        Set<Map.Entry<String, Path>> known =
                then.files().stream().map(Evictor::content).collect(Collectors.toSet());
        return now.files().stream().map(Evictor::content).allMatch(known::contains);
    }

    private static Map.Entry<String, Path> content(CachedFile file) {
        return Map.entry(file.path(), file.blob());
    }

    private void sweep(List<Deletion> planned) {
        Staleness staleness = Staleness.usual(clock.instant());
        try {
            SharedBlobs shared = SharedBlobs.read(root);
            for (Deletion deletion : planned) {
                if (shared.delete(deletion.path(), bounds, staleness)) {
                    deleted.add(deletion.path());
                    bytes += deletion.bytes();
                } else if (Files.exists(deletion.path())) {
                    skip(deletion.path(), Reason.CHANGED, "somebody uses it");
                }
            }
        } catch (IOException e) {
            failed(root.resolve(SharedBlobs.FOLDER), e);
        }
    }

    private void failed(Path path, IOException e) {
        skip(path, Reason.FAILED, String.valueOf(StorageErrors.of(e, path).getMessage()));
    }

    private void skip(Path path, Reason reason, String detail) {
        skipped.add(new Skipped(path, reason, detail));
    }
}
