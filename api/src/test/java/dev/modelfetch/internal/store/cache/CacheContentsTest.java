package dev.modelfetch.internal.store.cache;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG;
import static dev.modelfetch.internal.testing.Sample.CONFIG_BYTES;
import static dev.modelfetch.internal.testing.Sample.CONFIG_GIT;
import static dev.modelfetch.internal.testing.Sample.OTHER_COMMIT;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_BYTES;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_SHA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelfetch.CacheContents;
import dev.modelfetch.CacheWarning;
import dev.modelfetch.CacheWarning.Kind;
import dev.modelfetch.CachedFile;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.FetchException;
import dev.modelfetch.Leftover;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FaultyDisk;
import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cache shows, whoever has filled it. */
class CacheContentsTest {

    private static final byte[] BIG = Bytes.random(1_000, 1);
    private static final byte[] SMALL = Bytes.of("small\n");
    private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");

    private final HandClock clock = new HandClock();

    @TempDir
    Path root;

    @Test
    void aRepositoryOfThePythonLibraryIsShownAsItShowsItItself() throws IOException {
        PythonRepo python = new PythonRepo(root, "models--acme-lab--aurora-7b")
                .file(COMMIT, "config.json", SMALL)
                .file(COMMIT, "onnx/model.onnx", BIG)
                .file(OTHER_COMMIT, "onnx/model.onnx", BIG)
                .ref("main", COMMIT)
                .ref("v1.0", COMMIT)
                .ref("refs/pr/1", OTHER_COMMIT);
        PythonRepo.touch(python.folder(), MARCH);
        Files.setAttribute(python.blob(SMALL), "lastAccessTime", java.nio.file.attribute.FileTime.from(APRIL));

        CacheContents contents = contents(root);

        assertThat(contents.warnings()).isEmpty();
        assertThat(contents.bytes()).isEqualTo(BIG.length + SMALL.length);
        CachedRepo repo = only(contents);
        assertThat(repo.key()).isEqualTo("model/acme-lab/aurora-7b");
        assertThat(repo.repo()).contains(Sample.REPO);
        assertThat(repo.path()).isEqualTo(python.folder());
        assertThat(repo.size()).isEqualTo(BIG.length + SMALL.length);
        assertThat(repo.files()).isEqualTo(2);
        assertThat(repo.lastModified()).isEqualTo(MARCH);
        assertThat(repo.lastAccessed()).isEqualTo(APRIL);
        assertThat(repo.refs()).isEqualTo(Map.of("main", COMMIT, "v1.0", COMMIT, "refs/pr/1", OTHER_COMMIT));
        assertThat(repo.leftovers()).isEmpty();
        assertThat(repo.warnings()).isEmpty();
        CachedRevision first = revision(repo, COMMIT);
        assertThat(first.path()).isEqualTo(python.snapshot(COMMIT));
        assertThat(first.refs()).containsExactly("main", "v1.0");
        assertThat(first.size()).isEqualTo(BIG.length + SMALL.length);
        assertThat(first.lastAccessed()).isEqualTo(APRIL);
        assertThat(first.source()).isEmpty();
        assertThat(first.missing()).isEmpty();
        assertThat(first.verified()).isEmpty();
        assertThat(first.files())
                .containsExactly(
                        new CachedFile(
                                "config.json",
                                python.blob(SMALL),
                                SMALL.length,
                                APRIL,
                                MARCH,
                                List.of(),
                                java.util.Optional.empty()),
                        new CachedFile(
                                "onnx/model.onnx",
                                python.blob(BIG),
                                BIG.length,
                                MARCH,
                                MARCH,
                                List.of(),
                                java.util.Optional.empty()));
        CachedRevision second = revision(repo, OTHER_COMMIT);
        assertThat(second.size()).isEqualTo(BIG.length);
        assertThat(second.lastAccessed()).isEqualTo(MARCH);
    }

    @Test
    void whatThisProgramStoredIsShownWithWhereItCameFrom() throws IOException {
        SnapshotStore store = Sample.hubCache(root).at(COMMIT);
        Sample.fetchAll(store, Sample.manifest(CONFIG, WEIGHTS), CONFIG_BYTES, WEIGHTS_BYTES);
        SnapshotStore other = Sample.hubCache(root).at(OTHER_COMMIT);
        other.prepare(Sample.manifest("modelscope", OTHER_COMMIT, WEIGHTS, CONFIG));
        assertThat(other.find(WEIGHTS)).isPresent();

        CachedRepo repo = only(contents(root));

        CachedRevision whole = revision(repo, COMMIT);
        assertThat(whole.source()).contains("huggingface");
        assertThat(whole.missing()).isEqualTo(OptionalInt.of(0));
        assertThat(whole.verified()).contains(Verification.ORIGIN);
        assertThat(whole.files())
                .extracting(
                        CachedFile::path,
                        CachedFile::from,
                        file -> file.blob().getFileName().toString())
                .containsExactly(
                        tuple("config.json", List.of("mirror"), CONFIG_GIT),
                        tuple("onnx/model.onnx", List.of("mirror"), WEIGHTS_SHA));
        CachedRevision part = revision(repo, OTHER_COMMIT);
        assertThat(part.source()).contains("modelscope");
        assertThat(part.missing()).isEqualTo(OptionalInt.of(1));
        assertThat(part.refs()).isEmpty();
    }

    /** Whoever asked what a cache holds has not used it. */
    @Test
    void lookingWritesNothing() throws IOException {
        new PythonRepo(root, "models--a--b").file(COMMIT, "x", SMALL).ref("main", COMMIT);
        Sample.fetchAll(Sample.hubCache(root).at(COMMIT), Sample.manifest(CONFIG), CONFIG_BYTES);
        List<String> before = Sample.files(root);
        FaultyDisk disk = FaultyDisk.of(root);
        disk.fails((step, path) -> {
            if (step == FaultyDisk.Step.WRITE) {
                throw new AccessDeniedException(path.toString());
            }
        });

        CacheContents contents = contents(disk.path(root));

        assertThat(contents.repositories())
                .hasSize(2)
                .allMatch(repo -> repo.warnings().isEmpty());
        assertThat(Sample.files(root)).isEqualTo(before);
    }

    @Test
    void aFileInItsPlaceCountsForEachRevisionThatHasOne() throws IOException {
        new PythonRepo(root, "datasets--acme--d")
                .copy(COMMIT, "data/x.csv", BIG)
                .copy(OTHER_COMMIT, "data/x.csv", BIG)
                .ref("main", COMMIT);

        CachedRepo repo = only(contents(root));

        assertThat(repo.key()).isEqualTo("dataset/acme/d");
        assertThat(repo.size()).isEqualTo(2 * BIG.length);
        assertThat(repo.files()).isEqualTo(2);
        assertThat(revision(repo, COMMIT).files().get(0).blob())
                .isEqualTo(repo.path().resolve("snapshots").resolve(COMMIT).resolve("data/x.csv"));
    }

    @Test
    void bytesWithSeveralNamesCountOnce() throws IOException {
        PythonRepo python = new PythonRepo(root, "models--gpt2").copy(COMMIT, "a.bin", BIG);
        Files.createDirectories(python.snapshot(OTHER_COMMIT));
        Files.createLink(
                python.snapshot(OTHER_COMMIT).resolve("a.bin"),
                python.snapshot(COMMIT).resolve("a.bin"));
        Files.createDirectories(python.blob(BIG).getParent());
        Files.createLink(python.blob(BIG), python.snapshot(COMMIT).resolve("a.bin"));

        CacheContents contents = contents(root);

        assertThat(contents.bytes()).isEqualTo(BIG.length);
        CachedRepo repo = only(contents);
        assertThat(repo.key()).isEqualTo("model/gpt2");
        assertThat(repo.size()).isEqualTo(BIG.length);
        assertThat(repo.leftovers()).as("the blob belongs to both").isEmpty();
    }

    @Test
    void brokenPartsAreNamedAndHideNothing() throws IOException {
        PythonRepo python = new PythonRepo(root, "models--acme--half")
                .file(COMMIT, "config.json", SMALL)
                .file(COMMIT, "gone.bin", BIG)
                .ref("main", COMMIT)
                .ref("old", OTHER_COMMIT)
                .ref("empty", "")
                .ref("torn", "../../etc")
                .ref("v2.0a0b0c0d.tmp", COMMIT)
                .ref(".DS_Store", "x");
        Files.delete(python.blob(BIG));
        Files.write(python.folder().resolve("refs/binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        Files.writeString(python.folder().resolve("snapshots/stray.txt"), "x");
        Files.writeString(python.folder().resolve("snapshots/.DS_Store"), "x");
        PythonRepo empty = new PythonRepo(root, "models--acme--empty").ref("main", COMMIT);

        CacheContents contents = contents(root);

        assertThat(contents.repositories()).extracting(CachedRepo::id).containsExactly("acme/empty", "acme/half");
        CachedRepo half = contents.repositories().get(1);
        assertThat(half.warnings())
                .extracting(
                        CacheWarning::kind,
                        warning -> python.folder().relativize(warning.path()).toString())
                .containsExactlyInAnyOrder(
                        tuple(Kind.BROKEN_LINK, "snapshots/" + COMMIT + "/gone.bin"),
                        tuple(Kind.NOT_A_REVISION, "snapshots/stray.txt"),
                        tuple(Kind.DANGLING_REF, "refs/old"),
                        tuple(Kind.BAD_REF, "refs/empty"),
                        tuple(Kind.BAD_REF, "refs/torn"),
                        tuple(Kind.BAD_REF, "refs/binary"));
        assertThat(half.refs()).isEqualTo(Map.of("main", COMMIT, "old", OTHER_COMMIT));
        assertThat(revision(half, COMMIT).files()).extracting(CachedFile::path).containsExactly("config.json");
        assertThat(contents.repositories().get(0).warnings())
                .extracting(CacheWarning::kind, CacheWarning::path)
                .containsExactly(tuple(Kind.NO_SNAPSHOTS, empty.folder()));
    }

    @Test
    void whatIsNoRepositoryIsNamed() throws IOException {
        new PythonRepo(root, "models--acme--fine").file(COMMIT, "x", SMALL);
        new PythonRepo(root, "kernels--acme--fast").file(COMMIT, "x", SMALL);
        Files.createDirectories(root.resolve(".locks/models--acme--fine"));
        Files.writeString(root.resolve("CACHEDIR.TAG"), "x");
        Files.writeString(root.resolve("Thumbs.db"), "x");
        Files.createDirectories(root.resolve("models"));
        Files.createDirectories(root.resolve("buckets--acme--x"));
        Files.createDirectories(root.resolve("blobs/ab"));
        Files.writeString(root.resolve("models--acme--file"), "x");

        CacheContents contents = contents(root);

        assertThat(contents.repositories())
                .extracting(CachedRepo::key)
                .containsExactly("kernel/acme/fast", "model/acme/fine");
        assertThat(contents.repositories().get(0).repo()).isEmpty();
        assertThat(contents.warnings())
                .allMatch(warning -> warning.kind() == Kind.NOT_A_REPOSITORY)
                .extracting(warning -> warning.path().getFileName().toString())
                .containsExactlyInAnyOrder("models", "buckets--acme--x", "blobs", "models--acme--file");
    }

    @Test
    void aFolderThatCannotBeReadHidesNoOther() throws IOException {
        new PythonRepo(root, "models--acme--one").file(COMMIT, "x", SMALL).file(COMMIT, "deep/y", BIG);
        new PythonRepo(root, "models--acme--two").file(COMMIT, "x", SMALL);
        FaultyDisk disk = FaultyDisk.of(root);
        disk.fails((step, path) -> {
            if (step == FaultyDisk.Step.LIST
                    && (path.endsWith("deep") || path.endsWith("models--acme--two/snapshots"))) {
                throw new AccessDeniedException(path.toString());
            }
        });

        List<CachedRepo> repos = contents(disk.path(root)).repositories();

        assertThat(repos).hasSize(2);
        assertThat(repos.get(0).revisions().get(0).files())
                .extracting(CachedFile::path)
                .containsExactly("x");
        assertThat(repos.get(0).warnings()).extracting(CacheWarning::kind).containsExactly(Kind.UNREADABLE);
        assertThat(repos.get(1).revisions()).isEmpty();
        assertThat(repos.get(1).warnings()).extracting(CacheWarning::kind).containsExactly(Kind.UNREADABLE);
    }

    @Test
    void aCacheThatIsNotThereIsEmptyAndAFileIsNone() throws IOException {
        assertThat(contents(root.resolve("nowhere")))
                .isEqualTo(new CacheContents(root.resolve("nowhere"), 0, List.of(), List.of(), List.of()));
        Path file = Files.writeString(root.resolve("file"), "x");

        assertThatThrownBy(() -> contents(file))
                .isInstanceOf(FetchException.Storage.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void whatIsUnfinishedIsShownByWhoBeganIt() throws IOException {
        PythonRepo python = new PythonRepo(root, "models--acme-lab--aurora-7b").file(COMMIT, "x", SMALL);
        Path incomplete = python.folder().resolve("blobs/" + WEIGHTS_SHA + ".0a0b0c0d.incomplete");
        Files.write(incomplete, new byte[77]);
        Path loose = Files.write(python.folder().resolve("blobs/" + CONFIG_GIT), CONFIG_BYTES);
        SnapshotStore store = Sample.hubCache(root).at(OTHER_COMMIT);
        byte[] large = Bytes.random(600_000, 3);
        store.prepare(Sample.manifest("huggingface", OTHER_COMMIT, Bytes.large("large.bin", large)));
        try (Partial partial = store.partial(Bytes.large("large.bin", large)).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(large, 0, 1_000), "mirror");
            partial.write(500_000, ByteBuffer.wrap(large, 500_000, 2_000), "mirror");
        }
        Path own = python.folder().resolve(".modelfetch");
        Path left = Files.write(own.resolve("tmp-0a0b0c0d"), new byte[5]);
        PythonRepo.times(incomplete, APRIL);

        CacheContents contents = contents(root);

        CachedRepo repo = only(contents);
        assertThat(repo.leftovers())
                .extracting(Leftover::path, Leftover::kind, Leftover::bytes)
                .containsExactlyInAnyOrder(
                        tuple(incomplete, Leftover.Kind.INCOMPLETE, 77L),
                        tuple(loose, Leftover.Kind.UNREFERENCED, (long) CONFIG_BYTES.length),
                        tuple(own.resolve(Bytes.sha256(large).hex() + ".part"), Leftover.Kind.PARTIAL, 3_000L),
                        tuple(left, Leftover.Kind.TEMPORARY, 5L));
        assertThat(repo.leftovers())
                .filteredOn(leftover -> leftover.path().equals(incomplete))
                .extracting(Leftover::lastModified)
                .containsExactly(APRIL);
        assertThat(repo.size()).isEqualTo(SMALL.length);
        assertThat(contents.bytes()).isEqualTo(SMALL.length + 77 + CONFIG_BYTES.length + 3_000 + 5);
    }

    @Test
    void contentThatRepositoriesShareCountsOnceAndInEach() throws IOException {
        String xet = "bf".repeat(32);
        new PythonRepo(root, "models--a--one").file(COMMIT, "m.bin", BIG).share(BIG, xet);
        new PythonRepo(root, "models--b--two").file(COMMIT, "m.bin", BIG).share(BIG, xet);
        String unused = "ab".repeat(32);
        Path entry = root.resolve("blobs/ab").resolve(unused);
        Files.createDirectories(entry.getParent());
        Files.write(entry, SMALL);
        Files.writeString(entry.resolveSibling(unused + ".refs"), "models--a--one/blobs/gone\n../../etc/passwd\n");
        Path kept = Files.write(entry.resolveSibling("abcd"), SMALL);

        CacheContents contents = contents(root);

        assertThat(contents.warnings()).isEmpty();
        assertThat(contents.repositories()).extracting(CachedRepo::size).containsOnly((long) BIG.length);
        assertThat(contents.repositories())
                .allMatch(repo -> repo.leftovers().isEmpty() && repo.warnings().isEmpty());
        assertThat(contents.bytes()).isEqualTo(BIG.length + 2L * SMALL.length);
        assertThat(contents.leftovers())
                .as("without a list of users it stays: %s", kept)
                .extracting(Leftover::path)
                .containsExactly(entry);
    }

    @Test
    void aLinkOutOfTheCacheIsFollowedAndNamed(@TempDir Path elsewhere) throws IOException {
        PythonRepo far = new PythonRepo(elsewhere, "models--acme--far").file(COMMIT, "x", BIG);
        Files.createSymbolicLink(root.resolve("models--acme--far"), far.folder());
        PythonRepo near = new PythonRepo(root, "models--acme--near");
        Files.createSymbolicLink(near.folder().resolve("blobs"), Files.createDirectory(elsewhere.resolve("blobs")));
        near.file(COMMIT, "x", BIG);

        CacheContents contents = contents(root);

        assertThat(contents.bytes()).as("nothing of it is in the cache").isZero();
        assertThat(contents.repositories()).extracting(CachedRepo::size).containsOnly((long) BIG.length);
        assertThat(contents.repositories().get(0).warnings())
                .extracting(CacheWarning::kind, CacheWarning::path)
                .containsExactly(tuple(Kind.OUTSIDE, root.resolve("models--acme--far")));
        assertThat(contents.repositories().get(1).warnings())
                .extracting(CacheWarning::kind, CacheWarning::path)
                .containsExactly(tuple(Kind.OUTSIDE, near.folder().resolve("blobs")));
        assertThat(contents.repositories()
                        .get(1)
                        .revisions()
                        .get(0)
                        .files()
                        .get(0)
                        .blob())
                .isEqualTo(near.blob(BIG));
    }

    @Test
    void ourOwnRecordOfTheLastUseCounts() throws IOException {
        PythonRepo python = new PythonRepo(root, "models--acme-lab--aurora-7b")
                .file(COMMIT, "x", SMALL)
                .file(OTHER_COMMIT, "x", SMALL);
        PythonRepo.touch(python.folder(), MARCH);
        HubCache cache = new HubCache(root, Sample.REPO, true, clock);

        cache.at(COMMIT).used();
        Instant used = clock.instant();
        clock.pass(Duration.ofMinutes(59));
        cache.at(COMMIT).used();

        assertThat(revision(only(contents(root)), COMMIT).lastAccessed())
                .as("once an hour is enough")
                .isEqualTo(used);
        assertThat(revision(only(contents(root)), OTHER_COMMIT).lastAccessed()).isEqualTo(MARCH);
        clock.pass(Duration.ofMinutes(2));
        cache.at(COMMIT).used();
        assertThat(only(contents(root)).lastAccessed()).isEqualTo(clock.instant());
    }

    @Test
    void aUseThatCannotBeNotedDownIsOneAllTheSame() {
        FaultyDisk disk = FaultyDisk.of(root);
        disk.fails((step, path) -> {
            if (step == FaultyDisk.Step.WRITE) {
                throw new AccessDeniedException(path.toString());
            }
        });

        new HubCache(disk.path(root), Sample.REPO, true, clock).at(COMMIT).used();

        assertThat(root).isEmptyDirectory();
    }

    @Test
    void otherSystemsShowTheSame() throws IOException {
        for (Configuration system : List.of(Configuration.windows(), Configuration.osX(), Configuration.unix())) {
            try (FileSystem disk = Jimfs.newFileSystem(system)) {
                Path there = Files.createDirectories(disk.getPath("hub").toAbsolutePath());
                new PythonRepo(there, "models--acme--linked")
                        .file(COMMIT, "deep/er/x", BIG)
                        .file(OTHER_COMMIT, "x", BIG)
                        .ref("refs/pr/1", COMMIT);
                new PythonRepo(there, "spaces--acme--copied").copy(COMMIT, "deep/x", SMALL);

                CacheContents contents = contents(there);

                assertThat(contents.warnings()).isEmpty();
                assertThat(contents.bytes()).isEqualTo(BIG.length + SMALL.length);
                CachedRepo linked = contents.repositories().get(0);
                assertThat(linked.warnings()).isEmpty();
                assertThat(linked.refs()).containsOnlyKeys("refs/pr/1");
                assertThat(linked.size()).isEqualTo(BIG.length);
                assertThat(revision(linked, COMMIT).files())
                        .extracting(CachedFile::path)
                        .containsExactly("deep/er/x");
                assertThat(contents.repositories().get(1).key()).isEqualTo("space/acme/copied");
            }
        }
    }

    private CacheContents contents(Path of) {
        return new CacheRoot(of, clock).contents();
    }

    private static CachedRepo only(CacheContents contents) {
        assertThat(contents.repositories()).hasSize(1);
        return contents.repositories().get(0);
    }

    private static CachedRevision revision(CachedRepo repo, String commit) {
        return repo.revisions().stream()
                .filter(each -> each.commit().equals(commit))
                .findFirst()
                .orElseThrow();
    }
}
