package dev.modelfetch.source.modelscope;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static dev.modelfetch.source.modelscope.Hub.HEAD;
import static dev.modelfetch.source.modelscope.Hub.MODEL;
import static dev.modelfetch.source.modelscope.Hub.data;
import static dev.modelfetch.source.modelscope.Hub.failure;
import static dev.modelfetch.source.modelscope.Hub.files;
import static dev.modelfetch.source.modelscope.Hub.recorded;
import static dev.modelfetch.source.modelscope.Hub.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.spi.Resolved;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingTest {

    private static final Resolved RESOLVED = new Resolved(MODEL, "master", HEAD);

    @RegisterExtension
    static final Hub hub = new Hub();

    @Test
    void aModelIsListedWithoutItsDirectories() throws Exception {
        hub.stubFor(files(MODEL).willReturn(recorded("files-master.json")));

        Manifest manifest = hub.source().list(RESOLVED);

        assertThat(manifest.source()).isEqualTo("modelscope");
        assertThat(manifest.family()).isEqualTo("modelscope");
        assertThat(manifest.repo()).isEqualTo(MODEL);
        assertThat(manifest.revision()).isEqualTo("master");
        assertThat(manifest.complete()).isTrue();
        assertThat(manifest.files())
                .extracting(RepoFile::path)
                .containsExactly(
                        ".gitattributes",
                        "README.md",
                        "config.json",
                        "configuration.json",
                        "empty.txt",
                        "model-00001-of-00002.safetensors",
                        "onnx/model.onnx");
        assertThat(manifest.file("onnx/model.onnx"))
                .contains(new RepoFile(
                        "onnx/model.onnx",
                        653_665_842L,
                        Digest.sha256("ef7c96d610334ee0e92d820b647a8ad4f07d660ec18815892309d21998c6480a"),
                        null,
                        true));
        assertThat(manifest.file("config.json"))
                .contains(new RepoFile(
                        "config.json",
                        25,
                        Digest.sha256("adb1466ded951f54a0e5ed707f8a8355006edfbe914b66879eac760cc81480cb"),
                        null,
                        false));
    }

    @Test
    void theCommitOfAManifestIsThePinnedOneAndNeverThatOfARow() throws Exception {
        String pinned = "1111111111111111111111111111111111111111";
        hub.stubFor(files(MODEL).willReturn(recorded("files-master.json")));

        assertThat(hub.source().list(new Resolved(MODEL, "master", pinned)).commit())
                .isEqualTo(pinned);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Sha256\":null,", "\"Sha256\":\"\",", "", "\"Sha256\":\"****\","})
    void aMissingDigestLeavesTheSizeToCheck(String digest) throws Exception {
        hub.stubFor(files(MODEL)
                .willReturn(data("{\"Files\":[{" + digest + "\"Path\":\"a\",\"Type\":\"blob\",\"Size\":3}]}")));

        assertThat(hub.source().list(RESOLVED).files()).containsExactly(new RepoFile("a", 3, null, null, false));
    }

    @Test
    void anUpperCaseDigestIsADigest() throws Exception {
        String hex = "EF7C96D610334EE0E92D820B647A8AD4F07D660EC18815892309D21998C6480A";
        hub.stubFor(files(MODEL)
                .willReturn(data(
                        "{\"Files\":[{\"Sha256\":\"" + hex + "\",\"Path\":\"a\",\"Type\":\"blob\",\"Size\":3}]}")));

        assertThat(hub.source().list(RESOLVED).files())
                .containsExactly(new RepoFile("a", 3, Digest.sha256(hex), null, false));
    }

    @Test
    void rowsAreReadLeniently() throws Exception {
        hub.stubFor(files(MODEL).willReturn(data("""
                        {"Files":[null,
                          {"Path":"link","Type":"blob","Mode":"40960","Size":"9"},
                          {"Path":"run.sh","Type":"blob","Mode":"33261","Size":9007199254740993,"IsLFS":"true","New":[1]},
                          {"Path":"untyped","Mode":33188,"Size":1,"IsLFS":null},
                          {"Path":"untyped-directory","Mode":"16384"},
                          {"Path":"module","Type":"commit"},
                          {"Path":"directory","Type":"tree","Mode":"16384","Size":null}]}
                        """)));

        assertThat(hub.source().list(RESOLVED).files())
                .containsExactly(
                        new RepoFile("link", 9, null, null, false),
                        new RepoFile("run.sh", 9_007_199_254_740_993L, null, null, true),
                        new RepoFile("untyped", 1, null, null, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Path\":\"a\",\"Type\":\"blob\",\"Size\":1},{\"Path\":\"a\",\"Type\":\"blob\",\"Size\":1}",
                "{\"Path\":\"a\",\"Type\":\"blob\"}",
                "{\"Path\":\"a\",\"Type\":\"blob\",\"Size\":-1}",
                "{\"Path\":\"a\",\"Type\":\"blob\",\"Size\":\"\"}",
                "{\"Path\":\"a\",\"Type\":\"blob\",\"Size\":1e400}",
                "{\"Path\":\"a\",\"Type\":\"blob\",\"Size\":9.3e18}",
                "{\"Path\":\"a\",\"Type\":\"blob\",\"Size\":1.5}",
                "{\"Path\":\"a\",\"Type\":\"blob\",\"Size\":18446744073709551617}",
                "{\"Path\":\"a\",\"Type\":\"blob\",\"Size\":\"1e3000\"}",
                "{\"Path\":\"a\",\"Type\":\"blob\",\"Size\":9223372036854775807},{\"Path\":\"b\",\"Type\":\"blob\",\"Size\":1}",
                "{\"Type\":\"blob\",\"Size\":1}",
                "{\"Path\":\"\",\"Type\":\"blob\",\"Size\":1}",
                "17"
            })
    void rowsThatCannotBeTrustedSpoilTheListing(String rows) {
        hub.stubFor(files(MODEL).willReturn(data("{\"Files\":[" + rows + "]}")));

        assertThat(verdictOf(() -> hub.source().list(RESOLVED)).kind()).isEqualTo(Verdict.Kind.BLOCKED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "Blob", "commit"})
    void rowsThatAreAllOfAnotherTypeAreNoEmptyRepository(String type) {
        hub.stubFor(files(MODEL)
                .willReturn(data("{\"Files\":[{\"Path\":\"d\",\"Type\":\"tree\"},{\"Path\":\"a\",\"Type\":\"" + type
                        + "\",\"Size\":1}]}")));

        assertThat(verdictOf(() -> hub.source().list(RESOLVED)))
                .isEqualTo(new Verdict.Blocked(
                        "the listing has no file, but rows of unknown type \"" + type + "\" (localhost)"));
    }

    @ParameterizedTest
    @CsvSource({"commit, true", "pointer, false"})
    void amongFilesARowOfANewTypeLeavesTheListingIncomplete(String type, boolean complete) throws Exception {
        hub.stubFor(files(MODEL)
                .willReturn(data("{\"Files\":[{\"Path\":\"a\",\"Type\":\"blob\",\"Size\":1},{\"Path\":\"b\",\"Type\":\""
                        + type + "\",\"Size\":1}]}")));

        Manifest manifest = hub.source().list(RESOLVED);

        assertThat(manifest.files()).extracting(RepoFile::path).containsExactly("a");
        assertThat(manifest.complete()).isEqualTo(complete);
    }

    @Test
    void anAnswerLongerThanAnyListingIsNotReadToItsEnd() {
        hub.stubFor(files(MODEL).willReturn(data("{\"Files\":[]" + " ".repeat(8 << 20) + "}")));

        assertThat(verdictOf(() -> hub.source().list(RESOLVED)).kind()).isEqualTo(Verdict.Kind.BLOCKED);
    }

    @Test
    void aPathThatNoDiskCanHoldSpoilsTheListing() {
        hub.stubFor(files(MODEL)
                .willReturn(
                        data("{\"Files\":[{\"Path\":\"" + "x".repeat(5_000) + "\",\"Type\":\"blob\",\"Size\":1}]}")));

        assertThat(verdictOf(() -> hub.source().list(RESOLVED)).detail()).contains("path of 5000 characters");
    }

    @Test
    void anEmptyRepositoryIsAnEmptyListing() throws Exception {
        hub.stubFor(files(MODEL).willReturn(data("{\"Files\":[]}")));

        assertThat(hub.source().list(RESOLVED).files()).isEmpty();
    }

    @Test
    void anUnknownCommitIsAMissingRevisionInBothRecordedForms() {
        hub.stubFor(files(MODEL).willReturn(data("{\"Files\":null}")));
        Verdict inside = verdictOf(() -> hub.source().list(RESOLVED));
        hub.stubFor(files(MODEL).willReturn(failure(404, 10990101004L, "获取模型目录树失败")));
        Verdict outside = verdictOf(() -> hub.source().list(RESOLVED));

        assertThat(List.of(inside, outside))
                .allSatisfy(verdict -> assertThat(verdict)
                        .isInstanceOfSatisfying(
                                Verdict.NotHere.class,
                                missing -> assertThat(missing.what()).isEqualTo(What.REVISION)));
    }

    @Test
    void aFailureInsideASuccessIsAFailure() {
        hub.stubFor(files(MODEL).willReturn(failure(200, 10990101099L, "别的")));

        assertThat(verdictOf(() -> hub.source().list(RESOLVED)).kind()).isEqualTo(Verdict.Kind.DOWN);
    }

    @Test
    void aLimitTellsHowLongToWait() {
        hub.stubFor(files(MODEL).willReturn(aResponse().withStatus(429).withHeader("Retry-After", "7")));

        assertThat(verdictOf(() -> hub.source().list(RESOLVED)))
                .isInstanceOfSatisfying(
                        Verdict.Limited.class,
                        limited -> assertThat(limited.pause()).hasSeconds(7));
    }
}
