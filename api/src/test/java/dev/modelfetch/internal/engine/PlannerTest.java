package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Listing;
import dev.modelfetch.LockFile;
import dev.modelfetch.Manifest;
import dev.modelfetch.Plan;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Selection;
import dev.modelfetch.Weights;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {

    private static final byte[] WEIGHTS = Bytes.random(2_000, 1);
    private static final byte[] CONFIG = Bytes.of("{}\n");
    private static final RepoFile WEIGHTS_ROW = Bytes.large("model.safetensors", WEIGHTS);
    private static final RepoFile CONFIG_ROW = Bytes.small("config.json", CONFIG);
    private static final RepoFile README_ROW = Bytes.small("README.md", Bytes.of("# tiny\n"));

    private final FakeSource source = FakeSource.huggingface().listing(README_ROW, CONFIG_ROW, WEIGHTS_ROW);
    private final Manifest manifest = source.manifest(README_ROW, CONFIG_ROW, WEIGHTS_ROW);

    @TempDir
    Path cache;

    @Test
    void everythingIsTakenInTheOrderOfTheListing() {
        assertThat(planner(request()).selected(manifest)).containsExactly(README_ROW, CONFIG_ROW, WEIGHTS_ROW);
    }

    @Test
    void aSelectionKeepsTheOrderOfTheListing() {
        FetchRequest.Builder request =
                request().selection(Selection.of(List.of("model.safetensors", "config.json"), List.of(), List.of()));

        assertThat(planner(request).selected(manifest)).containsExactly(CONFIG_ROW, WEIGHTS_ROW);
    }

    @Test
    void aFileAskedForByNameMustExist() {
        FetchRequest.Builder request =
                request().selection(Selection.of(List.of("config.json", "tokenizer.json"), List.of(), List.of()));

        assertThatThrownBy(() -> planner(request).selected(manifest))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining("huggingface")
                .hasMessageContaining("revision main");
    }

    @Test
    void whoNamesAFolderIsToldHowToAskForIt() {
        Manifest folders = source.manifest(Bytes.small("onnx/config.json", CONFIG));
        FetchRequest.Builder request = request().selection(Selection.of(List.of("onnx"), List.of(), List.of()));

        assertThatThrownBy(() -> planner(request).selected(folders))
                .isInstanceOfSatisfying(FetchException.NotFound.class, e -> {
                    assertThat(e).hasMessageContaining("onnx is a folder");
                    assertThat(e.hint()).contains("onnx/");
                });
    }

    @Test
    void aFileThatIsCalledLikeAPatternIsTakenAlone() {
        RepoFile odd = Bytes.small("*.json", CONFIG);
        Manifest manifest = source.manifest(odd, CONFIG_ROW);
        FetchRequest.Builder request = request().selection(Selection.of(List.of("*.json"), List.of(), List.of()));

        assertThat(planner(request).selected(manifest)).containsExactly(odd);
    }

    @Test
    void aPatternThatMatchesNothingIsReported() {
        FetchRequest.Builder request = request().selection(Selection.of(List.of(), List.of("*.gguf"), List.of()));

        assertThatThrownBy(() -> planner(request).selected(manifest))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessageContaining("*.gguf");
    }

    @Test
    void anEmptyRepositoryIsNoError() {
        assertThat(planner(request()).selected(source.manifest())).isEmpty();
    }

    @Test
    void aLockFileDecidesWhatIsTakenAndNamesTheDigests() {
        LockFile lock = lock(pin("config.json", CONFIG), pin("model.safetensors", WEIGHTS));

        List<RepoFile> files = planner(request().locked(lock)).selected(manifest);

        assertThat(files)
                .containsExactly(
                        new RepoFile("config.json", CONFIG.length, Bytes.sha256(CONFIG), Bytes.gitBlob(CONFIG), false),
                        WEIGHTS_ROW);
    }

    @Test
    void aSelectionWithinALockFileTakesLess() {
        LockFile lock = lock(pin("config.json", CONFIG), pin("model.safetensors", WEIGHTS));
        FetchRequest.Builder request =
                request().locked(lock).selection(Selection.of(List.of(), List.of("*.safetensors"), List.of()));

        assertThat(planner(request).selected(manifest)).containsExactly(WEIGHTS_ROW);
    }

    @Test
    void aFileAskedForByNameMustBePinned() {
        LockFile lock = lock(pin("config.json", CONFIG));

        for (String name : List.of("model.safetensors", "nowhere.bin")) {
            FetchRequest.Builder named = request().locked(lock).files(name);
            assertThatThrownBy(() -> planner(named).selected(manifest))
                    .isInstanceOf(FetchException.NotFound.class)
                    .hasMessageStartingWith("The lock file does not pin what is asked for.")
                    .hasMessageContaining("There is no file " + name);
        }
        FetchRequest.Builder both = request().locked(lock).files("config.json", "README.md");
        assertThatThrownBy(() -> planner(both).selected(manifest)).isInstanceOf(FetchException.NotFound.class);
    }

    @Test
    void aSelectionOfWhichNothingIsPinnedIsReported() {
        LockFile lock = lock(pin("config.json", CONFIG));

        for (FetchRequest.Builder request : List.of(
                request().include("*.safetensors"),
                request().files("onnx/"),
                request().where(file -> file.size() > 1000),
                request().weights(Weights.BEST),
                request().exclude("*"))) {
            assertThatThrownBy(() -> planner(request.locked(lock)).selected(manifest))
                    .isInstanceOf(FetchException.NotFound.class)
                    .hasMessageStartingWith("The lock file does not pin what is asked for.");
        }
    }

    @Test
    void whatALockFilePinsIsWhatThereIsToChooseFrom() {
        Manifest both = source.manifest(CONFIG_ROW, WEIGHTS_ROW, Bytes.large("pytorch_model.bin", WEIGHTS));
        LockFile lock = lock(pin("config.json", CONFIG), pin("pytorch_model.bin", WEIGHTS));

        assertThat(planner(request().locked(lock).weights(Weights.BEST)).selected(both))
                .extracting(RepoFile::path)
                .containsExactly("config.json", "pytorch_model.bin");
        assertThat(planner(request().weights(Weights.BEST)).selected(both))
                .extracting(RepoFile::path)
                .containsExactly("config.json", "model.safetensors");
    }

    @Test
    void aPinThatIsNotListedCannotBeSatisfied() {
        LockFile lock = lock(pin("model.safetensors", WEIGHTS), pin("gone.bin", CONFIG));

        assertThatThrownBy(() -> planner(request().locked(lock)).selected(manifest))
                .isInstanceOf(FetchException.NotStored.class)
                .hasMessageContaining("gone.bin")
                .hasMessageContaining("huggingface does not list it");
    }

    @Test
    void aPinOfOtherContentCannotBeSatisfied() {
        byte[] other = Bytes.random(2_000, 9);

        assertThatThrownBy(() -> planner(request().locked(lock(pin("model.safetensors", other))))
                        .selected(manifest))
                .isInstanceOf(FetchException.NotStored.class)
                .hasMessageContaining("lists other content");
        assertThatThrownBy(() -> planner(request().locked(lock(pin("config.json", other))))
                        .selected(manifest))
                .isInstanceOf(FetchException.NotStored.class);
    }

    @Test
    void aDownloadLargerThanTheDiskIsRefusedBeforeItStarts() {
        RepoFile huge = new RepoFile("huge.bin", 1L << 60, Bytes.sha256(WEIGHTS), null, true);

        assertThatThrownBy(() -> planner(request()).check(List.of(huge), store()))
                .isInstanceOf(FetchException.Storage.class)
                .hasMessageContaining("No room")
                .hasMessageContaining("1.2 EB to fetch")
                .hasMessageContaining(store().root().toString());
    }

    @Test
    void whatFitsIsNotRefused() {
        assertThatCode(() -> planner(request()).check(manifest.files(), store()))
                .doesNotThrowAnyException();
    }

    @Test
    void namesThatLeaveTheFolderAreRefused() {
        RepoFile evil = new RepoFile("../../evil", 1, null, null, false);

        assertThatThrownBy(() -> planner(request()).check(List.of(evil), store()))
                .isInstanceOf(FetchException.Storage.class)
                .hasMessageContaining("evil");
    }

    @Test
    void aFolderWhereAFileBelongsIsNoticedBeforeTheFirstByte() throws IOException {
        Files.createDirectories(store().pathOf(CONFIG_ROW));

        assertThatThrownBy(() -> planner(request()).check(List.of(CONFIG_ROW), store()))
                .isInstanceOf(FetchException.Storage.class)
                .hasMessageContaining("config.json");
    }

    @Test
    void aPlanCountsWhatAnEarlierRunLeftUnlessEverythingIsFetchedAgain() throws Exception {
        SnapshotStore store = store();
        store.prepare(manifest);
        try (Partial partial = store.partial(WEIGHTS_ROW).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(WEIGHTS, 0, 700), "mirror");
        }

        List<Listing.Row> rows = List.of(new Listing.Row(WEIGHTS_ROW, List.of("huggingface")));
        Plan.Item item = planner(request()).items(rows, store).get(0);
        Plan.Item forced = planner(request().force(true)).items(rows, store).get(0);

        assertThat(item).isEqualTo(new Plan.Item(WEIGHTS_ROW, List.of("huggingface"), false, 700));
        assertThat(forced.present()).isZero();
    }

    private SnapshotStore store() {
        return new HubCache(cache, FakeSource.REPO, true, InstantSource.system()).at(FakeSource.COMMIT);
    }

    private static Planner planner(FetchRequest.Builder request) {
        return new Planner(request.build());
    }

    private static FetchRequest.Builder request() {
        return FetchRequest.builder(FakeSource.REPO);
    }

    private static LockFile lock(LockFile.Pin... pins) {
        return new LockFile(
                RepoType.MODEL, FakeSource.REPO.id(), "main", FakeSource.COMMIT, "huggingface", List.of(pins));
    }

    private static LockFile.Pin pin(String path, byte[] content) {
        return new LockFile.Pin(path, content.length, Bytes.sha256(content).hex());
    }
}
