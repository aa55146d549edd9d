package dev.modelfetch.source.modelscope;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static dev.modelfetch.source.modelscope.Hub.HEAD;
import static dev.modelfetch.source.modelscope.Hub.MODEL;
import static dev.modelfetch.source.modelscope.Hub.data;
import static dev.modelfetch.source.modelscope.Hub.failure;
import static dev.modelfetch.source.modelscope.Hub.files;
import static dev.modelfetch.source.modelscope.Hub.json;
import static dev.modelfetch.source.modelscope.Hub.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.Resolved;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalkTest {

    private static final Resolved RESOLVED = new Resolved(MODEL, "master", HEAD);

    @RegisterExtension
    static final Hub hub = new Hub();

    @Test
    void aListingBelowTheCutIsTakenAsItIs() throws Exception {
        hub.stubFor(recursive(null).willReturn(rows(blobs("", 2_999))));

        assertThat(list()).hasSize(2_999);
        assertThat(hub.asked())
                .containsExactly("/api/v1/models/acme-lab/aurora-7b/repo/files?Revision=" + HEAD + "&Recursive=True");
    }

    @Test
    void aListingThatMayBeCutIsTakenApartByDirectory() throws Exception {
        hub.stubFor(recursive(null).willReturn(rows(blobs("a/", 3_000))));
        hub.stubFor(direct(null).willReturn(rows(List.of(blob("top"), tree("a"), tree("b")))));
        hub.stubFor(recursive("a").willReturn(rows(blobs("a/", 2_998))));
        hub.stubFor(recursive("b").willReturn(rows(List.of(tree("b/c"), blob("b/c/deep")))));

        assertThat(list())
                .extracting(RepoFile::path)
                .hasSize(3_000)
                .startsWith("top", "a/0", "a/1")
                .endsWith("a/2997", "b/c/deep");
    }

    @Test
    void aDirectoryThatMayBeCutIsTakenApartToo() throws Exception {
        hub.stubFor(recursive(null).willReturn(rows(blobs("a/", 3_000))));
        hub.stubFor(direct(null).willReturn(rows(List.of(tree("a")))));
        hub.stubFor(recursive("a").willReturn(rows(blobs("a/x/", 3_000))));
        hub.stubFor(direct("a").willReturn(rows(List.of(blob("a/one"), tree("a/x y")))));
        hub.stubFor(recursive("a/x y").willReturn(rows(List.of(blob("a/x y/two")))));

        assertThat(list()).extracting(RepoFile::path).containsExactly("a/one", "a/x y/two");
    }

    @Test
    void tooManyEntriesInOneDirectoryCannotBeListedAndAreRefused() {
        hub.stubFor(recursive(null).willReturn(rows(blobs("", 3_000))));
        hub.stubFor(direct(null).willReturn(rows(blobs("", 3_000))));

        Verdict verdict = verdictOf(WalkTest::list);

        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.BLOCKED);
        assertThat(verdict.detail()).contains("3000").contains("acme-lab/aurora-7b");
    }

    @Test
    void aHubThatIgnoresTheDirectoryIsNotFollowedInCircles() {
        hub.stubFor(files(MODEL).withQueryParam("Recursive", equalTo("True")).willReturn(rows(blobs("a/", 3_000))));
        hub.stubFor(direct(null).willReturn(rows(List.of(tree("b")))));

        assertThat(verdictOf(WalkTest::list).kind()).isEqualTo(Verdict.Kind.BLOCKED);
        assertThat(hub.asked()).hasSize(3);
    }

    @Test
    void anEmptyDirectoryMayBeNull() throws Exception {
        hub.stubFor(recursive(null).willReturn(rows(blobs("a/", 3_000))));
        hub.stubFor(direct(null).willReturn(rows(List.of(blob("top"), tree("module")))));
        hub.stubFor(recursive("module").willReturn(data("{\"Files\":null}")));

        assertThat(list()).extracting(RepoFile::path).containsExactly("top");
    }

    @Test
    void a403ForTheListOfARepositoryThatWasGivenMayPass() {
        hub.stubFor(recursive(null).willReturn(json(403, "{\"Message\":\"access denied\",\"Success\":false}")));

        assertThat(verdictOf(WalkTest::list))
                .isEqualTo(new Verdict.Down("HTTP 403 from localhost [access denied]", true));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void aFurtherPartThatIsRefusedMayComeLater(int status) {
        hub.stubFor(recursive(null).willReturn(rows(blobs("a/", 3_000))));
        hub.stubFor(direct(null).willReturn(rows(List.of(tree("a")))));
        hub.stubFor(recursive("a")
                .willReturn(json(status, "<html>slow down</html>").withHeader("Content-Type", "text/html")));

        assertThat(verdictOf(WalkTest::list)).isEqualTo(new Verdict.Down("HTTP " + status + " from localhost", true));
    }

    @Test
    void aReasonWithACodeIsBelievedOnAnyPart() {
        hub.stubFor(recursive(null).willReturn(rows(blobs("a/", 3_000))));
        hub.stubFor(direct(null).willReturn(rows(List.of(tree("a")))));
        hub.stubFor(recursive("a").willReturn(failure(404, 10010200001L, "无权限")));

        assertThat(verdictOf(WalkTest::list).kind()).isEqualTo(Verdict.Kind.NEEDS_AUTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html; charset=utf-8", "text/plain"})
    void anAnswerUnderAnotherLabelIsRead(String label) throws Exception {
        hub.stubFor(recursive(null).willReturn(rows(blobs("", 3)).withHeader("Content-Type", label)));

        assertThat(list()).hasSize(3);
    }

    @Test
    void theSameFileInTwoPartsIsRefused() {
        hub.stubFor(recursive(null).willReturn(rows(blobs("a/", 3_000))));
        hub.stubFor(direct(null).willReturn(rows(List.of(tree("a"), tree("a")))));
        hub.stubFor(recursive("a").willReturn(rows(List.of(blob("a/one")))));

        Verdict verdict = verdictOf(WalkTest::list);

        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.BLOCKED);
        assertThat(verdict.detail()).contains("a/one").contains("twice");
    }

    @Test
    void directoriesThatTakeHoursAreLeft() {
        hub.stubFor(recursive(null).willReturn(rows(blobs("a/", 3_000))));
        hub.stubFor(direct(null).willReturn(rows(List.of(tree("a")))));
        hub.stubFor(recursive("a").willReturn(rows(List.of(blob("a/one")))));

        assertThat(verdictOf(() -> new Walk(hub.client(), MODEL, HEAD, "hub.test", Hub.slow()).rows()))
                .isEqualTo(new Verdict.Down("no end of the file list within 60 min (hub.test)", true));
        assertThat(hub.asked()).hasSize(2);
    }

    private static List<RepoFile> list() throws Exception {
        return hub.source().list(RESOLVED).files();
    }

    private static MappingBuilder recursive(String root) {
        return at(root).withQueryParam("Recursive", equalTo("True"));
    }

    private static MappingBuilder direct(String root) {
        return at(root).withQueryParam("Recursive", absent());
    }

    private static MappingBuilder at(String root) {
        return files(MODEL)
                .withQueryParam("Revision", equalTo(HEAD))
                .withQueryParam("Root", root == null ? absent() : equalTo(root));
    }

    private static ResponseDefinitionBuilder rows(List<String> rows) {
        return data("{\"Files\":[" + String.join(",", rows) + "]}");
    }

    private static List<String> blobs(String prefix, int count) {
        return new ArrayList<>(
                IntStream.range(0, count).mapToObj(i -> blob(prefix + i)).toList());
    }

    private static String blob(String path) {
        return "{\"Path\":\"" + path + "\",\"Type\":\"blob\",\"Size\":1,\"Sha256\":null}";
    }

    private static String tree(String path) {
        return "{\"Path\":\"" + path + "\",\"Type\":\"tree\",\"Size\":0,\"Sha256\":\"\"}";
    }
}
