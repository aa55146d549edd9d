package dev.modelfetch.source.mirror;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.modelfetch.source.mirror.MirrorBench.COMMIT;
import static dev.modelfetch.source.mirror.MirrorBench.FIRST_PAGE;
import static dev.modelfetch.source.mirror.MirrorBench.PATHS;
import static dev.modelfetch.source.mirror.MirrorBench.PINNED;
import static dev.modelfetch.source.mirror.MirrorBench.SIBLINGS;
import static dev.modelfetch.source.mirror.MirrorBench.TREE;
import static dev.modelfetch.source.mirror.MirrorBench.json;
import static dev.modelfetch.source.mirror.MirrorBench.recorded;
import static dev.modelfetch.source.mirror.MirrorBench.source;
import static dev.modelfetch.source.mirror.MirrorBench.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PatchedListingTest {

    @RegisterExtension
    static final WireMockExtension MIRROR = WireMockExtension.newInstance().build();

    /** The first page comes back for every cursor. */
    @BeforeEach
    void ignoreCursors() {
        MIRROR.stubFor(get(urlPathEqualTo(TREE))
                .willReturn(recorded("tree-page-1.json")
                        .withHeader("Link", "<https://hub.example" + TREE + "?cursor=2>; rel=\"next\"")));
    }

    private static Manifest list() throws Exception {
        return source(MIRROR.baseUrl() + "/").list(PINNED);
    }

    @Test
    void aMirrorThatIgnoresCursorsIsAskedForTheInfoInstead() throws Exception {
        MIRROR.stubFor(get(SIBLINGS).willReturn(recorded("revision-blobs.json")));

        Manifest manifest = list();

        assertThat(manifest.complete()).isTrue();
        assertThat(manifest.files()).hasSize(5).allMatch(file -> file.digest().isPresent());
        MIRROR.verify(2, getRequestedFor(urlPathEqualTo(TREE)));
        MIRROR.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void aMirrorThatListsAFileInTwoWaysIsNotBelieved() {
        MIRROR.stubFor(get(SIBLINGS)
                .willReturn(json("{\"sha\": \"" + COMMIT
                        + "\", \"siblings\": [{\"rfilename\": \"config.json\", \"size\": 26}]}")));

        assertThat(verdictOf(PatchedListingTest::list).detail())
                .isEqualTo("the mirror lists \"config.json\" twice, with different contents");
    }

    @Test
    void namesWithoutSizesAreCompletedByOneQuestionAboutThem() throws Exception {
        MIRROR.stubFor(get(SIBLINGS)
                .willReturn(json("{\"sha\": \"" + COMMIT + "\", \"siblings\": [{\"rfilename\": \"config.json\"},"
                        + " {\"rfilename\": \".gitattributes\"}, {\"rfilename\": \"empty.txt\"},"
                        + " {\"rfilename\": \"onnx/model.onnx\"}]}")));
        MIRROR.stubFor(post(PATHS)
                .withHeader("Content-Type", containing("application/x-www-form-urlencoded"))
                .withRequestBody(equalTo("paths=empty.txt&paths=onnx%2Fmodel.onnx&expand=false"))
                .willReturn(recorded("paths-info.json")));

        Manifest manifest = list();

        assertThat(manifest.complete()).isTrue();
        assertThat(manifest.files())
                .containsExactly(
                        new RepoFile(
                                "config.json",
                                25,
                                null,
                                Digest.gitBlob("4c1ee3938fa977800a1dd22f4a69d9aebfe28ea0"),
                                false),
                        new RepoFile(
                                ".gitattributes",
                                50,
                                null,
                                Digest.gitBlob("580d310c2d211aca166288a207e972ced9bb0100"),
                                false),
                        new RepoFile(
                                "empty.txt",
                                0,
                                null,
                                Digest.gitBlob("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
                                false),
                        new RepoFile(
                                "onnx/model.onnx",
                                653665842,
                                Digest.sha256("ef7c96d610334ee0e92d820b647a8ad4f07d660ec18815892309d21998c6480a"),
                                null,
                                true));
    }

    @Test
    void aFileWhoseSizeNobodyKnowsIsLeftOutAndTheListingSaysSo() throws Exception {
        MIRROR.stubFor(get(SIBLINGS).willReturn(recorded("revision-main.json")));
        MIRROR.stubFor(post(PATHS).willReturn(recorded("paths-info.json")));

        Manifest manifest = list();

        assertThat(manifest.complete()).isFalse();
        assertThat(manifest.files())
                .extracting(RepoFile::path)
                .containsExactly(".gitattributes", "config.json", "empty.txt", "onnx/model.onnx");
    }

    @Test
    void aMirrorThatKnowsNoQuestionAboutPathsKeepsWhatItsFirstPageGave() throws Exception {
        MIRROR.stubFor(get(SIBLINGS).willReturn(recorded("revision-main.json")));
        MIRROR.stubFor(post(PATHS).willReturn(json("{}").withStatus(405)));

        Manifest manifest = list();

        assertThat(manifest.complete()).isFalse();
        assertThat(manifest.files()).extracting(RepoFile::path).containsExactly(".gitattributes", "config.json");
    }

    @Test
    void aPassingFailureOfThatQuestionIsNotTakenForItsAnswer() {
        MIRROR.stubFor(get(SIBLINGS).willReturn(recorded("revision-main.json")));
        MIRROR.stubFor(post(PATHS).willReturn(json("{}").withStatus(503)));

        assertThat(verdictOf(PatchedListingTest::list)).isInstanceOf(Verdict.Down.class);
    }

    @Test
    void anInfoThatLacksFilesOfTheFirstPageIsKnownToBeCut() throws Exception {
        MIRROR.stubFor(get(SIBLINGS)
                .willReturn(json("{\"sha\": \"" + COMMIT + "\", \"siblings\": [{\"rfilename\": \"config.json\"}]}")));

        Manifest manifest = list();

        assertThat(manifest.complete()).isFalse();
        assertThat(manifest.files()).extracting(RepoFile::path).containsExactly("config.json", ".gitattributes");
    }

    @Test
    void manyNamesAreAskedForInPortions() throws Exception {
        String names = IntStream.range(0, 501)
                .mapToObj(i -> "{\"rfilename\": \"part-" + i + "\"}")
                .collect(Collectors.joining(", "));
        MIRROR.stubFor(get(SIBLINGS).willReturn(json("{\"sha\": \"" + COMMIT + "\", \"siblings\": [" + names + "]}")));
        MIRROR.stubFor(post(PATHS).willReturn(json("[]")));

        assertThat(list().complete()).isFalse();

        MIRROR.verify(2, postRequestedFor(urlEqualTo(PATHS)));
        MIRROR.verify(1, postRequestedFor(urlEqualTo(PATHS)).withRequestBody(equalTo("paths=part-500&expand=false")));
    }

    @Test
    void anInfoOfAnotherCommitIsRefused() {
        MIRROR.stubFor(
                get(SIBLINGS).willReturn(json("{\"sha\": \"" + COMMIT.replace('e', 'f') + "\", \"siblings\": []}")));

        assertThat(verdictOf(PatchedListingTest::list)).isInstanceOf(Verdict.Blocked.class);
    }

    @Test
    void anAnswerChangesNothingThatWasNotAskedFor() throws Exception {
        MIRROR.stubFor(get(SIBLINGS).willReturn(recorded("revision-main.json")));
        MIRROR.stubFor(post(PATHS)
                .willReturn(
                        json("[{\"path\": \"intruder.py\", \"size\": 1}, {\"path\": \"config.json\", \"size\": 9}]")));

        Manifest manifest = list();

        assertThat(manifest.file("intruder.py")).isEmpty();
        assertThat(manifest.file("config.json").orElseThrow().size()).isEqualTo(25);
    }

    @Test
    void sizesWithoutAnyListingAreNotInvented() {
        MIRROR.stubFor(get(FIRST_PAGE).willReturn(json("[{\"path\": \"config.json\"}]")));
        MIRROR.stubFor(get(SIBLINGS).willReturn(recorded("revision-main.json")));
        MIRROR.stubFor(post(PATHS).willReturn(json("[]")));

        assertThat(verdictOf(PatchedListingTest::list)).isInstanceOf(Verdict.Blocked.class);
    }
}
