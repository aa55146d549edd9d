package dev.modelfetch.internal.store.cache;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG_BYTES;
import static dev.modelfetch.internal.testing.Sample.OTHER_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Evicted;
import dev.modelfetch.Evicted.Reason;
import dev.modelfetch.Evicted.Skipped;
import dev.modelfetch.Eviction;
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
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays whatever happens between a plan and its end: jobs, other programs, changes, refusals, a kill. */
class EvictionUnderwayTest extends EvictionBench {

    @Test
    void whileAJobIsInNothingOfItsRepositoryGoes() throws IOException {
        Eviction plan = removal(repo("model/acme-lab/aurora-7b"), repo("dataset/acme/d"));
        Closeable first = new HubCache(root, Sample.REPO, true, clock).enter().orElseThrow();
        Closeable second = new HubCache(root, Sample.REPO, true, clock).enter().orElseThrow();
        try (first;
                second) {
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

    @Test
    void anInterruptEndsIt() throws IOException {
        Eviction plan = removal(repo("dataset/acme/d"));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> evict(plan)).isInstanceOf(FetchException.Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(root.resolve("datasets--acme--d")).exists();
    }

    @Test
    void aLockOnTheRecordIsNoJob() throws IOException {
        Path own = Files.createDirectories(python.folder().resolve(".modelfetch"));
        Closeable record = Locks.takeRecord(own).orElseThrow();
        try (record) {
            assertThat(Locks.anyTaken(own)).isFalse();
            assertThat(evict(removal(revision(OTHER_COMMIT))).skipped()).isEmpty();
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
}
