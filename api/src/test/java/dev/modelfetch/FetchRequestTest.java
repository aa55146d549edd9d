package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchRequestTest {

    private static final String COMMIT = "a".repeat(40);

    private static LockFile lock(RepoType type, String repo) {
        return new LockFile(type, repo, "main", COMMIT, "huggingface", List.of());
    }

    @Test
    void theDefaultsAreThoseOfTheCommandLine() {
        FetchRequest request = FetchRequest.of("acme/tiny");

        assertThat(request.repo()).isEqualTo(Repo.of(RepoType.MODEL, "acme/tiny"));
        assertThat(request.revision()).isEmpty();
        assertThat(request.selection().isEverything()).isTrue();
        assertThat(request.source()).isEqualTo(SourceChoice.auto());
        assertThat(request.destination()).isEqualTo(new Destination.DefaultCache());
        assertThat(request.maxWorkers()).isEqualTo(8);
        assertThat(request.connectionsPerFile()).isEqualTo(8);
        assertThat(request.bytesPerSecond()).isZero();
        assertThat(request.force()).isFalse();
        assertThat(request.offline()).isFalse();
        assertThat(request.locked()).isEmpty();
    }

    @Test
    void revisionAndFileOfAPastedPageAreTakenOver() {
        FetchRequest request = FetchRequest.of("https://huggingface.co/acme/tiny/blob/v1/onnx/model.onnx");

        assertThat(request.revision()).contains("v1");
        assertThat(request.selection()).isEqualTo(Selection.all().files("onnx/model.onnx"));
    }

    @Test
    void aPastedFolderSelectsWhatIsBelowIt() {
        Selection selection = FetchRequest.of("https://huggingface.co/acme/tiny/tree/main/onnx")
                .selection();

        assertThat(selection.matches("onnx/fp16/model.onnx")).isTrue();
        assertThat(selection.matches("config.json")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void workersAndConnectionsMayBeOneTo64(int count) {
        FetchRequest request = FetchRequest.builder("acme/tiny")
                .maxWorkers(count)
                .connectionsPerFile(count)
                .build();

        assertThat(request.maxWorkers()).isEqualTo(count);
        assertThat(request.connectionsPerFile()).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 65, Integer.MAX_VALUE})
    void otherNumbersAreUsageErrorsThatNameTheLimits(int count) {
        FetchRequest.Builder builder = FetchRequest.builder("acme/tiny");

        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> builder.maxWorkers(count))
                .withMessageContaining(String.valueOf(count))
                .satisfies(e -> assertThat(e.hint()).contains("1 to 64"));
        assertThatExceptionOfType(FetchException.Usage.class).isThrownBy(() -> builder.connectionsPerFile(count));
    }

    @Test
    void aNegativeRateIsAUsageError() {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> FetchRequest.builder("acme/tiny").bytesPerSecond(-1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void anEmptyRevisionIsAUsageError(String revision) {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> FetchRequest.builder("acme/tiny").revision(revision));
    }

    @Test
    void fetchingAgainWithoutConnectionContradictsItself() {
        FetchRequest.Builder builder =
                FetchRequest.builder("acme/tiny").force(true).offline(true);

        assertThatExceptionOfType(FetchException.Usage.class).isThrownBy(builder::build);
        assertThat(builder.offline(false).build().force()).isTrue();
    }

    @Test
    void aLockOfAnotherRepositoryContradictsTheRequest() {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> FetchRequest.builder("acme/tiny")
                        .locked(lock(RepoType.MODEL, "acme/other"))
                        .build())
                .withMessageContaining("acme/other")
                .withMessageContaining("acme/tiny");
    }

    @Test
    void aLockOfAnotherTypeContradictsTheRequest() {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> FetchRequest.builder("acme/tiny")
                        .locked(lock(RepoType.DATASET, "acme/tiny"))
                        .build())
                .withMessageContaining("dataset");
    }

    @Test
    void aLockOfAnotherRevisionContradictsTheRequest() {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> FetchRequest.builder("acme/tiny")
                        .revision("v2")
                        .locked(lock(RepoType.MODEL, "acme/tiny"))
                        .build())
                .withMessageContaining("v2")
                .withMessageContaining(COMMIT);
    }

    @Test
    void aLockAgreesWithItsOwnBranchItsCommitAndNoRevisionAtAll() {
        LockFile pins = lock(RepoType.MODEL, "acme/tiny");
        FetchRequest.Builder builder = FetchRequest.builder("acme/tiny").locked(pins);

        assertThat(builder.build().locked()).contains(pins);
        assertThat(builder.revision("main").build().locked()).contains(pins);
        assertThat(builder.revision(COMMIT).build().locked()).contains(pins);
    }

    @Test
    void derivingARequestKeepsAllItsDecisions() {
        FetchRequest request = FetchRequest.builder("datasets/acme/words@main")
                .selection(Selection.of(List.of(), List.of("*.csv"), List.of()))
                .source(SourceChoice.only("mirror"))
                .destination(new Destination.Directory(Path.of("x")))
                .maxWorkers(3)
                .connectionsPerFile(5)
                .bytesPerSecond(1 << 20)
                .offline(true)
                .locked(lock(RepoType.DATASET, "acme/words"))
                .build();

        assertThat(request.toBuilder().build()).usingRecursiveComparison().isEqualTo(request);
        assertThat(request.toBuilder().offline(false).force(true).build().force())
                .isTrue();
        assertThat(request.force()).isFalse();
    }

    @Test
    void foldersAreMadeAbsoluteAtOnce() {
        assertThat(new Destination.Directory(Path.of("a/../b")).path())
                .isEqualTo(Path.of("b").toAbsolutePath());
        assertThat(new Destination.HubCacheAt(Path.of(".")).root())
                .isEqualTo(Path.of("").toAbsolutePath());
    }

    @Test
    void foldersAreThoseThatTheSystemFinds(@TempDir Path temp) throws IOException {
        Path root = temp.toRealPath();
        Files.createDirectories(root.resolve("far/away"));
        Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("far/away"));

        assertThat(new Destination.Directory(link.resolve("../x")).path()).isEqualTo(root.resolve("far/x"));
        assertThat(new Destination.HubCacheAt(link.resolve("../x")).root()).isEqualTo(root.resolve("far/x"));
        assertThat(new Destination.Directory(link.resolve("./x")).path()).isEqualTo(root.resolve("link/x"));
        assertThat(new Destination.Directory(root.resolve("missing/../x")).path())
                .isEqualTo(root.resolve("x"));
        assertThat(new Destination.Directory(Path.of("/../..")).path()).isEqualTo(Path.of("/"));
    }
}
