package dev.modelfetch.testing.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelScopeFaceTest {

    private static final Content LARGE = Content.generated(5, 300_000);
    private static final Repository MODEL = Repository.model("acme-lab/aurora-7b")
            .file("README.md", "0123456789")
            .lfs("model.bin", LARGE);
    private static final Repository DATASET = Repository.dataset("acme-lab/stars")
            .file("a.csv", "a")
            .file("b.csv", "b")
            .file("data/c.csv", "c");
    private static final Repository HIDDEN =
            Repository.model("acme-lab/secret").file("a", "b").hidden("ms-owner");

    private final MiniHubs hubs = MiniHubs.start(List.of(), List.of(MODEL, DATASET, HIDDEN));
    private final Browser browser = new Browser();
    private final String models = hubs.modelScope().endpoint() + "/api/v1/models/acme-lab/";

    @AfterEach
    void stop() {
        hubs.close();
        assertThat(hubs.ledger().failures()).isEmpty();
    }

    @Test
    void commitsPinABranchAndAnUnknownOneIsNoError() throws Exception {
        assertThat(Browser.text(browser.get(models + "aurora-7b/commits?Ref=master&PageNumber=1&PageSize=1")))
                .contains("\"Id\":\"" + MODEL.head().id() + "\"");
        assertThat(Browser.text(browser.get(models + "aurora-7b/commits?Ref=main")))
                .contains("\"Commit\":null", "\"Code\":200");
    }

    @Test
    void theListingNamesSha256OfEveryFile() throws Exception {
        String listing = Browser.text(browser.get(
                models + "aurora-7b/repo/files?Revision=" + MODEL.head().id() + "&Recursive=True"));

        assertThat(listing)
                .contains("\"Sha256\":\"84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882\"")
                .contains("\"Sha256\":\"" + LARGE.sha256() + "\"", "\"IsLFS\":true");
    }

    @Test
    void anUnknownRevisionIsAnErrorOrAnEmptyListingAsTheSitePleases() throws Exception {
        String url = models + "aurora-7b/repo/files?Revision=main&Recursive=True";

        assertRefused(url, 404, "10990101004");
        hubs.modelScope().face().silentAboutUnknownRevisions();
        assertThat(Browser.text(browser.get(url))).contains("\"Files\":null", "\"Success\":true");
    }

    @Test
    void aLongListingIsCutWithoutAWord() throws Exception {
        Map<String, Content> many =
                IntStream.range(0, 3005).boxed().collect(Collectors.toMap(i -> "f" + i, i -> Content.text("x")));
        hubs.modelScope().catalogue().put(Repository.model("acme-lab/many").files(many));
        Map<?, ?> data = (Map<?, ?>)
                browser.json(models + "many/repo/files?Recursive=True").get("Data");

        assertThat((List<?>) data.get("Files")).hasSize(3000);
    }

    @Test
    void rangesOfPlainFilesAreAnsweredInTheSitesOwnWay() throws Exception {
        String url = models + "aurora-7b/repo?Revision=master&FilePath=README.md";
        HttpResponse<byte[]> closed = browser.get(url, "Range", "bytes=2-4");
        HttpResponse<byte[]> open = browser.get(url, "Range", "bytes=2-");

        assertThat(closed.statusCode()).isEqualTo(200);
        assertThat(Browser.header(closed, "Content-Range")).isEqualTo("bytes 2-4/10");
        assertThat(Browser.text(closed)).isEqualTo("234");
        assertThat(open.statusCode()).isEqualTo(200);
        assertThat(open.headers().firstValue("Content-Range")).isEmpty();
        assertThat(Browser.text(open)).isEqualTo("0123456789");
    }

    @Test
    void aLargeFileIsRedirectedToAPathThatSpellsItsDigest() throws Exception {
        String link = Browser.header(browser.get(models + "aurora-7b/repo?FilePath=model.bin"), "Location");
        String digest = LARGE.sha256();

        assertThat(link)
                .contains("/prod/lfs-objects/" + digest.substring(0, 2) + "/" + digest.substring(2, 4) + "/"
                        + digest.substring(4))
                .contains("auth_key=");
        assertThat(browser.get(link, "Range", "bytes=0-99").statusCode()).isEqualTo(206);
        assertThat(browser.get(link + "x").statusCode()).isEqualTo(403);
    }

    @Test
    void datasetsAreListedInPages() throws Exception {
        String tree = hubs.modelScope().endpoint()
                + "/api/v1/datasets/acme-lab/stars/repo/tree?Recursive=True&Root=/&PageSize=2&PageNumber=";

        assertThat(Browser.text(browser.get(tree + 1)))
                .contains("a.csv", "b.csv")
                .doesNotContain("c.csv");
        assertThat(Browser.text(browser.get(tree + 2)))
                .contains("data/c.csv", "\"TotalCount\":4")
                .doesNotContain("a.csv");
        assertThat(Browser.text(browser.get(tree + 3))).contains("\"Files\":[]");
    }

    @Test
    void missingAndHiddenRepositoriesDifferInTheCodeOnly() throws Exception {
        assertRefused(models + "nope", 404, "10010205001");
        assertRefused(models + "secret", 404, "10010200001");
        assertRefused(models + "aurora-7b/repo?FilePath=nope", 404, "10990101007");
        assertThat(browser.get(models + "secret", "Authorization", "Bearer ms-owner")
                        .statusCode())
                .isEqualTo(200);
    }

    private void assertRefused(String url, int status, String code) throws Exception {
        HttpResponse<byte[]> answer = browser.get(url);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Browser.text(answer)).contains("\"Code\":" + code, "\"Success\":false");
    }
}
