package dev.modelfetch.internal.store;

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

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheTest extends HubCacheBench {

    @Test
    void theFolderIsNamedByTypeAndIdAsTyped() {
        assertThat(cache.folder()).isEqualTo(folder);
        assertThat(HubCache.folderName(Repo.of(RepoType.MODEL, "gpt2"))).isEqualTo("models--gpt2");
        assertThat(HubCache.folderName(Repo.of(RepoType.DATASET, "Org/Data_1"))).isEqualTo("datasets--Org--Data_1");
        assertThat(HubCache.folderName(Repo.of(RepoType.SPACE, "o/n"))).isEqualTo("spaces--o--n");
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
}
