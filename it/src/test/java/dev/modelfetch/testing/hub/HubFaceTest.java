package dev.modelfetch.testing.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.RepoType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HubFaceTest {

    private static final Content LARGE = Content.generated(5, 300_000);
    private static final Repository OPEN = Repository.model("acme-lab/aurora-7b")
            .file("config.json", "{\"model_type\": \"aurora\"}\n")
            .file("sub dir/a#b.txt", "odd\n")
            .ref("v1.0")
            .lfs("onnx/model.onnx", LARGE);
    private static final Repository GATED =
            Repository.model("acme-lab/gated-9b").file("config.json", "{}\n").gated("hf_reader");
    private static final Repository HIDDEN =
            Repository.model("acme-lab/secret").file("a", "b").hidden("hf_owner");

    private final MiniHubs hubs = MiniHubs.start(OPEN, GATED, HIDDEN);
    private final MiniHub<HubFace> hub = hubs.huggingFace();
    private final Browser browser = new Browser();

    @AfterEach
    void stop() {
        hubs.close();
        assertThat(hubs.ledger().failures()).isEmpty();
    }

    @Test
    void aRevisionIsPinnedToItsCommit() throws Exception {
        assertThat(browser.json(api("/revision/main")).get("sha"))
                .isEqualTo(OPEN.head().id());
        assertThat(browser.json(api("/revision/v1.0")).get("sha"))
                .isEqualTo(OPEN.refs().get("v1.0").id());
        assertThat(browser.json(api("/revision/" + OPEN.head().id())).get("sha"))
                .isEqualTo(OPEN.head().id());
        assertThat(OPEN.refs().get("v1.0").id()).isNotEqualTo(OPEN.head().id());
    }

    @Test
    void theTreeNamesDigestsOfSmallAndLargeFiles() throws Exception {
        String tree = Browser.text(browser.get(api("/tree/main?recursive=true&expand=false")));

        assertThat(tree)
                .contains("\"oid\":\"4c1ee3938fa977800a1dd22f4a69d9aebfe28ea0\",\"size\":25,\"path\":\"config.json\"")
                .contains("\"lfs\":{\"oid\":\"" + LARGE.sha256() + "\",\"size\":300000,\"pointerSize\":131}")
                .contains("\"type\":\"directory\"");
        assertThat(Browser.text(browser.get(api("/tree/main"))))
                .doesNotContain("onnx/model.onnx")
                .contains("onnx");
        assertThat(Browser.text(browser.get(api("/tree/main/onnx"))))
                .contains("onnx/model.onnx")
                .doesNotContain("config");
    }

    @Test
    void pagesAreChainedByLink() throws Exception {
        hub.face().pageSize(2);
        HttpResponse<byte[]> first = browser.get(api("/tree/main?recursive=true"));
        String next = Browser.header(first, "Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
        HttpResponse<byte[]> second = browser.get(next);

        assertThat(next).startsWith(hub.endpoint()).contains("recursive=true");
        assertThat(Browser.text(first)).contains("config.json").doesNotContain("model.onnx");
        assertThat(Browser.text(second)).contains("model.onnx").doesNotContain("config.json");
    }

    @Test
    void aSmallFileGoesThroughTheCacheOfTheSameHost() throws Exception {
        HttpResponse<byte[]> hop = browser.head(file("main", "sub%20dir/a%23b.txt"));
        HttpResponse<byte[]> body = browser.get(hub.endpoint() + Browser.header(hop, "Location"));

        assertThat(hop.statusCode()).isEqualTo(307);
        assertThat(Browser.header(hop, "Location")).startsWith("/api/resolve-cache/models/acme-lab/aurora-7b/");
        assertThat(Browser.header(hop, "X-Repo-Commit")).isEqualTo(OPEN.head().id());
        assertThat(Browser.text(body)).isEqualTo("odd\n");
        assertThat(hubs.ledger().bytesSent("sub dir/a#b.txt")).isEqualTo(4);
    }

    @Test
    void aLargeFileIsRedirectedToASignedLinkElsewhere() throws Exception {
        HttpResponse<byte[]> hop = browser.get(file("main", "onnx/model.onnx"));
        String link = Browser.header(hop, "Location");
        HttpResponse<byte[]> part = browser.get(link, "Range", "bytes=299990-");

        assertThat(hop.statusCode()).isEqualTo(302);
        assertThat(Browser.header(hop, "X-Linked-ETag")).isEqualTo("\"" + LARGE.sha256() + "\"");
        assertThat(Browser.header(hop, "X-Linked-Size")).isEqualTo("300000");
        assertThat(URI.create(link).getPort())
                .isNotEqualTo(URI.create(hub.endpoint()).getPort());
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(Browser.header(part, "Content-Range")).isEqualTo("bytes 299990-299999/300000");
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(LARGE.toByteArray(), 299_990, 300_000));
        assertThat(hubs.ledger().bytesSent("huggingface-data", "onnx/model.onnx"))
                .isEqualTo(10);
    }

    @Test
    void signedLinksRunOut() throws Exception {
        hub.links().linksGoodFor(1);
        String link = Browser.header(browser.get(file("main", "onnx/model.onnx")), "Location");

        assertThat(browser.get(link, "Range", "bytes=0-0").statusCode()).isEqualTo(206);
        assertThat(browser.get(link, "Range", "bytes=1-1").statusCode()).isEqualTo(403);

        hub.links().linksGoodFor(100);
        String other = Browser.header(browser.get(file("main", "onnx/model.onnx")), "Location");
        hub.links().expireLinks();
        assertThat(browser.get(other).statusCode()).isEqualTo(403);
    }

    @Test
    void refusalsCarryTheHubsCodes() throws Exception {
        assertRefused(api("/revision/nope"), 404, "RevisionNotFound");
        assertRefused(file("main", "nope.txt"), 404, "EntryNotFound");
        assertRefused(hub.endpoint() + "/api/models/acme-lab/nope", 401, "");
        assertRefused(hub.endpoint() + "/api/models/acme-lab/secret", 401, "");
        assertRefused(hub.endpoint() + "/acme-lab/gated-9b/resolve/main/config.json", 401, "GatedRepo");
        hub.catalogue().user("hf_other");
        assertRefused(hub.endpoint() + "/api/models/acme-lab/secret", 404, "RepoNotFound", "hf_other");
        assertRefused(hub.endpoint() + "/acme-lab/gated-9b/resolve/main/config.json", 403, "GatedRepo", "hf_other");
        assertRefused(api("/revision/main"), 401, "", "hf_revoked");
    }

    @Test
    void readersGetWhatOthersDoNot() throws Exception {
        String gated = hub.endpoint() + "/api/models/acme-lab/gated-9b/tree/main";

        assertThat(browser.get(gated).statusCode()).isEqualTo(200);
        assertThat(browser.head(hub.endpoint() + "/acme-lab/gated-9b/resolve/main/config.json", bearer("hf_reader"))
                        .statusCode())
                .isEqualTo(307);
        assertThat(browser.get(hub.endpoint() + "/api/models/acme-lab/secret", bearer("hf_owner"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(hubs.ledger().authorizationsSeen())
                .containsExactly("huggingface Bearer hf_owner", "huggingface Bearer hf_reader");
        assertThat(hubs.ledger().hostsThatSaw("hf_owner")).containsExactly("huggingface");
    }

    @Test
    void renamedAndMisspeltRepositoriesRedirectRelatively() throws Exception {
        hub.catalogue().rename(RepoType.MODEL, "old-lab/aurora", OPEN.id()).rename(RepoType.MODEL, "aurora", OPEN.id());

        assertMoved(
                "/api/models/old-lab/aurora/tree/main?recursive=true",
                "/api/models/acme-lab/aurora-7b/tree/main?recursive=true");
        assertMoved(
                "/api/models/aurora/revision/refs%2Fpr%2F1", "/api/models/acme-lab/aurora-7b/revision/refs%2Fpr%2F1");
        assertMoved("/Acme-Lab/Aurora-7B/resolve/main/config.json", "/acme-lab/aurora-7b/resolve/main/config.json");
        assertThat(Browser.header(browser.head(hub.endpoint() + "/aurora/resolve/main/config.json"), "X-Repo-Commit"))
                .isEqualTo(OPEN.head().id());
    }

    @Test
    void aBranchMayMoveOnWhileTheOldCommitStays() throws Exception {
        String before = OPEN.head().id();
        Repository moved = OPEN.file("config.json", "{}\n");
        hub.catalogue().put(moved);

        assertThat(browser.json(api("/revision/main")).get("sha"))
                .isEqualTo(moved.head().id());
        assertThat(Browser.text(browser.get(hub.endpoint() + "/acme-lab/aurora-7b/raw/" + before + "/config.json")))
                .contains("aurora");
    }

    @Test
    void pathsInfoTakesFormsAndJson() throws Exception {
        String url = api("/paths-info/main");
        String form = Browser.text(
                browser.post(url, "application/x-www-form-urlencoded", "paths=config.json&paths=onnx&paths=no"));

        assertThat(form).contains("config.json", "directory").doesNotContain("model.onnx");
        assertThat(Browser.text(browser.post(url, "application/json", "{\"paths\": [\"config.json\", \"onnx\"]}")))
                .isEqualTo(form);
    }

    private void assertMoved(String from, String to) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = browser.get(hub.endpoint() + from);
        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(Browser.header(answer, "Location")).isEqualTo(to);
    }

    private void assertRefused(String url, int status, String code, String... token)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = browser.get(url, token.length == 0 ? new String[0] : bearer(token[0]));
        assertThat(answer.statusCode()).as(url).isEqualTo(status);
        assertThat(Browser.header(answer, "X-Error-Code")).as(url).isEqualTo(code);
        assertThat(Browser.header(answer, "X-Error-Message")).as(url).isNotEmpty();
    }

    private static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    private String api(String rest) {
        return hub.endpoint() + "/api/models/acme-lab/aurora-7b" + rest;
    }

    private String file(String revision, String path) {
        return hub.endpoint() + "/acme-lab/aurora-7b/resolve/" + revision + "/" + path;
    }
}
