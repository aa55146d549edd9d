package dev.modelfetch.source.modelscope;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static dev.modelfetch.source.modelscope.Hub.DATASET;
import static dev.modelfetch.source.modelscope.Hub.HEAD;
import static dev.modelfetch.source.modelscope.Hub.data;
import static dev.modelfetch.source.modelscope.Hub.failure;
import static dev.modelfetch.source.modelscope.Hub.json;
import static dev.modelfetch.source.modelscope.Hub.recorded;
import static dev.modelfetch.source.modelscope.Hub.tree;
import static dev.modelfetch.source.modelscope.Hub.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.modelfetch.Digest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.spi.Resolved;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PagesTest {

    private static final Resolved RESOLVED = new Resolved(DATASET, "master", HEAD);

    @RegisterExtension
    static final Hub hub = new Hub();

    @Test
    void aShortPageIsTheLast() throws Exception {
        hub.stubFor(tree(DATASET).willReturn(recorded("tree-page-1.json")));

        assertThat(list())
                .hasSize(5)
                .contains(new RepoFile(
                        "data/train-00000-of-00003.parquet",
                        195_064_200L,
                        Digest.sha256("1e37cedcc5104c0d5a9afbf8b26328a59d7005cd37c2bd08352419f5f0e03214"),
                        null,
                        true));
        assertThat(hub.asked())
                .containsExactly("/api/v1/datasets/AI-MO/NuminaMath-1.5/repo/tree?Recursive=True&Root=%2F&Revision="
                        + HEAD + "&PageNumber=1&PageSize=200");
    }

    @Test
    void fullPagesAreFollowedToTheEnd() throws Exception {
        hub.stubFor(page(1).willReturn(data(rows(0, 200))));
        hub.stubFor(page(2).willReturn(data(rows(200, 400))));
        hub.stubFor(page(3).willReturn(data(rows(400, 401))));

        assertThat(list())
                .extracting(RepoFile::path)
                .containsExactlyElementsOf(
                        IntStream.range(0, 401).mapToObj(i -> "f" + i).toList());
    }

    @Test
    void afterTheLastFullPageNullAndAnEmptyListMeanTheEnd() throws Exception {
        hub.stubFor(page(1).willReturn(data(rows(0, 200))));
        hub.stubFor(page(2).willReturn(data("{\"Files\":null}")));
        assertThat(list()).hasSize(200);

        hub.stubFor(page(2).willReturn(data("{\"Files\":[]}")));
        assertThat(list()).hasSize(200);
    }

    @Test
    void aPageThatRepeatsAnEarlierOneEndsTheListing() throws Exception {
        hub.stubFor(tree(DATASET).willReturn(data(rows(0, 200))));

        assertThat(list()).hasSize(200);
        assertThat(hub.asked()).hasSize(2);
    }

    @Test
    void aRepeatedPageBeforeTheTotalIsReachedIsRefused() {
        hub.stubFor(tree(DATASET).willReturn(data(rows(0, 200).replaceFirst("\\{", "{\"TotalCount\":\"250\","))));

        Verdict verdict = verdictOf(PagesTest::list);

        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.BLOCKED);
        assertThat(verdict.detail()).contains("200 of 250");
    }

    @Test
    void aHubThatSendsShorterPagesThanAskedForIsFollowedByItsTotal() throws Exception {
        hub.stubFor(page(1).willReturn(totalOutside(150, rows(0, 100))));
        hub.stubFor(page(2).willReturn(totalOutside(150, rows(100, 150))));

        assertThat(list()).hasSize(150);
        assertThat(hub.asked()).hasSize(2);
    }

    @Test
    void aRowThatIsBothOldAndNewIsRefused() {
        hub.stubFor(page(1).willReturn(data(rows(0, 200))));
        hub.stubFor(page(2).willReturn(data(rows(199, 210))));

        Verdict verdict = verdictOf(PagesTest::list);

        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.BLOCKED);
        assertThat(verdict.detail()).contains("f199").contains("twice");
    }

    @Test
    void anUnknownCommitIsAMissingRevisionInBothRecordedForms() {
        hub.stubFor(tree(DATASET).willReturn(data("{\"Files\":null}")));
        Verdict inside = verdictOf(PagesTest::list);
        hub.stubFor(tree(DATASET).willReturn(failure(404, 10990101004L, "获取模型目录树失败")));
        Verdict outside = verdictOf(PagesTest::list);

        assertThat(List.of(inside, outside))
                .allSatisfy(verdict -> assertThat(verdict)
                        .isInstanceOfSatisfying(
                                Verdict.NotHere.class,
                                missing -> assertThat(missing.what()).isEqualTo(What.REVISION)));
    }

    @Test
    void anEmptyDatasetIsAnEmptyListing() throws Exception {
        hub.stubFor(tree(DATASET).willReturn(data("{\"Files\":[]}")));

        assertThat(list()).isEmpty();
    }

    @Test
    void pagesThatTakeHoursAreLeft() {
        for (int page = 1; page <= 9; page++) {
            hub.stubFor(page(page).willReturn(data(rows(page * 200, page * 200 + 200))));
        }

        assertThat(verdictOf(() -> new Pages(hub.client(), DATASET, HEAD, "hub.test", Hub.slow()).rows()))
                .isEqualTo(new Verdict.Down("no end of the file list within 60 min (hub.test)", true));
        assertThat(hub.asked()).hasSize(2);
    }

    private static List<RepoFile> list() throws Exception {
        return hub.source().list(RESOLVED).files();
    }

    private static MappingBuilder page(int number) {
        return tree(DATASET).withQueryParam("PageNumber", equalTo(Integer.toString(number)));
    }

    private static ResponseDefinitionBuilder totalOutside(int total, String data) {
        return json(200, "{\"Code\":200,\"Success\":true,\"TotalCount\":" + total + ",\"Data\":" + data + "}");
    }

    private static String rows(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"Path\":\"f" + i + "\",\"Type\":\"blob\",\"Size\":\"7\"}")
                .collect(Collectors.joining(",", "{\"Files\":[", "]}"));
    }
}
