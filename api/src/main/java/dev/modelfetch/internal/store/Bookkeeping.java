package dev.modelfetch.internal.store;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.file.Locks;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.store.partial.PartialKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is kept about a repository beside its files, in a hub cache and in a plain directory alike: which commit a
 * revision was, what commits consist of, where files came from, and files in the making.
 */
final class Bookkeeping {

    /** Something that is good to have done. */
    interface Step {
        void run() throws IOException;
    }

    private static final String PROVENANCE = "provenance.ndjson";
    private static final String USES = "used";

    private final Repo repo;
    private final Path folder;
    private final Path own;
    private final Path trees;
    private final InstantSource clock;
    private final Set<Path> changed = ConcurrentHashMap.newKeySet();
    private final Refs refs;
    private final Manifests manifests;
    private final Provenance provenance;
    private final Uses uses;
    private volatile @Nullable IOException notReady;

    /**
     * Opens it without touching the disk.
     *
     * @param folder absolute; has the files
     * @param own below it, for everything no other program knows
     * @param listings below that, for what commits consist of
     * @param refs where revisions are kept
     * @param trees where the Python library keeps its manifests
     */
    Bookkeeping(Repo repo, Path folder, Path own, Path listings, Path refs, Path trees, InstantSource clock) {
        this.repo = repo;
        this.folder = folder;
        this.own = own;
        this.trees = trees;
        this.clock = clock;
        this.refs = new Refs(refs);
        this.manifests = new Manifests(listings);
        this.provenance = new Provenance(own.resolve(PROVENANCE));
        this.uses = new Uses(own.resolve(USES));
    }

    /** Our folder, which is the scratch of all atomic writes as well. */
    Path own() {
        return own;
    }

    Path trees() {
        return trees;
    }

    InstantSource clock() {
        return clock;
    }

    Refs refs() {
        return refs;
    }

    Manifests manifests() {
        return manifests;
    }

    Provenance provenance() {
        return provenance;
    }

    Uses uses() {
        return uses;
    }

    ContentCheck contents(String commit) {
        return new ContentCheck(folder, provenance, commit, clock);
    }

    /** A file has got its final name. */
    void published(Path file) {
        Path above = file.getParent();
        if (above != null) {
            changed.add(above);
        }
    }

    /** The names of all files published until now reach the disk together, which costs less than each for itself. */
    void settle() {
        for (Iterator<Path> each = changed.iterator(); each.hasNext(); ) {
            Path folder = each.next();
            each.remove();
            Folders.sync(folder);
        }
    }

    /** The manifest the Python library left. */
    Optional<Manifest> tree(String commit) {
        return TreeFile.read(trees, commit, repo);
    }

    /**
     * Remembers the manifest, for us and for the Python library, and then makes the folders: so everybody can tell that
     * files are still missing. A disk that takes none of it is no failure until something has to be fetched; sweeping
     * up and what is for other programs are no reason to fail at all.
     *
     * @param marks each tried for itself
     */
    void prepare(Manifest manifest, List<Step> marks, Path... folders) throws IOException {
        try {
            mend();
            AtomicFile.directories(own);
            attempt(() -> Leftovers.sweep(own, clock.instant()));
            marks.forEach(Bookkeeping::attempt);
            attempt(() -> TreeFile.ensure(own, trees, manifest));
            manifests.remember(own, manifest);
            for (Path each : folders) {
                AtomicFile.directories(each);
            }
            notReady = null;
        } catch (IOException e) {
            if (!StorageErrors.takesNothing(e)) {
                throw e;
            }
            notReady = e;
        }
    }

    /** What has a name of ours and cannot be ours is put aside: a file where a folder belongs, or the other way round. */
    private void mend() throws IOException {
        for (Path each : List.of(own, manifests.directory(), own.resolve(USES))) {
            aside(each, BasicFileAttributes::isDirectory);
        }
        for (Path each : List.of(own.resolve(PROVENANCE), own.resolve(Locks.FILE))) {
            aside(each, BasicFileAttributes::isRegularFile);
        }
    }

    /** Looks once, as another process may be making it. */
    private static void aside(Path path, Predicate<BasicFileAttributes> right) throws IOException {
        try {
            if (right.test(Files.readAttributes(path, BasicFileAttributes.class))) {
                return;
            }
        } catch (IOException e) {
            if (!Files.isSymbolicLink(path)) {
                return;
            }
        }
        Files.move(path, path.resolveSibling(path.getFileName() + ".damaged-" + AtomicFile.randomHex()));
    }

    /** As {@link #prepare}, of a commit of which nothing is fetched yet. */
    void remember(Manifest manifest, Path cacheRoot) throws IOException {
        mend();
        AtomicFile.directories(own);
        attempt(() -> CacheTag.ensure(own, cacheRoot));
        attempt(() -> TreeFile.ensure(own, trees, manifest));
        manifests.remember(own, manifest);
    }

    private static void attempt(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            // The next job tries again.
        }
    }

    /** Fails if preparing did: without its manifest, a part of a commit would look like all of it. */
    void checkReady() throws IOException {
        IOException e = notReady;
        if (e != null) {
            throw e;
        }
    }

    long partialBytes(RepoFile file, String commit) {
        return Partial.present(own, PartialKey.of(file, commit), file.size());
    }

    Optional<Partial> partial(RepoFile file, String commit) throws IOException {
        checkReady();
        return Partial.open(own, PartialKey.of(file, commit), file.size(), clock);
    }

    /**
     * Lets a revision point at a commit. As in the Python library, what can only be read still serves; so does what has a
     * folder where the note belongs.
     */
    void point(String revision, String commit) throws IOException {
        if (revision.equals(commit)) {
            return;
        }
        try {
            refs.write(own, revision, commit);
        } catch (IOException e) {
            if (!StorageErrors.isReadOnly(e) && !StorageErrors.isOfTheName(e)) {
                throw e;
            }
        }
    }
}
