package dev.modelfetch.internal.engine;

import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.CheckProgress;
import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Hashes what some repositories of a cache hold, and compares it with what they should hold. */
final class CacheCheck {

    private final Path root;
    private final boolean symlinks;
    private final InstantSource clock;
    private final Threads threads;
    private final Cancellation closing;

    CacheCheck(Path root, boolean symlinks, InstantSource clock, Threads threads, Cancellation closing) {
        this.root = root;
        this.symlinks = symlinks;
        this.clock = clock;
        this.threads = threads;
        this.closing = closing;
    }

    /** A revision and what it should hold. */
    private record Subject(CachedRepo repo, Manifest manifest, SnapshotStore store, List<RepoFile> files) {

        StoredCheck check(Hashes hashes) throws IOException {
            return OfflineAnswers.check(
                    store, manifest.commit(), OfflineAnswers.againstStored(manifest), files, false, hashes::of);
        }
    }

    List<StoredCheck> run(Collection<CachedRepo> repositories, Consumer<CheckProgress> progress) {
        List<Closeable> inside = new ArrayList<>();
        try (Hashes hashes = new Hashes(threads, progress, closing)) {
            List<Subject> subjects = new ArrayList<>();
            for (CachedRepo repo : repositories) {
                Optional<HubCache> cache = repo.repo().map(known -> new HubCache(root, known, symlinks, clock));
                if (cache.isPresent()) {
                    // Otherwise what an eviction takes away meanwhile would be missing.
                    cache.get().enter().ifPresent(inside::add);
                    repo.revisions()
                            .forEach(each -> subject(repo, each, cache.get()).ifPresent(subjects::add));
                }
            }
            for (Subject subject : subjects) {
                for (RepoFile file : subject.files()) {
                    Path path = subject.store().pathOf(file);
                    if (Files.exists(path)) {
                        hashes.add(subject.repo(), file, path);
                    }
                }
            }
            hashes.run();
            List<StoredCheck> checks = new ArrayList<>();
            for (Subject subject : subjects) {
                checks.add(subject.check(hashes));
            }
            return checks;
        } catch (IOException e) {
            throw Ending.of(e, false, root);
        } catch (InterruptedException e) {
            // Our own threads were interrupted, not the caller, if it is because we close.
            closing.check();
            Thread.currentThread().interrupt();
            throw new FetchException.Cancelled();
        } finally {
            inside.forEach(CacheCheck::leave);
        }
    }

    private static Optional<Subject> subject(CachedRepo repo, CachedRevision revision, HubCache cache) {
        String commit = revision.commit();
        return cache.listed(commit).or(() -> cache.shown(commit)).map(manifest -> {
            SnapshotStore store = cache.at(commit);
            List<RepoFile> files = manifest.files().stream()
                    .filter(file -> canBeHere(store, file))
                    .toList();
            return new Subject(repo, manifest, store, files);
        });
    }

    /** A name that is not safe here was never stored. */
    private static boolean canBeHere(SnapshotStore store, RepoFile file) {
        try {
            store.check(List.of(file));
            return true;
        } catch (FetchException.Storage e) {
            return false;
        }
    }

    private static void leave(Closeable inside) {
        try {
            inside.close();
        } catch (IOException e) {
            // It ends with the process.
        }
    }
}
