package dev.modelfetch.internal.store;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG;
import static dev.modelfetch.internal.testing.Sample.CONFIG_BYTES;
import static dev.modelfetch.internal.testing.Sample.CONFIG_GIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG_SHA;
import static dev.modelfetch.internal.testing.Sample.EMPTY;
import static dev.modelfetch.internal.testing.Sample.OTHER_COMMIT;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_BYTES;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_SHA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.FaultyDisk;
import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheTest {

    @TempDir
    Path root;

    private Path folder;
    private HubCache cache;
    private SnapshotStore store;

    @BeforeEach
    void open() {
        cache = Sample.hubCache(root);
        store = cache.at(COMMIT);
        folder = root.resolve("models--acme-lab--aurora-7b");
    }

    @Test
    void theFolderIsNamedByTypeAndIdAsTyped() {
        assertThat(cache.folder()).isEqualTo(folder);
        assertThat(HubCache.folderName(Repo.of(RepoType.MODEL, "gpt2"))).isEqualTo("models--gpt2");
        assertThat(HubCache.folderName(Repo.of(RepoType.DATASET, "Org/Data_1"))).isEqualTo("datasets--Org--Data_1");
        assertThat(HubCache.folderName(Repo.of(RepoType.SPACE, "o/n"))).isEqualTo("spaces--o--n");
    }

    @Test
    void aFetchedRepositoryLooksAsThePythonLibraryLeavesIt() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG, WEIGHTS, EMPTY), CONFIG_BYTES, WEIGHTS_BYTES, new byte[0]);

        assertThat(Sample.files(root))
                .containsExactly(
                        "CACHEDIR.TAG",
                        "models--acme-lab--aurora-7b/.modelfetch/listings/" + COMMIT + ".json",
                        "models--acme-lab--aurora-7b/.modelfetch/locks",
                        "models--acme-lab--aurora-7b/.modelfetch/provenance.ndjson",
                        "models--acme-lab--aurora-7b/blobs/" + CONFIG_GIT,
                        "models--acme-lab--aurora-7b/blobs/" + WEIGHTS_SHA,
                        "models--acme-lab--aurora-7b/blobs/" + Sample.EMPTY_GIT,
                        "models--acme-lab--aurora-7b/refs/main",
                        "models--acme-lab--aurora-7b/snapshots/" + COMMIT + "/.gitkeep",
                        "models--acme-lab--aurora-7b/snapshots/" + COMMIT + "/config.json",
                        "models--acme-lab--aurora-7b/snapshots/" + COMMIT + "/onnx/model.onnx",
                        "models--acme-lab--aurora-7b/trees/" + COMMIT + ".json");
        Path snapshot = folder.resolve("snapshots/" + COMMIT);
        assertThat(Files.readSymbolicLink(snapshot.resolve("config.json"))).hasToString("../../blobs/" + CONFIG_GIT);
        assertThat(Files.readSymbolicLink(snapshot.resolve("onnx/model.onnx")))
                .hasToString("../../../blobs/" + WEIGHTS_SHA);
        assertThat(snapshot.resolve("onnx/model.onnx")).hasBinaryContent(WEIGHTS_BYTES);
        assertThat(folder.resolve("refs/main")).hasBinaryContent(Sample.bytes(COMMIT));
        assertThat(Files.readAllLines(root.resolve("CACHEDIR.TAG")).get(0))
                .isEqualTo("Signature: 8a477f597d28d172789f06886806bc55");
        assertThat(store.root()).isEqualTo(snapshot);
    }

    /** Their names lead up to the blobs by another way than the text of the path says. */
    @Test
    void snapshotsOnAnotherDiskShowTheBlobsAllTheSame(@TempDir Path elsewhere) throws IOException {
        Path far = Files.createDirectories(elsewhere.resolve("a/b/c"));
        Files.createDirectories(folder);
        Files.createSymbolicLink(folder.resolve("snapshots"), far);
        Sample.fetchAll(store, Sample.manifest(CONFIG, WEIGHTS), CONFIG_BYTES, WEIGHTS_BYTES);

        assertThat(store.root().resolve("config.json")).isSymbolicLink().hasBinaryContent(CONFIG_BYTES);
        assertThat(store.root().resolve("onnx/model.onnx")).isSymbolicLink().hasBinaryContent(WEIGHTS_BYTES);
        assertThat(Sample.hubCache(root).at(COMMIT).find(WEIGHTS).orElseThrow().from())
                .containsExactly("mirror");
    }

    @Test
    void blobsOnAnotherDiskAreShownByTheUsualLinks(@TempDir Path elsewhere) throws IOException {
        Files.createDirectories(folder);
        Files.createSymbolicLink(folder.resolve("blobs"), elsewhere);
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);

        assertThat(Files.readSymbolicLink(store.root().resolve("config.json")))
                .hasToString("../../blobs/" + CONFIG_GIT);
        assertThat(store.root().resolve("config.json")).hasBinaryContent(CONFIG_BYTES);
    }

    @Test
    void theTreeFileIsWhatThePythonLibraryWrites() throws IOException {
        store.prepare(Sample.manifest(WEIGHTS, CONFIG));

        assertThat(folder.resolve("trees/" + COMMIT + ".json")).hasContent("""
                        {
                         "format_version": 1,
                         "files": {
                          "config.json": {
                           "size": 25,
                           "blob_id": "4c1ee3938fa977800a1dd22f4a69d9aebfe28ea0"
                          },
                          "onnx/model.onnx": {
                           "size": 15,
                           "blob_id": "fd77d29435ca133f44e203340c98344841c3ad77",
                           "lfs_sha256": "9e12732adeb0be3cb7b8ede4258b5794812d32759a855339fa1369cb9d7dbfec",
                           "lfs_size": 15
                          }
                         }
                        }""");
    }

    @Test
    void aTreeFileIsOnlyWrittenWhenItIsTheWholeTruth() throws IOException {
        Manifest whole = Sample.manifest(CONFIG);
        Manifest torn = new Manifest("mirror", "huggingface", Sample.REPO, "main", COMMIT, whole.files(), false);
        store.prepare(torn);
        store.prepare(Sample.manifest("modelscope", COMMIT, CONFIG));
        store.prepare(Sample.manifest(CONFIG, Sample.withShaOnly("a", CONFIG_BYTES)));
        assertThat(folder.resolve("trees")).doesNotExist();

        Path theirs = Files.createDirectories(folder.resolve("trees")).resolve(COMMIT + ".json");
        Files.writeString(theirs, "{theirs}");
        store.prepare(whole);
        assertThat(theirs).hasContent("{theirs}");
    }

    @Test
    void anExistingTagAndUnrelatedFilesStay() throws IOException {
        Files.writeString(root.resolve("CACHEDIR.TAG"), "theirs");
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);

        assertThat(root.resolve("CACHEDIR.TAG")).hasContent("theirs");
    }

    @Test
    void whatWasFetchedIsFoundWithItsHistory() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);

        assertThat(Sample.hubCache(root).at(COMMIT).find(CONFIG))
                .contains(new StoredFile(
                        store.root().resolve("config.json"),
                        Digest.sha256(CONFIG_SHA),
                        List.of("mirror"),
                        Verification.ORIGIN));
        assertThat(store.find(WEIGHTS)).isEmpty();
        assertThat(store.seems(CONFIG)).isTrue();
        assertThat(store.seems(WEIGHTS)).isFalse();
        assertThat(store.recorded(CONFIG)).isTrue();
        assertThat(store.recorded(WEIGHTS)).isFalse();
    }

    @Test
    void whatPythonStoredIsHashedOnceAndReused() throws IOException {
        Path blob = storedByPython(CONFIG_GIT, CONFIG_BYTES, "config.json");
        StoredFile first = store.find(CONFIG, Verification.ORIGIN).orElseThrow();
        assertThat(first.from()).containsExactly("cache");
        assertThat(first.sha256()).isEqualTo(Digest.sha256(CONFIG_SHA));
        assertThat(first.verified()).isEqualTo(Verification.ORIGIN);

        // Same length and time, other bytes: only somebody who hashes again would notice.
        FileTime time = Files.getLastModifiedTime(blob);
        Files.write(blob, new byte[25]);
        Files.setLastModifiedTime(blob, time);
        assertThat(Sample.hubCache(root).at(COMMIT).find(CONFIG)).contains(first);

        store.distrust(CONFIG);
        assertThat(store.find(CONFIG)).isEmpty();
        assertThat(store.recorded(CONFIG)).isTrue();
    }

    @Test
    void aDamagedBlobIsNotFoundAndIsReplaced() throws IOException {
        Path blob = storedByPython(CONFIG_GIT, new byte[25], "config.json");
        assertThat(store.find(CONFIG)).isEmpty();
        store.checkReplaceable(CONFIG);

        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        assertThat(blob).hasBinaryContent(CONFIG_BYTES);
        assertThat(store.find(CONFIG)).isPresent();
    }

    @Test
    void aDoubtedBlobDoesNotSeemStored() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        store.distrust(CONFIG);

        assertThat(store.seems(CONFIG)).isFalse();
        assertThat(store.find(CONFIG)).as("hashed, and right after all").isPresent();
        assertThat(store.seems(CONFIG)).isTrue();
    }

    @Test
    void aBlobOfTheWrongLengthIsNotFound() throws IOException {
        storedByPython(CONFIG_GIT, new byte[24], "config.json");

        assertThat(store.find(CONFIG)).isEmpty();
        assertThat(store.seems(CONFIG)).isFalse();
    }

    @Test
    void contentOfAnotherCommitOnlyNeedsALink() throws IOException {
        Sample.fetchAll(store, Sample.manifest(WEIGHTS), WEIGHTS_BYTES);
        SnapshotStore later = cache.at(OTHER_COMMIT);
        assertThat(later.seems(WEIGHTS)).isTrue();
        assertThat(later.root()).doesNotExist();

        StoredFile stored = later.find(WEIGHTS).orElseThrow();
        assertThat(stored.path()).isEqualTo(later.root().resolve("onnx/model.onnx"));
        assertThat(stored.from()).containsExactly("mirror");
        assertThat(Files.readSymbolicLink(stored.path())).hasToString("../../../blobs/" + WEIGHTS_SHA);
    }

    @Test
    void aListingWithOnlySha256FindsWhatWasStoredUnderAGitId() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);

        StoredFile stored = cache.at(OTHER_COMMIT)
                .find(Sample.withShaOnly("config.json", CONFIG_BYTES))
                .orElseThrow();
        assertThat(Files.readSymbolicLink(stored.path())).hasToString("../../blobs/" + CONFIG_GIT);
    }

    @Test
    void aListingWithOnlySha256FindsWhatPythonStoredUnderAGitId() throws IOException {
        storedByPython(CONFIG_GIT, CONFIG_BYTES, "config.json");

        StoredFile stored = cache.at(OTHER_COMMIT)
                .find(Sample.withShaOnly("config.json", CONFIG_BYTES))
                .orElseThrow();
        assertThat(stored.from()).containsExactly("cache");
        assertThat(cache.at(OTHER_COMMIT).find(Sample.withShaOnly("config.json", new byte[25])))
                .isEmpty();
    }

    @Test
    void twoPathsWithOneContentShareABlob() throws IOException {
        RepoFile copy = new RepoFile("copy.json", 25, null, Digest.gitBlob(CONFIG_GIT), false);
        Sample.fetchAll(store, Sample.manifest(CONFIG, copy), CONFIG_BYTES);

        assertThat(store.find(copy)).isPresent();
        try (Stream<Path> blobs = Files.list(folder.resolve("blobs"))) {
            assertThat(blobs).hasSize(1);
        }
    }

    @Test
    void aFileWithoutDigestIsOnlyFoundInItsPlace() throws IOException {
        RepoFile plain = new RepoFile("config.json", 25, null, null, false);
        Sample.fetchAll(store, Sample.manifest(plain), CONFIG_BYTES);

        assertThat(store.find(plain)).isPresent();
        assertThat(cache.at(OTHER_COMMIT).find(plain)).isEmpty();
        assertThat(folder.resolve("blobs/" + CONFIG_GIT)).exists();
    }

    @Test
    void aPartialIsContinuedByAnyCommitWithTheSameContent() throws IOException {
        store.prepare(Sample.manifest(WEIGHTS));
        try (Partial partial = store.partial(WEIGHTS).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(WEIGHTS_BYTES, 0, 9), "hub");
            assertThat(store.partial(WEIGHTS)).isEmpty();
        }
        RepoFile moved = new RepoFile("elsewhere.bin", 15, WEIGHTS.sha256(), null, false);

        assertThat(cache.at(OTHER_COMMIT).partialBytes(moved)).isEqualTo(9);
        assertThat(store.partialBytes(CONFIG)).isZero();
    }

    @Test
    void planningWritesNothing() throws IOException {
        assertThat(store.seems(CONFIG)).isFalse();
        assertThat(store.partialBytes(CONFIG)).isZero();
        assertThat(store.recorded(CONFIG)).isFalse();
        store.checkReplaceable(CONFIG);
        store.check(List.of(CONFIG, WEIGHTS));
        assertThat(cache.ref("main")).isEmpty();
        assertThat(cache.manifest(COMMIT)).isEmpty();
        assertThat(cache.commits()).isEmpty();
        assertThat(store.usableBytes()).isPositive();

        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aCommitFetchedByItsHashGetsNoRef() throws IOException {
        store.prepare(Sample.manifest(CONFIG));
        store.finish(Sample.manifest(CONFIG), COMMIT);

        assertThat(folder.resolve("refs")).doesNotExist();
        assertThat(cache.ref(COMMIT)).contains(COMMIT);
    }

    @Test
    void aRevisionWithSlashesIsAFolderBelowRefs() throws IOException {
        store.prepare(Sample.manifest(CONFIG));
        store.finish(Sample.manifest(CONFIG), "refs/pr/1");
        store.finish(Sample.manifest(CONFIG), "../../../escape");

        assertThat(folder.resolve("refs/refs/pr/1")).hasBinaryContent(Sample.bytes(COMMIT));
        assertThat(cache.ref("refs/pr/1")).contains(COMMIT);
        assertThat(root.resolve("escape")).doesNotExist();
    }

    @Test
    void aRefWithALineEndIsReadAllTheSame() throws IOException {
        Files.createDirectories(folder.resolve("refs"));
        Files.writeString(folder.resolve("refs/main"), COMMIT + "\n");

        assertThat(cache.ref("main")).contains(COMMIT);
    }

    @Test
    void anotherHubDoesNotMoveARefOfTheHub() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        Manifest other = Sample.manifest("modelscope", OTHER_COMMIT, CONFIG);
        cache.at(OTHER_COMMIT).prepare(other);
        cache.at(OTHER_COMMIT).finish(other, null);
        assertThat(cache.ref("main")).contains(COMMIT);

        Files.delete(folder.resolve(".modelfetch/listings/" + COMMIT + ".json"));
        cache.at(OTHER_COMMIT).finish(other, null);
        assertThat(cache.ref("main")).as("a ref nobody knows is Python's").contains(COMMIT);
    }

    @Test
    void anotherHubMovesItsOwnRefAndTheHubMovesAny() throws IOException {
        Manifest first = Sample.manifest("modelscope", OTHER_COMMIT, CONFIG);
        cache.at(OTHER_COMMIT).prepare(first);
        cache.at(OTHER_COMMIT).finish(first, "main");
        assertThat(cache.ref("main")).contains(OTHER_COMMIT);

        String third = "2222222222222222222222222222222222222222";
        Manifest second = Sample.manifest("modelscope", third, CONFIG);
        cache.at(third).prepare(second);
        cache.at(third).finish(second, "main");
        assertThat(cache.ref("main")).contains(third);

        store.prepare(Sample.manifest(CONFIG));
        store.finish(Sample.manifest(CONFIG), "main");
        assertThat(cache.ref("main")).contains(COMMIT);
    }

    @Test
    void theListingIsRemembered() throws IOException {
        Manifest manifest =
                Sample.manifest("modelscope", COMMIT, CONFIG, WEIGHTS, Sample.withShaOnly("模型", CONFIG_BYTES));
        store.prepare(manifest);
        assertThat(Sample.hubCache(root).manifest(COMMIT)).contains(manifest);

        Manifest torn = new Manifest("x", "modelscope", Sample.REPO, "main", COMMIT, List.of(CONFIG), false);
        store.prepare(torn);
        assertThat(cache.manifest(COMMIT)).as("less does not replace more").contains(manifest);
        assertThat(cache.commits()).containsExactly(COMMIT);
    }

    @Test
    void withoutAListingOfOursThatOfPythonIsUsed() throws IOException {
        store.prepare(Sample.manifest(CONFIG, WEIGHTS));
        Files.writeString(folder.resolve(".modelfetch/listings/" + COMMIT + ".json"), "{broken");

        Manifest manifest = cache.manifest(COMMIT).orElseThrow();
        assertThat(manifest.files()).containsExactly(CONFIG, WEIGHTS);
        assertThat(manifest.complete()).isTrue();
        assertThat(manifest.source()).isEqualTo("cache");
    }

    @Test
    void withoutAnyListingTheFilesThatAreThereAreListed() throws IOException {
        storedByPython(CONFIG_GIT, CONFIG_BYTES, "config.json");
        storedByPython(WEIGHTS_SHA, WEIGHTS_BYTES, "onnx/model.onnx");
        Files.writeString(store.root().resolve("plain.txt"), "x");

        Manifest manifest = cache.manifest(COMMIT).orElseThrow();
        assertThat(manifest.complete()).isFalse();
        assertThat(manifest.files()).containsExactly(CONFIG, WEIGHTS, new RepoFile("plain.txt", 1, null, null, false));
    }

    @Test
    void aFolderOfASnapshotThatCannotBeReadIsLeftOut() throws IOException {
        storedByPython(CONFIG_GIT, CONFIG_BYTES, "config.json");
        storedByPython(WEIGHTS_SHA, WEIGHTS_BYTES, "onnx/model.onnx");
        FaultyDisk disk = FaultyDisk.of(root);
        disk.fails((step, path) -> {
            if (step == FaultyDisk.Step.LIST && path.endsWith("onnx")) {
                throw new AccessDeniedException(path.toString());
            }
        });

        Manifest manifest = Sample.hubCache(disk.path(root)).manifest(COMMIT).orElseThrow();
        assertThat(manifest.files()).containsExactly(CONFIG);
        assertThat(manifest.complete()).isFalse();
    }

    @Test
    void aListOfCommitsThatBreaksOffIsNoCrash() throws IOException {
        storedByPython(CONFIG_GIT, CONFIG_BYTES, "config.json");
        FaultyDisk disk = FaultyDisk.of(root);
        disk.fails((step, path) -> {
            if (step == FaultyDisk.Step.NEXT) {
                throw new FileSystemException(path.toString(), null, "Input/output error");
            }
        });

        assertThat(Sample.hubCache(disk.path(root)).commits()).isEmpty();
    }

    @Test
    void aTreeFileThatPythonWouldNotBelieveIsNotUsed() throws IOException {
        Files.createDirectories(folder.resolve("trees"));
        for (String text : List.of("", "{}", "[]", "{\"format_version\":2,\"files\":{}}", "{\"format_version\":1}")) {
            Files.writeString(folder.resolve("trees/" + COMMIT + ".json"), text);
            assertThat(cache.manifest(COMMIT)).as(text).isEmpty();
        }
    }

    @Test
    void aCommitThatIsNoNameIsRefused() {
        for (String commit : List.of("../../x", "", "a/b", ".", "a".repeat(200))) {
            assertThatThrownBy(() -> cache.at(commit)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void withoutLinksSnapshotsHoldFiles() throws IOException {
        HubCache plain = new HubCache(root, Sample.REPO, false, new HandClock());
        Sample.fetchAll(plain.at(COMMIT), Sample.manifest(CONFIG), CONFIG_BYTES);
        Path file = folder.resolve("snapshots/" + COMMIT + "/config.json");

        assertThat(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(folder.resolve("blobs")).isEmptyDirectory();
        assertThat(plain.at(COMMIT).find(CONFIG)).isPresent();

        StoredFile other = plain.at(OTHER_COMMIT).find(CONFIG).orElseThrow();
        assertThat(Files.isRegularFile(other.path(), LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(other.path()).hasBinaryContent(CONFIG_BYTES);
    }

    @Test
    void filesInSnapshotsAreReadByACacheWithLinksToo() throws IOException {
        Sample.fetchAll(
                new HubCache(root, Sample.REPO, false, new HandClock()).at(COMMIT),
                Sample.manifest(CONFIG),
                CONFIG_BYTES);

        assertThat(store.find(CONFIG)).isPresent();
        assertThat(cache.at(OTHER_COMMIT).find(CONFIG)).isPresent();
        assertThat(cache.at(OTHER_COMMIT).root().resolve("config.json")).hasBinaryContent(CONFIG_BYTES);
    }

    @Test
    void aBlobWithoutALinkIsLinked() throws IOException {
        Files.createDirectories(folder.resolve("blobs"));
        Files.write(folder.resolve("blobs/" + CONFIG_GIT), CONFIG_BYTES);
        store.prepare(Sample.manifest(CONFIG));

        assertThat(store.find(CONFIG).orElseThrow().path()).hasBinaryContent(CONFIG_BYTES);
    }

    /** After each step of a job, as if the process were killed there, no reader is misled and the job can go on. */
    @Test
    void aKillBetweenAnyTwoStepsLeavesNothingThatMisleads() throws IOException {
        Manifest manifest = Sample.manifest(CONFIG, WEIGHTS);
        store.prepare(manifest);
        soundForPython();
        try (Partial partial = Sample.written(store, CONFIG, CONFIG_BYTES)) {
            assertThat(partial.isComplete()).isTrue();
        }
        soundForPython();
        assertThat(folder.resolve("blobs")).isEmptyDirectory();

        // Killed between the move and the link.
        Files.createSymbolicLink(folder.resolve(".modelfetch/tmp-00000000"), Path.of("../../blobs/" + CONFIG_GIT));
        Partial partial = store.partial(CONFIG).orElseThrow();
        partial.moveTo(folder.resolve("blobs/" + CONFIG_GIT));
        soundForPython();
        assertThat(Sample.hubCache(root).at(COMMIT).find(CONFIG)).isPresent();
        soundForPython();

        Sample.fetch(store, WEIGHTS, WEIGHTS_BYTES);
        soundForPython();
        assertThat(cache.ref("main")).isEmpty();
        store.finish(manifest, null);
        soundForPython();
        assertThat(cache.ref("main")).contains(COMMIT);
    }

    @Test
    void manyThreadsMayStoreDifferentFiles() throws Exception {
        store.prepare(Sample.manifest(CONFIG));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<StoredFile>> stored = new ArrayList<>();
        List<RepoFile> files = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] content = Sample.bytes("content " + i % 40);
            RepoFile file = new RepoFile(
                    "d" + i % 7 + "/f" + i, content.length, Sample.hash(content).sha256(), null, true);
            files.add(file);
            if (i < 40) {
                stored.add(threads.submit(() -> Sample.fetch(store, file, content)));
            }
        }
        try {
            for (Future<StoredFile> each : stored) {
                assertThat(each.get().from()).containsExactly("mirror");
            }
        } finally {
            threads.shutdownNow();
        }
        SnapshotStore later = Sample.hubCache(root).at(COMMIT);
        for (RepoFile file : files) {
            assertThat(later.find(file).orElseThrow().from())
                    .as("recorded, not hashed again")
                    .containsExactly("mirror");
        }
    }

    @Test
    void theLayoutIsTheSameOnWindows() throws IOException {
        try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
            HubCache there = Sample.hubCache(windows.getPath("C:\\hub"));
            Sample.fetchAll(there.at(COMMIT), Sample.manifest(CONFIG, WEIGHTS), CONFIG_BYTES, WEIGHTS_BYTES);

            StoredFile stored = there.at(COMMIT).find(WEIGHTS).orElseThrow();
            assertThat(stored.path())
                    .hasToString("C:\\hub\\models--acme-lab--aurora-7b\\snapshots\\" + COMMIT + "\\onnx\\model.onnx");
            assertThat(stored.from()).containsExactly("mirror");
            assertThat(Files.readString(there.books().own().resolve("provenance.ndjson")))
                    .contains("\"file\":\"blobs/" + WEIGHTS_SHA + "\"");
            assertThat(there.ref("main")).contains(COMMIT);
        }
    }

    @Test
    void hostileNamesAreRefusedBeforeAnything() {
        RepoFile hostile = new RepoFile("../../../evil", 1, null, null, false);

        assertThatThrownBy(() -> store.check(List.of(CONFIG, hostile))).isInstanceOf(FetchException.Storage.class);
        assertThatThrownBy(() -> store.pathOf(hostile)).isInstanceOf(FetchException.Storage.class);
        assertThatThrownBy(() -> store.find(hostile)).isInstanceOf(FetchException.Storage.class);
    }

    @Test
    void aFolderInTheWayIsReported() throws IOException {
        Files.createDirectories(store.root().resolve("config.json"));

        assertThatThrownBy(() -> store.checkReplaceable(CONFIG)).isInstanceOf(FetchException.Storage.class);
    }

    /** The rules by which the Python library calls a repository folder corrupted (huggingface.md 5.10). */
    private void soundForPython() throws IOException {
        assertThat(folder.resolve("snapshots")).isDirectory();
        try (Stream<Path> all = Files.walk(folder.resolve("snapshots"))) {
            assertThat(all.filter(Files::isSymbolicLink)).allMatch(Files::exists);
        }
        if (Files.exists(folder.resolve("refs/main"))) {
            assertThat(folder.resolve("snapshots/" + Files.readString(folder.resolve("refs/main"))))
                    .isDirectory();
        }
        try (Stream<Path> blobs = Files.list(folder.resolve("blobs"))) {
            for (Path blob : blobs.toList()) {
                Content content = Digests.of(blob);
                assertThat(blob.getFileName().toString()).isIn(content.etag(true), content.etag(false));
            }
        }
    }

    private Path storedByPython(String etag, byte[] bytes, String path) throws IOException {
        Path blob = Files.createDirectories(folder.resolve("blobs")).resolve(etag);
        Files.write(blob, bytes);
        Path link = folder.resolve("snapshots/" + COMMIT).resolve(path);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, link.getParent().relativize(blob));
        Files.createDirectories(folder.resolve("refs"));
        Files.writeString(folder.resolve("refs/main"), COMMIT);
        return blob;
    }
}
