package dev.modelfetch.internal.store.cache;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG;
import static dev.modelfetch.internal.testing.Sample.CONFIG_BYTES;
import static dev.modelfetch.internal.testing.Sample.OTHER_COMMIT;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Evictable;
import dev.modelfetch.Evicted;
import dev.modelfetch.Evicted.Reason;
import dev.modelfetch.Evicted.Skipped;
import dev.modelfetch.Eviction;
import dev.modelfetch.Eviction.Deletion;
import dev.modelfetch.FetchException;
import dev.modelfetch.internal.file.Locks;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FaultyDisk;
import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is planned to go, what then goes, and what stays whatever happens meanwhile. */
class EvictionTest {

    private static final byte[] BIG = Bytes.random(1_000, 1);
    private static final byte[] OLD = Bytes.random(500, 2);
    private static final byte[] NEW = Bytes.random(300, 3);
    private static final String THIRD_COMMIT = "2".repeat(40);

    private final HandClock clock = new HandClock();
    private final Instant longAgo = clock.instant().minus(Duration.ofDays(30));

    @TempDir
    Path root;

    /** Two revisions that share the big file, and a repository beside. */
    private PythonRepo python;

    @BeforeEach
    void fill() throws IOException {
        python = new PythonRepo(root, "models--acme-lab--aurora-7b")
                .file(COMMIT, "weights.bin", BIG)
                .file(COMMIT, "sub/new.json", NEW)
                .file(OTHER_COMMIT, "weights.bin", BIG)
                .file(OTHER_COMMIT, "old.json", OLD)
                .ref("main", COMMIT)
                .ref("refs/pr/1", OTHER_COMMIT);
        Files.createDirectories(python.folder().resolve("trees"));
        Files.writeString(python.folder().resolve("trees/" + OTHER_COMMIT + ".json"), "{}");
        Files.createDirectories(python.folder().resolve(".no_exist/" + OTHER_COMMIT));
        Files.createFile(python.folder().resolve(".no_exist/" + OTHER_COMMIT + "/chat_template.jinja"));
        new PythonRepo(root, "datasets--acme--d").file(COMMIT, "x.csv", OLD).ref("main", COMMIT);
        PythonRepo.touch(root, longAgo);
    }

    @Test
    void aRevisionGoesWithWhatNoOtherHas() throws IOException {
        Eviction plan = removal(revision(OTHER_COMMIT));

        assertThat(plan.bytes()).isEqualTo(OLD.length);
        Eviction.Share share = plan.repositories().get(0);
        assertThat(share.whole()).isFalse();
        assertThat(share.repo().key()).isEqualTo("model/acme-lab/aurora-7b");
        assertThat(share.revisions()).extracting(CachedRevision::commit).containsExactly(OTHER_COMMIT);
        Path folder = python.folder();
        assertThat(share.deletions())
                .containsExactly(
                        new Deletion(folder.resolve("refs/refs/pr/1"), 0),
                        new Deletion(python.snapshot(OTHER_COMMIT), 0),
                        new Deletion(folder.resolve("trees/" + OTHER_COMMIT + ".json"), 0),
                        new Deletion(folder.resolve(".no_exist/" + OTHER_COMMIT), 0),
                        new Deletion(python.blob(OLD), OLD.length));

        Evicted evicted = evict(plan);

        assertThat(evicted.bytes()).isEqualTo(OLD.length);
        assertThat(evicted.skipped()).isEmpty();
        assertThat(evicted.deleted())
                .isEqualTo(share.deletions().stream().map(Deletion::path).toList());
        assertThat(share.deletions()).allMatch(gone -> Files.notExists(gone.path(), LinkOption.NOFOLLOW_LINKS));
        assertThat(folder.resolve("refs/refs")).doesNotExist();
        assertThat(python.snapshot(COMMIT).resolve("weights.bin")).hasBinaryContent(BIG);
        assertThat(python.snapshot(COMMIT).resolve("sub/new.json")).hasBinaryContent(NEW);
        assertThat(cache().contents().repositories())
                .allMatch(repo -> repo.warnings().isEmpty() && repo.leftovers().isEmpty());
    }

    @Test
    void withItsLastRevisionTheFolderGoes() throws IOException {
        Eviction plan = removal(revision(OTHER_COMMIT), revision(COMMIT));

        assertThat(plan.repositories().get(0).whole()).isTrue();
        assertThat(plan.repositories().get(0).deletions())
                .containsExactly(new Deletion(python.folder(), BIG.length + OLD.length + NEW.length));
        Evicted evicted = evict(plan);
        assertThat(evicted.deleted()).containsExactly(python.folder());
        assertThat(evicted.bytes()).isEqualTo(plan.bytes());
        assertThat(python.folder()).doesNotExist();
        assertThat(cache().contents().repositories())
                .extracting(CachedRepo::key)
                .containsExactly("dataset/acme/d");
    }

    @Test
    void aRepositoryGoesWithAllThatIsInItsFolder() throws IOException {
        Files.writeString(python.folder().resolve("blobs/abc.incomplete"), "xx");
        PythonRepo.touch(python.folder(), longAgo);

        Eviction plan = removal(repo("model/acme-lab/aurora-7b"), repo("dataset/acme/d"));

        assertThat(plan.bytes()).isEqualTo(BIG.length + OLD.length + NEW.length + 2 + OLD.length);
        assertThat(evict(plan).bytes()).isEqualTo(plan.bytes());
        assertThat(Sample.files(root)).allMatch(file -> file.startsWith(".locks"));
    }

    /** A file in its place may also be the last name of its bytes, or one of several. */
    @Test
    void bytesGoWithTheLastOfTheirNames(@TempDir Path elsewhere) throws IOException {
        PythonRepo copies = new PythonRepo(root, "models--acme--copies")
                .copy(COMMIT, "a", BIG)
                .copy(OTHER_COMMIT, "b", NEW)
                .copy(OTHER_COMMIT, "c", OLD);
        Files.createLink(
                copies.snapshot(OTHER_COMMIT).resolve("a"),
                copies.snapshot(COMMIT).resolve("a"));
        Files.createLink(elsewhere.resolve("c"), copies.snapshot(OTHER_COMMIT).resolve("c"));
        List<CachedRevision> revisions =
                repo("model/acme--copies".replace("--", "/")).revisions();
        CachedRevision other = revisions.stream()
                .filter(each -> each.commit().equals(OTHER_COMMIT))
                .findFirst()
                .orElseThrow();

        assertThat(removal(other).bytes()).as("one shared here, one elsewhere").isEqualTo(NEW.length);
        assertThat(removal(repo("model/acme/copies")).bytes()).isEqualTo(BIG.length + NEW.length);
        assertThat(evict(removal(other)).bytes()).isEqualTo(NEW.length);
        assertThat(copies.snapshot(COMMIT).resolve("a")).hasBinaryContent(BIG);
        assertThat(elsewhere.resolve("c")).hasBinaryContent(OLD);
    }

    @Test
    void pruningTakesWhatNobodyWillMiss() throws IOException {
        Files.delete(python.folder().resolve("refs/refs/pr/1"));
        Path abandoned = Files.write(python.folder().resolve("blobs/a.0a0b0c0d.incomplete"), new byte[7]);
        Path current = Files.write(python.folder().resolve("blobs/b.0a0b0c0d.incomplete"), new byte[7]);
        Path loose = Files.write(python.folder().resolve("blobs/" + "d".repeat(64)), new byte[11]);
        Path justStored = Files.write(python.folder().resolve("blobs/" + "e".repeat(64)), new byte[11]);
        Path own = Files.createDirectories(python.folder().resolve(".modelfetch"));
        Path oldPart = Files.write(own.resolve("aa.part"), new byte[13]);
        Path youngPart = Files.write(own.resolve("bb.part"), new byte[13]);
        for (Path old : List.of(abandoned, loose, oldPart)) {
            PythonRepo.times(old, longAgo);
        }
        // Not so young that somebody is at it.
        for (Path young : List.of(current, justStored, youngPart)) {
            PythonRepo.times(young, clock.instant().minus(Duration.ofHours(1)));
        }

        Eviction plan = cache().pruning(Duration.ofDays(7));
        Evicted evicted = evict(plan);

        assertThat(evicted.skipped()).isEmpty();
        assertThat(evicted.deleted())
                .containsExactlyInAnyOrder(
                        python.snapshot(OTHER_COMMIT),
                        python.folder().resolve("trees/" + OTHER_COMMIT + ".json"),
                        python.folder().resolve(".no_exist/" + OTHER_COMMIT),
                        python.blob(OLD),
                        abandoned,
                        loose,
                        oldPart);
        assertThat(List.of(current, justStored, youngPart)).allMatch(Files::exists);
        assertThat(cache().pruning(Duration.ofMinutes(30)).repositories().get(0).deletions())
                .as("what a later job could go on with goes as soon as one says")
                .extracting(Deletion::path)
                .containsExactly(youngPart);
        assertThat(evict(cache().pruning(Duration.ofDays(7))).deleted()).isEmpty();
    }

    /** The branch is written when everything is there; until then no branch points to it. */
    @Test
    void pruningKeepsARevisionThatIsBeingCompleted() throws IOException {
        HubCache ours = new HubCache(root, Sample.REPO, true, clock);
        SnapshotStore store = ours.at(THIRD_COMMIT);
        store.prepare(Sample.manifest("huggingface", THIRD_COMMIT, CONFIG, WEIGHTS));
        Sample.fetch(store, CONFIG, CONFIG_BYTES);
        PythonRepo.touch(python.folder(), clock.instant().minus(Duration.ofDays(2)));

        assertThat(cache().pruning(Duration.ofDays(7)).isEmpty()).isTrue();
        assertThat(cache().pruning(Duration.ofDays(1)).repositories().get(0).revisions())
                .extracting(CachedRevision::commit)
                .containsExactly(THIRD_COMMIT);
        Sample.fetch(store, WEIGHTS, WEIGHTS_BYTES);
        assertThat(cache().pruning(Duration.ofDays(7)).repositories().get(0).revisions())
                .as("complete, and nothing points to it")
                .extracting(CachedRevision::commit)
                .containsExactly(THIRD_COMMIT);
    }

    @Test
    void pruningRemovesFoldersInWhichNothingIsLeft() throws IOException {
        new PythonRepo(root, "models--acme--ghost").ref("main", COMMIT);
        PythonRepo.touch(root.resolve("models--acme--ghost"), longAgo);
        new PythonRepo(root, "models--acme--begun").ref("main", COMMIT);
        PythonRepo.touch(root.resolve("models--acme--begun"), clock.instant());

        Eviction plan = cache().pruning(Duration.ofDays(7));

        assertThat(plan.repositories()).extracting(share -> share.repo().id()).containsExactly("acme/ghost");
        assertThat(evict(plan).deleted()).containsExactly(root.resolve("models--acme--ghost"));
    }

    @Test
    void shrinkingTakesTheLeastRecentlyUsedFirstAndNoMoreThanNeeded() throws IOException {
        PythonRepo.touch(root.resolve("datasets--acme--d"), clock.instant().minus(Duration.ofDays(3)));
        HubCache ours = new HubCache(root, Sample.REPO, true, clock);
        ours.at(OTHER_COMMIT).used();
        long all = cache().contents().bytes();
        assertThat(all).isEqualTo(BIG.length + OLD.length + NEW.length + OLD.length);

        assertThat(cache().shrinking(all).isEmpty()).isTrue();
        assertThat(commits(cache().shrinking(all - 1)))
                .as("not used for a month; the big file belongs to another as well")
                .containsExactly("model/acme-lab/aurora-7b " + COMMIT);
        assertThat(commits(cache().shrinking(all - NEW.length))).containsExactly("model/acme-lab/aurora-7b " + COMMIT);
        assertThat(commits(cache().shrinking(all - NEW.length - 1)))
                .containsExactlyInAnyOrder("model/acme-lab/aurora-7b " + COMMIT, "dataset/acme/d " + COMMIT);
        assertThat(cache().shrinking(0).bytes()).isEqualTo(all);

        Evicted evicted = evict(cache().shrinking(all - NEW.length - 1));

        assertThat(evicted.bytes()).isEqualTo(NEW.length + OLD.length);
        assertThat(cache().contents().bytes()).isEqualTo(all - NEW.length - OLD.length);
        assertThat(python.snapshot(OTHER_COMMIT).resolve("weights.bin")).hasBinaryContent(BIG);
    }

    @Test
    void shrinkingBeginsWithWhatWasAbandoned() throws IOException {
        Path abandoned = Files.write(python.folder().resolve("blobs/a.0a0b0c0d.incomplete"), new byte[700]);
        PythonRepo.times(abandoned, longAgo);
        Path partial = Files.write(
                Files.createDirectories(python.folder().resolve(".modelfetch")).resolve("aa.part"), new byte[7]);
        PythonRepo.times(partial, clock.instant().minus(Duration.ofDays(1)));
        long all = cache().contents().bytes();

        Eviction plan = cache().shrinking(all - 700);

        assertThat(plan.repositories()).hasSize(1);
        assertThat(plan.repositories().get(0).deletions()).containsExactly(new Deletion(abandoned, 700));
        assertThat(evict(cache().shrinking(0)).skipped()).isEmpty();
        assertThat(partial).as("somebody may go on with it").exists();
        assertThat(cache().contents().repositories()).hasSize(1);
    }

    @Test
    void negativeWishesAreRefused() {
        assertThatThrownBy(() -> cache().shrinking(-1)).isInstanceOf(FetchException.Usage.class);
        assertThatThrownBy(() -> cache().pruning(Duration.ofDays(-1))).isInstanceOf(FetchException.Usage.class);
        Eviction foreign = new Eviction(root.resolve("elsewhere"), List.of(), List.of());
        assertThatThrownBy(() -> evict(foreign)).isInstanceOf(FetchException.Usage.class);
    }

    @Test
    void contentThatRepositoriesShareGoesWithItsLastUser() throws IOException {
        String xet = "bf".repeat(32);
        PythonRepo one = new PythonRepo(root, "models--s--one")
                .file(COMMIT, "m.bin", NEW)
                .share(NEW, xet);
        PythonRepo two = new PythonRepo(root, "models--s--two")
                .file(COMMIT, "m.bin", NEW)
                .share(NEW, xet);
        Path entry = root.resolve("blobs/bf").resolve(xet);
        PythonRepo.touch(root, longAgo);

        assertThat(removal(repo("model/s/one")).bytes()).isZero();
        assertThat(evict(removal(repo("model/s/one"))).bytes()).isZero();
        assertThat(one.folder()).doesNotExist();
        assertThat(two.snapshot(COMMIT).resolve("m.bin")).hasBinaryContent(NEW);

        Eviction last = removal(repo("model/s/two"));
        assertThat(last.shared()).containsExactly(new Deletion(entry, NEW.length));
        Evicted evicted = evict(last);
        assertThat(evicted.bytes()).isEqualTo(NEW.length);
        assertThat(evicted.deleted()).containsExactly(two.folder(), entry);
        assertThat(entry.resolveSibling(xet + ".refs")).doesNotExist();
    }

    @Test
    void sharedContentThatJustFoundAUserStays() throws IOException {
        String xet = "bf".repeat(32);
        PythonRepo one = new PythonRepo(root, "models--s--one")
                .file(COMMIT, "m.bin", NEW)
                .share(NEW, xet);
        PythonRepo.touch(root, longAgo);
        Path entry = root.resolve("blobs/bf").resolve(xet);
        Eviction plan = removal(repo("model/s/one"));
        // Another program is about to make the link that it has already announced.
        PythonRepo.times(entry.resolveSibling(xet + ".refs"), clock.instant());

        Evicted evicted = evict(plan);

        assertThat(one.folder()).doesNotExist();
        assertThat(entry).hasBinaryContent(NEW);
        assertThat(evicted.bytes()).isZero();
        assertThat(evicted.skipped())
                .extracting(Skipped::path, Skipped::reason)
                .containsExactly(tuple(entry, Reason.CHANGED));
        assertThat(cache().pruning(Duration.ofDays(7)).shared()).isEmpty();
        PythonRepo.times(entry.resolveSibling(xet + ".refs"), longAgo);
        assertThat(cache().pruning(Duration.ofDays(7)).shared())
                .extracting(Deletion::path)
                .containsExactly(entry);
    }

    @Test
    void nothingOutsideTheCacheIsDeleted(@TempDir Path elsewhere) throws IOException {
        PythonRepo far = new PythonRepo(elsewhere, "models--o--far")
                .file(COMMIT, "x", BIG)
                .ref("main", COMMIT);
        Files.createSymbolicLink(root.resolve("models--o--far"), far.folder());
        PythonRepo blobs = new PythonRepo(root, "models--o--blobs");
        Files.createSymbolicLink(blobs.folder().resolve("blobs"), Files.createDirectory(elsewhere.resolve("blobs")));
        blobs.file(COMMIT, "x", BIG).file(OTHER_COMMIT, "y", OLD);
        PythonRepo snapshots = new PythonRepo(root, "models--o--snapshots");
        Files.createSymbolicLink(
                snapshots.folder().resolve("snapshots"), Files.createDirectories(elsewhere.resolve("s/n/p")));
        snapshots.copy(COMMIT, "x", BIG).copy(OTHER_COMMIT, "y", OLD);
        Path precious = Files.write(elsewhere.resolve("precious"), NEW);
        PythonRepo links = new PythonRepo(root, "models--o--links").link(COMMIT, "absolute", precious);
        Files.createDirectories(links.folder().resolve("blobs"));
        Files.createSymbolicLink(links.folder().resolve("blobs/" + "c".repeat(64)), precious);
        Files.createSymbolicLink(links.snapshot(OTHER_COMMIT), Files.createDirectory(elsewhere.resolve("commit")));
        Files.write(elsewhere.resolve("commit/z"), NEW);
        List<String> before = Sample.files(elsewhere);

        Evicted parts = evict(removal(
                revision("model/o/blobs", OTHER_COMMIT),
                revision("model/o/snapshots", OTHER_COMMIT),
                revision("model/o/links", OTHER_COMMIT)));

        assertThat(parts.skipped())
                .extracting(Skipped::path, Skipped::reason)
                .containsExactly(tuple(snapshots.folder(), Reason.FAILED));
        assertThat(blobs.snapshot(OTHER_COMMIT)).doesNotExist();
        assertThat(links.snapshot(OTHER_COMMIT)).doesNotExist();
        assertThat(Sample.files(elsewhere)).isEqualTo(before);

        Eviction plan = removal(cache().contents().repositories().toArray(Evictable[]::new));
        Evicted evicted = evict(plan);

        assertThat(evicted.skipped()).isEmpty();
        assertThat(plan.bytes()).isEqualTo(BIG.length + OLD.length + NEW.length + OLD.length);
        assertThat(evicted.bytes()).isEqualTo(plan.bytes());
        assertThat(cache().contents().repositories()).isEmpty();
        assertThat(root.resolve("models--o--far")).doesNotExist();
        assertThat(Sample.files(elsewhere)).isEqualTo(before);
        assertThat(precious).hasBinaryContent(NEW);
    }

    @Test
    void whileAJobIsInNothingOfItsRepositoryGoes() throws IOException {
        Eviction plan = removal(repo("model/acme-lab/aurora-7b"), repo("dataset/acme/d"));
        try (Closeable first =
                        new HubCache(root, Sample.REPO, true, clock).enter().orElseThrow();
                Closeable second =
                        new HubCache(root, Sample.REPO, true, clock).enter().orElseThrow()) {
            Evicted evicted = evict(plan);

            assertThat(evicted.skipped())
                    .extracting(Skipped::path, Skipped::reason)
                    .containsExactly(tuple(python.folder(), Reason.IN_USE));
            assertThat(evicted.deleted()).containsExactly(root.resolve("datasets--acme--d"));
            assertThat(python.snapshot(COMMIT).resolve("weights.bin")).hasBinaryContent(BIG);
        }
        assertThat(evict(plan).deleted()).containsExactly(python.folder());
    }

    @Test
    void whoeverHoldsAFileInTheMakingKeepsItsRepository() throws IOException {
        SnapshotStore store = new HubCache(root, Sample.REPO, true, clock).at(THIRD_COMMIT);
        byte[] large = Bytes.random(600_000, 5);
        store.prepare(Sample.manifest("huggingface", THIRD_COMMIT, Bytes.large("l", large)));
        try (Partial partial = store.partial(Bytes.large("l", large)).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(large, 0, 1_000), "mirror");

            assertThat(evict(removal(repo("model/acme-lab/aurora-7b"))).skipped())
                    .extracting(Skipped::reason)
                    .containsExactly(Reason.IN_USE);
        }
        assertThat(evict(removal(repo("model/acme-lab/aurora-7b"))).skipped()).isEmpty();
        assertThat(python.folder()).doesNotExist();
    }

    @Test
    void anotherProgramThatIsDownloadingIsSeenByItsFiles() throws IOException {
        Path incomplete = Files.write(python.folder().resolve("blobs/a.0a0b0c0d.incomplete"), new byte[7]);
        PythonRepo.times(incomplete, clock.instant().minus(Duration.ofMinutes(1)));

        assertThat(evict(removal(revision(OTHER_COMMIT))).skipped())
                .extracting(Skipped::reason)
                .containsExactly(Reason.IN_USE);
        clock.pass(Duration.ofMinutes(10));
        assertThat(evict(removal(revision(OTHER_COMMIT))).skipped()).isEmpty();
    }

    /** As over some networks: then jobs cannot be seen by their locks, but by what they write. */
    @Test
    void whereThereAreNoLocksAJobIsSeenByItsFiles() throws IOException {
        FaultyDisk disk = FaultyDisk.of(root);
        disk.fails((step, path) -> {
            if (path.endsWith("locks") && step == FaultyDisk.Step.WRITE) {
                throw new FileSystemException(path.toString(), null, "Function not implemented");
            }
        });
        CacheRoot far = new CacheRoot(disk.path(root), clock);
        Path own = Files.createDirectories(python.folder().resolve(".modelfetch"));
        Path part = Files.write(own.resolve("aa.part"), new byte[7]);
        PythonRepo.times(part, clock.instant().minusSeconds(10));

        Eviction plan = far.removal(far.contents().repositories());
        assertThat(far.evict(plan).skipped()).extracting(Skipped::reason).containsExactly(Reason.IN_USE);
        assertThat(python.snapshot(COMMIT)).exists();
        clock.pass(Duration.ofMinutes(10));
        assertThat(far.evict(far.removal(far.contents().repositories())).skipped())
                .isEmpty();
        assertThat(python.folder()).doesNotExist();
    }

    @Test
    void whatHasChangedSinceThePlanStays() throws IOException {
        Eviction revision = removal(revision(OTHER_COMMIT));
        Eviction whole = removal(repo("model/acme-lab/aurora-7b"));
        python.file(OTHER_COMMIT, "added.json", CONFIG_BYTES);

        assertThat(evict(revision).skipped())
                .extracting(Skipped::path, Skipped::reason)
                .containsExactly(tuple(python.snapshot(OTHER_COMMIT), Reason.CHANGED));
        assertThat(python.blob(OLD)).exists();

        Evicted evicted = evict(whole);
        assertThat(evicted.skipped()).extracting(Skipped::reason).containsExactly(Reason.CHANGED);
        assertThat(python.snapshot(COMMIT)).doesNotExist();
        assertThat(python.snapshot(OTHER_COMMIT).resolve("weights.bin")).hasBinaryContent(BIG);
        assertThat(python.snapshot(OTHER_COMMIT).resolve("old.json")).hasBinaryContent(OLD);
    }

    @Test
    void aRevisionThatCameAfterThePlanKeepsItsContent() throws IOException {
        Eviction revision = removal(revision(OTHER_COMMIT));
        Eviction whole = removal(repo("model/acme-lab/aurora-7b"));
        python.file(THIRD_COMMIT, "again.json", OLD).ref("main", THIRD_COMMIT);

        assertThat(evict(revision).bytes()).isZero();
        evict(whole);

        assertThat(python.snapshot(COMMIT)).doesNotExist();
        assertThat(python.snapshot(THIRD_COMMIT).resolve("again.json")).hasBinaryContent(OLD);
        assertThat(python.folder().resolve("refs/main")).hasContent(THIRD_COMMIT);
        assertThat(cache().contents().repositories().get(1).warnings()).isEmpty();
    }

    @Test
    void whatIsGoneAlreadyIsNoFailure() throws IOException {
        Eviction plan = removal(revision(OTHER_COMMIT), repo("dataset/acme/d"));
        evict(plan);

        assertThat(evict(plan)).isEqualTo(new Evicted(0, List.of(), List.of()));
        assertThat(cache().removal(plan.repositories().stream()
                                .map(Eviction.Share::repo)
                                .filter(repo -> repo.type().equals("dataset"))
                                .toList())
                        .isEmpty())
                .isTrue();
    }

    @Test
    void whatTheSystemDoesNotAllowIsNamed() throws IOException {
        FaultyDisk disk = FaultyDisk.of(root);
        CacheRoot guarded = new CacheRoot(disk.path(root), clock);
        Eviction plan = guarded.removal(guarded.contents().repositories());
        disk.fails((step, path) -> {
            if (step == FaultyDisk.Step.WRITE && path.startsWith(python.folder())) {
                throw new AccessDeniedException(path.toString());
            }
        });

        Evicted evicted = guarded.evict(plan);

        assertThat(evicted.skipped()).singleElement().satisfies(skipped -> {
            assertThat(skipped.path().toString()).isEqualTo(python.folder().toString());
            assertThat(skipped.reason()).isEqualTo(Reason.FAILED);
            assertThat(skipped.detail()).contains("No permission");
        });
        assertThat(root.resolve("datasets--acme--d")).as("hides no other").doesNotExist();
    }

    /** Each step is once the last that is done: as if the process was killed, or the disk failed, right after. */
    @Test
    void whereverItIsBrokenOffNothingPointsToWhatIsGone(@TempDir Path scratch) throws IOException {
        List<List<String>> wishes = List.of(
                List.of("model/acme-lab/aurora-7b " + OTHER_COMMIT),
                List.of("model/acme-lab/aurora-7b"),
                List.of("model/acme/copies " + OTHER_COMMIT));
        for (List<String> wish : wishes) {
            int steps = 0;
            boolean finished = false;
            for (; !finished; steps++) {
                Path copy = scratch.resolve(wish.hashCode() + "-" + steps);
                copied(copy);
                FaultyDisk disk = FaultyDisk.of(copy);
                CacheRoot cache = new CacheRoot(disk.path(copy), clock);
                Eviction plan = cache.removal(chosen(cache, wish));
                AtomicInteger left = new AtomicInteger(steps);
                disk.fails((step, path) -> {
                    if (step == FaultyDisk.Step.WRITE && left.getAndDecrement() <= 0) {
                        throw new FileSystemException(path.toString(), null, "killed");
                    }
                });

                Evicted evicted = cache.evict(plan);
                finished = evicted.skipped().isEmpty();

                assertIntact(copy);
                Eviction rest = new CacheRoot(copy, clock).removal(chosen(new CacheRoot(copy, clock), wish));
                new CacheRoot(copy, clock).evict(rest);
                new CacheRoot(copy, clock).evict(new CacheRoot(copy, clock).pruning(Duration.ofDays(1)));
                assertIntact(copy);
            }
            assertThat(steps).as("%s", wish).isGreaterThan(4);
        }
    }

    /** Every branch names a revision, every revision is whole, and every link of it leads somewhere. */
    private static void assertIntact(Path cache) throws IOException {
        Map<String, Integer> whole = Map.of(
                "models--acme-lab--aurora-7b/" + COMMIT, 2,
                "models--acme-lab--aurora-7b/" + OTHER_COMMIT, 2,
                "models--acme--copies/" + COMMIT, 1,
                "models--acme--copies/" + OTHER_COMMIT, 2,
                "datasets--acme--d/" + COMMIT, 1);
        List<String> seen = new ArrayList<>();
        for (CachedRepo repo : new CacheRoot(cache, new HandClock()).contents().repositories()) {
            assertThat(repo.warnings())
                    .filteredOn(warning -> warning.kind() != dev.modelfetch.CacheWarning.Kind.NO_SNAPSHOTS)
                    .isEmpty();
            for (CachedRevision revision : repo.revisions()) {
                String name = Objects.requireNonNull(repo.path().getFileName()) + "/" + revision.commit();
                seen.add(name);
                assertThat(revision.files()).as(name).hasSize(Objects.requireNonNull(whole.get(name)));
                try (Stream<Path> files = Files.walk(revision.path())) {
                    assertThat(files).allMatch(Files::exists);
                }
            }
        }
        assertThat(seen).contains("datasets--acme--d/" + COMMIT);
    }

    private void copied(Path to) throws IOException {
        PythonRepo linked = new PythonRepo(to, "models--acme-lab--aurora-7b")
                .file(COMMIT, "weights.bin", BIG)
                .file(COMMIT, "sub/new.json", NEW)
                .file(OTHER_COMMIT, "weights.bin", BIG)
                .file(OTHER_COMMIT, "old.json", OLD)
                .ref("main", COMMIT)
                .ref("refs/pr/1", OTHER_COMMIT);
        HubCache ours = new HubCache(to, Sample.REPO, true, clock);
        ours.at(OTHER_COMMIT).used();
        Files.createDirectories(linked.folder().resolve("trees"));
        Files.writeString(linked.folder().resolve("trees/" + OTHER_COMMIT + ".json"), "{}");
        new PythonRepo(to, "models--acme--copies")
                .copy(COMMIT, "a", BIG)
                .copy(OTHER_COMMIT, "a", OLD)
                .copy(OTHER_COMMIT, "deep/b", NEW)
                .ref("main", COMMIT);
        new PythonRepo(to, "datasets--acme--d").file(COMMIT, "x.csv", OLD).ref("main", COMMIT);
        PythonRepo.touch(to, longAgo);
    }

    private static List<Evictable> chosen(CacheRoot cache, List<String> wish) {
        List<Evictable> chosen = new ArrayList<>();
        for (CachedRepo repo : cache.contents().repositories()) {
            if (wish.contains(repo.key())) {
                chosen.add(repo);
            }
            repo.revisions().stream()
                    .filter(revision -> wish.contains(repo.key() + " " + revision.commit()))
                    .forEach(chosen::add);
        }
        return chosen;
    }

    @Test
    void whatIsForgottenIsNeitherMissedNorHashedAgain() throws IOException {
        HubCache ours = new HubCache(root, Sample.REPO, true, clock);
        for (String commit : List.of(THIRD_COMMIT, "3".repeat(40))) {
            SnapshotStore store = ours.at(commit);
            store.prepare(Sample.manifest("huggingface", commit, CONFIG, WEIGHTS));
            if (store.find(CONFIG).isEmpty()) {
                Sample.fetch(store, CONFIG, CONFIG_BYTES);
            }
        }
        Sample.fetch(ours.at(THIRD_COMMIT), WEIGHTS, WEIGHTS_BYTES);

        evict(removal(revision("model/acme-lab/aurora-7b", THIRD_COMMIT)));

        HubCache later = new HubCache(root, Sample.REPO, true, clock);
        assertThat(later.manifest(THIRD_COMMIT)).isEmpty();
        assertThat(later.at(THIRD_COMMIT).recorded(WEIGHTS)).isFalse();
        assertThat(later.at("3".repeat(40)).recorded(CONFIG)).isTrue();
        assertThat(later.at("3".repeat(40)).find(CONFIG).orElseThrow().from())
                .as("known as before")
                .containsExactly("mirror");
    }

    @Test
    void anInterruptEndsIt() throws IOException {
        Eviction plan = removal(repo("dataset/acme/d"));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> evict(plan)).isInstanceOf(FetchException.Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(root.resolve("datasets--acme--d")).exists();
    }

    @Test
    void onOtherSystemsTheSameGoes() throws IOException {
        for (Configuration system : List.of(Configuration.windows(), Configuration.osX(), Configuration.unix())) {
            try (FileSystem disk = Jimfs.newFileSystem(system)) {
                Path there = Files.createDirectories(disk.getPath("hub").toAbsolutePath());
                PythonRepo linked = new PythonRepo(there, "models--acme--linked")
                        .file(COMMIT, "x", BIG)
                        .file(OTHER_COMMIT, "x", BIG)
                        .file(OTHER_COMMIT, "y", OLD)
                        .ref("refs/pr/1", OTHER_COMMIT);
                PythonRepo copied = new PythonRepo(there, "models--acme--copied")
                        .copy(COMMIT, "x", NEW)
                        .copy(OTHER_COMMIT, "x", OLD);
                CacheRoot cache = new CacheRoot(there, clock);

                Evicted evicted = cache.evict(cache.removal(
                        chosen(cache, List.of("model/acme/linked " + OTHER_COMMIT, "model/acme/copied " + COMMIT))));

                assertThat(evicted.skipped()).isEmpty();
                assertThat(evicted.bytes()).isEqualTo(OLD.length + NEW.length);
                assertThat(linked.snapshot(COMMIT).resolve("x")).hasBinaryContent(BIG);
                assertThat(linked.snapshot(OTHER_COMMIT)).doesNotExist();
                assertThat(linked.folder().resolve("refs/refs")).doesNotExist();
                assertThat(copied.snapshot(COMMIT)).doesNotExist();
                assertThat(cache.evict(cache.shrinking(0)).bytes()).isEqualTo(BIG.length + OLD.length);
                assertThat(cache.contents().bytes()).isZero();
            }
        }
    }

    @Test
    void aLockOnTheRecordIsNoJob() throws IOException {
        Path own = Files.createDirectories(python.folder().resolve(".modelfetch"));
        try (Closeable record = Locks.takeRecord(own).orElseThrow()) {
            assertThat(Locks.anyTaken(own)).isFalse();
            assertThat(evict(removal(revision(OTHER_COMMIT))).skipped()).isEmpty();
        }
    }

    private static List<String> commits(Eviction plan) {
        return plan.repositories().stream()
                .flatMap(share ->
                        share.revisions().stream().map(revision -> share.repo().key() + " " + revision.commit()))
                .toList();
    }

    private CacheRoot cache() {
        return new CacheRoot(root, clock);
    }

    private Eviction removal(Evictable... what) {
        return cache().removal(List.of(what));
    }

    private Evicted evict(Eviction plan) {
        return cache().evict(plan);
    }

    private CachedRepo repo(String key) {
        return cache().contents().repositories().stream()
                .filter(repo -> repo.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private CachedRevision revision(String commit) {
        return revision("model/acme-lab/aurora-7b", commit);
    }

    private CachedRevision revision(String key, String commit) {
        return repo(key).revisions().stream()
                .filter(revision -> revision.commit().equals(commit))
                .findFirst()
                .orElseThrow();
    }
}
