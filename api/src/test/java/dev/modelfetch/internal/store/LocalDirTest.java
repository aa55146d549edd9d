package dev.modelfetch.internal.store;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG;
import static dev.modelfetch.internal.testing.Sample.CONFIG_BYTES;
import static dev.modelfetch.internal.testing.Sample.CONFIG_GIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG_SHA;
import static dev.modelfetch.internal.testing.Sample.OTHER_COMMIT;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_BYTES;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_SHA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.FaultyDisk;
import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDirTest {

    private static final byte[] NEWER = Sample.bytes("{\"model_type\": \"aurora2\"}\n");

    @TempDir
    Path directory;

    private final HandClock clock = new HandClock();
    private LocalDir local;
    private SnapshotStore store;

    @BeforeEach
    void open() {
        local = new LocalDir(directory, Sample.REPO, clock);
        store = local.at(COMMIT);
    }

    @Test
    void plainFilesAndTheBookkeepingOfThePythonLibrary() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG, WEIGHTS), CONFIG_BYTES, WEIGHTS_BYTES);

        assertThat(Sample.files(directory))
                .containsExactly(
                        ".cache/huggingface/.gitignore",
                        ".cache/huggingface/CACHEDIR.TAG",
                        ".cache/huggingface/download/config.json.metadata",
                        ".cache/huggingface/download/onnx/model.onnx.metadata",
                        ".cache/huggingface/modelfetch/locks",
                        ".cache/huggingface/modelfetch/models--acme-lab--aurora-7b/listings/" + COMMIT + ".json",
                        ".cache/huggingface/modelfetch/models--acme-lab--aurora-7b/refs/main",
                        ".cache/huggingface/modelfetch/provenance.ndjson",
                        ".cache/huggingface/trees/" + COMMIT + ".json",
                        "config.json",
                        "onnx/model.onnx");
        assertThat(directory.resolve("onnx/model.onnx")).hasBinaryContent(WEIGHTS_BYTES);
        assertThat(directory.resolve(".cache/huggingface/.gitignore")).hasBinaryContent(Sample.bytes("*"));
        assertThat(metadata("config.json")).content().matches(COMMIT + "\n" + CONFIG_GIT + "\n\\d+\\.\\d{6}\n");
        assertThat(metadata("onnx/model.onnx")).content().startsWith(COMMIT + "\n" + WEIGHTS_SHA + "\n");
        assertThat(local.ref("main")).contains(COMMIT);
        assertThat(local.commits()).containsExactly(COMMIT);
        assertThat(local.manifest(COMMIT)).contains(Sample.manifest(CONFIG, WEIGHTS));
    }

    @Test
    void theTimestampIsNeverBeforeTheFilesOwnTime() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        FileTime modified = Files.getLastModifiedTime(directory.resolve("config.json"));
        LocalMetadata noted = LocalMetadata.read(metadata("config.json")).orElseThrow();

        // The hand-driven clock may be behind or ahead of the file system's.
        assertThat(noted.timestamp()).isGreaterThanOrEqualTo(seconds(modified.toInstant()));
        assertThat(noted.timestamp()).isGreaterThanOrEqualTo(seconds(clock.instant()));
        assertThat(noted.isValid(modified)).isTrue();
    }

    @Test
    void metadataHoldsUpToASecondBeforeTheFilesTime() {
        LocalMetadata noted = new LocalMetadata(COMMIT, CONFIG_GIT, new BigDecimal("1785402764.5"));

        assertThat(noted.isValid(FileTime.from(Instant.ofEpochSecond(1785402765, 500_000_000))))
                .isTrue();
        assertThat(noted.isValid(FileTime.from(Instant.ofEpochSecond(1785402765, 500_000_001))))
                .isFalse();
    }

    @Test
    void metadataAsPythonWritesItIsUnderstood() throws IOException {
        Path file = directory.resolve("m");
        Files.writeString(file, COMMIT + "\n" + CONFIG_GIT + "\n1785402764.1234567\n");
        assertThat(LocalMetadata.read(file))
                .contains(new LocalMetadata(COMMIT, CONFIG_GIT, new BigDecimal("1785402764.1234567")));

        for (String damaged : List.of("", COMMIT, COMMIT + "\n" + CONFIG_GIT + "\nnever\n")) {
            Files.writeString(file, damaged);
            assertThat(LocalMetadata.read(file)).as(damaged).isEmpty();
        }
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, '\n', '\n', '\n'});
        assertThat(LocalMetadata.read(file)).isEmpty();
    }

    @Test
    void whatIsThereIsFound() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        StoredFile stored = new LocalDir(directory, Sample.REPO, clock)
                .at(COMMIT)
                .find(CONFIG)
                .orElseThrow();

        assertThat(stored.path()).isEqualTo(directory.resolve("config.json"));
        assertThat(stored.from()).containsExactly("mirror");
        assertThat(stored.verified()).isEqualTo(Verification.ORIGIN);
        assertThat(store.find(WEIGHTS)).isEmpty();
        assertThat(store.seems(CONFIG)).isTrue();
        assertThat(store.seems(WEIGHTS)).isFalse();
        assertThat(store.recorded(CONFIG)).isTrue();
        assertThat(store.recorded(WEIGHTS)).isFalse();
    }

    @Test
    void aFileThatHappensToBeRightIsAdoptedWithMetadata() throws IOException {
        Files.write(directory.resolve("config.json"), CONFIG_BYTES);
        StoredFile stored = store.find(CONFIG, Verification.CROSS, more -> {}).orElseThrow();

        assertThat(stored.from()).containsExactly("cache");
        assertThat(stored.verified()).isEqualTo(Verification.CROSS);
        assertThat(stored.sha256().hex()).isEqualTo(CONFIG_SHA);
        assertThat(metadata("config.json")).content().startsWith(COMMIT + "\n" + CONFIG_GIT + "\n");
    }

    @Test
    void metadataMovesOnToTheNewCommitWhenTheContentIsTheSame() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        clock.pass(Duration.ofDays(300));
        local.at(OTHER_COMMIT).find(CONFIG);

        assertThat(metadata("config.json")).content().startsWith(OTHER_COMMIT + "\n" + CONFIG_GIT + "\n");
    }

    @Test
    void anOldVersionOfOursIsReplaced() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        RepoFile newer = newer();
        SnapshotStore later = new LocalDir(directory, Sample.REPO, clock).at(OTHER_COMMIT);
        assertThat(later.find(newer)).isEmpty();
        later.checkReplaceable(newer);
        Sample.fetchAll(later, Sample.manifest("huggingface", OTHER_COMMIT, newer), NEWER);

        assertThat(directory.resolve("config.json")).hasBinaryContent(NEWER);
        assertThat(local.ref("main")).contains(OTHER_COMMIT);
    }

    @Test
    void anOldVersionOfPythonIsReplacedIfItIsWhatPythonNoted() throws IOException {
        Files.write(directory.resolve("config.json"), CONFIG_BYTES);
        noteAsPython("config.json", CONFIG_GIT);

        assertThatCode(() -> store.checkReplaceable(newer())).doesNotThrowAnyException();
        Files.write(directory.resolve("onnx"), WEIGHTS_BYTES);
        noteAsPython("onnx", WEIGHTS_SHA);
        assertThatCode(() -> store.checkReplaceable(new RepoFile("onnx", 3, null, null, true)))
                .doesNotThrowAnyException();
    }

    @Test
    void aFileTheUserChangedIsNotOverwritten() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        Path file = directory.resolve("config.json");
        Files.writeString(file, "mine");

        assertThat(store.find(CONFIG)).isEmpty();
        assertThatThrownBy(() -> store.checkReplaceable(newer()))
                .isInstanceOfSatisfying(
                        FetchException.Storage.class, e -> assertThat(e.hint()).contains("Move it away"))
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> Sample.fetch(store, newer(), NEWER)).isInstanceOf(FetchException.Storage.class);
        assertThat(file).hasContent("mine");
        assertThat(store.partialBytes(newer())).as("what was fetched is kept").isEqualTo(NEWER.length);
    }

    @Test
    void aDoubtDoesNotMakeAFileOurs() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        Path file = directory.resolve("config.json");
        Files.writeString(file, "mine");
        store.distrust(CONFIG);

        assertThatThrownBy(() -> store.checkReplaceable(CONFIG)).isInstanceOf(FetchException.Storage.class);
        assertThatThrownBy(() -> Sample.fetch(store, CONFIG, CONFIG_BYTES)).isInstanceOf(FetchException.Storage.class);
        assertThat(file).hasContent("mine");
    }

    @Test
    void whatIsDoubtedDoesNotSeemStored() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        store.distrust(CONFIG);

        assertThat(store.seems(CONFIG)).isFalse();
        assertThat(store.find(CONFIG)).as("hashed, and right after all").isPresent();
        assertThat(store.seems(CONFIG)).isTrue();
    }

    /** As found wrong by a lock file, where the manifest names no digest that could say so. */
    @Test
    void aDoubtedFileWithoutDigestIsNoLongerOfItsCommit() throws IOException {
        RepoFile plain = new RepoFile("config.json", 25, null, null, false);
        Sample.fetchAll(store, Sample.manifest(plain), CONFIG_BYTES);
        store.distrust(plain);

        assertThat(store.find(plain)).isEmpty();
        assertThat(store.seems(plain)).isFalse();
        store.checkReplaceable(plain);
    }

    @Test
    void aDoubtIsRecordedOnce() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        store.distrust(CONFIG);
        Path record = directory.resolve(".cache/huggingface/modelfetch/provenance.ndjson");
        long length = Files.size(record);
        store.distrust(CONFIG);

        assertThat(Files.size(record)).isEqualTo(length);
    }

    @Test
    void notEvenIfItsTimesLookOld() throws IOException {
        Path file = Files.writeString(directory.resolve("config.json"), "mine");
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        noteAsPython("config.json", CONFIG_GIT);

        assertThatThrownBy(() -> store.checkReplaceable(newer())).isInstanceOf(FetchException.Storage.class);
    }

    @Test
    void aFileTheUserPutThereIsNotOverwritten() throws IOException {
        Files.writeString(directory.resolve("config.json"), "mine");

        assertThatThrownBy(() -> store.checkReplaceable(CONFIG)).isInstanceOf(FetchException.Storage.class);
        assertThat(store.seems(new RepoFile("config.json", 4, null, null, false)))
                .isFalse();
        assertThat(store.find(new RepoFile("config.json", 4, null, null, false)))
                .as("equal length proves nothing")
                .isEmpty();
    }

    @Test
    void foldersAndBrokenLinksInTheWayAreReported() throws IOException {
        Files.createDirectory(directory.resolve("config.json"));
        assertThatThrownBy(() -> store.checkReplaceable(CONFIG)).isInstanceOf(FetchException.Storage.class);

        Files.delete(directory.resolve("config.json"));
        Files.createSymbolicLink(directory.resolve("config.json"), Path.of("nowhere"));
        assertThatThrownBy(() -> store.checkReplaceable(CONFIG)).isInstanceOf(FetchException.Storage.class);
    }

    @Test
    void aFileWithoutDigestIsFoundWhenItWasFetchedForThisCommit() throws IOException {
        RepoFile plain = new RepoFile("config.json", 25, null, null, false);
        Sample.fetchAll(store, Sample.manifest(plain), CONFIG_BYTES);

        assertThat(store.find(plain)).isPresent();
        assertThat(local.at(OTHER_COMMIT).find(plain)).isEmpty();
    }

    @Test
    void damageFoundByAnExaminationLeadsToAFreshFile() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        Path file = directory.resolve("config.json");
        FileTime time = Files.getLastModifiedTime(file);
        Files.write(file, new byte[25]);
        Files.setLastModifiedTime(file, time);
        store.distrust(CONFIG);

        assertThat(store.find(CONFIG)).isEmpty();
        Sample.fetch(store, CONFIG, CONFIG_BYTES);
        assertThat(file).hasBinaryContent(CONFIG_BYTES);
        assertThat(store.find(CONFIG)).isPresent();
    }

    /** The file has its name, the note is missing: neither this commit nor a later one is led astray. */
    @Test
    void aKillBetweenTheMoveAndTheNoteHarmsNothing() throws IOException {
        store.prepare(Sample.manifest(CONFIG));
        Sample.fetch(store, CONFIG, CONFIG_BYTES);
        Files.delete(metadata("config.json"));
        LocalDir next = new LocalDir(directory, Sample.REPO, clock);

        next.at(OTHER_COMMIT).checkReplaceable(newer());
        assertThat(next.at(COMMIT).find(CONFIG)).isPresent();
        assertThat(metadata("config.json")).exists();
    }

    @Test
    void aKillBetweenTheRecordAndTheMoveLeavesTheOldFileReplaceable() throws IOException {
        Sample.fetchAll(store, Sample.manifest(CONFIG), CONFIG_BYTES);
        LocalDir next = new LocalDir(directory, Sample.REPO, clock);
        Files.delete(metadata("config.json"));
        Partial partial = Sample.written(next.at(OTHER_COMMIT), newer(), NEWER);
        local.books()
                .contents(OTHER_COMMIT)
                .remember(
                        directory.resolve("config.json"),
                        partial.modifiedMillis() + 1,
                        newer(),
                        new ContentCheck.Proof(Sample.hash(NEWER), List.of("hub"), Verification.SELF));
        partial.close();

        assertThatCode(() -> next.at(OTHER_COMMIT).checkReplaceable(newer())).doesNotThrowAnyException();
        assertThat(next.at(COMMIT).find(CONFIG)).isPresent();
    }

    @Test
    void whatPythonLeftIsListed() throws IOException {
        Files.write(directory.resolve("config.json"), CONFIG_BYTES);
        noteAsPython("config.json", CONFIG_GIT);
        Files.createDirectories(directory.resolve("onnx"));
        Files.write(directory.resolve("onnx/model.onnx"), WEIGHTS_BYTES);
        noteAsPython("onnx/model.onnx", WEIGHTS_SHA);
        noteAsPython("gone.txt", CONFIG_GIT);

        Manifest manifest = local.manifest(COMMIT).orElseThrow();
        assertThat(manifest.files()).containsExactly(CONFIG, WEIGHTS);
        assertThat(manifest.complete()).isFalse();
        assertThat(local.commits()).containsExactly(COMMIT);
        assertThat(local.ref(COMMIT)).contains(COMMIT);
        assertThat(local.manifest(OTHER_COMMIT)).isEmpty();
    }

    @Test
    void notesThatCannotBeReadAreLeftOut() throws IOException {
        Files.write(directory.resolve("config.json"), CONFIG_BYTES);
        noteAsPython("config.json", CONFIG_GIT);
        Files.write(Files.createDirectories(directory.resolve("onnx")).resolve("model.onnx"), WEIGHTS_BYTES);
        noteAsPython("onnx/model.onnx", WEIGHTS_SHA);
        FaultyDisk disk = FaultyDisk.of(directory);
        disk.fails((step, path) -> {
            if (step == FaultyDisk.Step.LIST && path.endsWith("onnx")) {
                throw new AccessDeniedException(path.toString());
            }
        });
        LocalDir there = new LocalDir(disk.path(directory), Sample.REPO, clock);

        assertThat(there.commits()).containsExactly(COMMIT);
        assertThat(there.manifest(COMMIT).orElseThrow().files()).containsExactly(CONFIG);
    }

    @Test
    void planningWritesNothing() throws IOException {
        assertThat(store.seems(CONFIG)).isFalse();
        assertThat(store.recorded(CONFIG)).isFalse();
        assertThat(store.partialBytes(CONFIG)).isZero();
        store.check(List.of(CONFIG, WEIGHTS));
        store.checkReplaceable(CONFIG);
        assertThat(local.commits()).isEmpty();

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void namesInTheBookkeepingAreRefused() {
        RepoFile hostile = new RepoFile(".cache/huggingface/download/config.json.metadata", 1, null, null, false);

        assertThatThrownBy(() -> store.check(List.of(hostile))).isInstanceOf(FetchException.Storage.class);
        assertThatThrownBy(() -> store.pathOf(hostile)).isInstanceOf(FetchException.Storage.class);
    }

    /** 255 bytes are a name, with {@code .metadata} behind them they are none. */
    @Test
    void whatLeavesNoRoomForTheNoteOfThePythonLibraryIsStoredWithoutIt() throws IOException {
        for (String name : List.of("x".repeat(246), "x".repeat(247), "x".repeat(255), "模".repeat(85))) {
            RepoFile file = new RepoFile("data/" + name, CONFIG_BYTES.length, null, CONFIG.gitBlob(), false);
            store.check(List.of(file));
            Sample.fetchAll(store, Sample.manifest(file), CONFIG_BYTES);

            assertThat(store.pathOf(file)).hasBinaryContent(CONFIG_BYTES);
            LocalDir next = new LocalDir(directory, Sample.REPO, clock);
            assertThat(next.at(COMMIT).find(file)).isPresent();
            assertThat(next.at(COMMIT).recorded(file)).isTrue();
            assertThat(next.at(OTHER_COMMIT).find(file))
                    .as("noted anew if possible")
                    .isPresent();
            next.at(OTHER_COMMIT).checkReplaceable(file);
        }
        assertThat(metadata("data/" + "x".repeat(246))).exists();
        assertThatThrownBy(() -> store.check(List.of(new RepoFile("x".repeat(256), 1, null, null, false))))
                .isInstanceOf(FetchException.Storage.class);
    }

    @Test
    void aNoteInTheWayOfAnotherIsLeftOut() throws IOException {
        RepoFile file = new RepoFile("a", CONFIG_BYTES.length, null, CONFIG.gitBlob(), false);
        RepoFile below = new RepoFile("a.metadata/b", WEIGHTS_BYTES.length, WEIGHTS.sha256(), null, true);
        for (List<RepoFile> order : List.of(List.of(file, below), List.of(below, file))) {
            store.check(order);
            Sample.fetchAll(
                    store,
                    Sample.manifest(order.toArray(new RepoFile[0])),
                    order.get(0).equals(file) ? CONFIG_BYTES : WEIGHTS_BYTES,
                    order.get(0).equals(file) ? WEIGHTS_BYTES : CONFIG_BYTES);

            assertThat(store.find(file)).isPresent();
            assertThat(store.find(below)).isPresent();
        }
    }

    private static RepoFile newer() {
        Content content = Sample.hash(NEWER);
        return new RepoFile("config.json", NEWER.length, null, content.gitBlob(), false);
    }

    private Path metadata(String path) {
        return directory.resolve(".cache/huggingface/download/" + path + ".metadata");
    }

    private void noteAsPython(String path, String etag) throws IOException {
        Path metadata = metadata(path);
        Files.createDirectories(metadata.getParent());
        Files.writeString(metadata, COMMIT + "\n" + etag + "\n1985402764.1234567\n");
    }

    private static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.getEpochSecond()).add(BigDecimal.valueOf(instant.getNano(), 9));
    }
}
