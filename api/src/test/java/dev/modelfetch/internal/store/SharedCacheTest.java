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

import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.FaultyDisk;
import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is stored is found again: by us, by other commits, and what the Python library stored or left. */
class SharedCacheTest extends HubCacheBench {

    @Test
    void aFetchedRepositoryLooksAsThePythonLibraryLeavesIt() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG, WEIGHTS, EMPTY), CONFIG_BYTES, WEIGHTS_BYTES, new byte[0]);

        assertThat(Sample.files(root))
                .containsExactly(
                        "CACHEDIR.TAG",
                        "models--acme-lab--aurora-7b/.modelfetch/listings/" + COMMIT + ".json",
                        "models--acme-lab--aurora-7b/.modelfetch/locks",
                        "models--acme-lab--aurora-7b/.modelfetch/provenance.ndjson",
                        "models--acme-lab--aurora-7b/.modelfetch/used/" + COMMIT,
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
        StoredFile first = store.find(CONFIG, Verification.ORIGIN, more -> {}).orElseThrow();
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
}
