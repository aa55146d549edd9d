package dev.modelfetch.testing.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.testing.hub.MirrorFace.Quirk;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MirrorFaceTest {

    private static final Repository MODEL =
            Repository.model("acme-lab/aurora-7b").file("a", "1").file("b", "2").lfs("c", Content.generated(1, 10));

    private final MiniHubs hubs = MiniHubs.start(MODEL);
    private final MirrorFace face = hubs.mirror().face();
    private final Browser browser = new Browser();
    private final String tree = hubs.mirror().endpoint() + "/api/models/acme-lab/aurora-7b/tree/main?recursive=true";
    private final String large = hubs.mirror().endpoint() + "/acme-lab/aurora-7b/resolve/main/c";

    @AfterEach
    void stop() {
        hubs.close();
        assertThat(hubs.ledger().failures()).isEmpty();
    }

    @Test
    void commitsAreThoseOfTheOrigin() throws Exception {
        String path = "/api/models/acme-lab/aurora-7b/revision/main";

        assertThat(browser.json(hubs.mirror().endpoint() + path).get("sha"))
                .isEqualTo(browser.json(hubs.huggingFace().endpoint() + path).get("sha"));
    }

    @Test
    void theNextPageIsSaidToBeAtTheOrigin() throws Exception {
        face.hub().pageSize(1);

        assertThat(Browser.header(browser.get(tree), "Link"))
                .startsWith("<" + hubs.huggingFace().endpoint() + "/api/");
        face.quirks();
        assertThat(Browser.header(browser.get(tree), "Link"))
                .startsWith("<" + hubs.mirror().endpoint() + "/api/");
    }

    @Test
    void anIgnoredCursorBringsTheFirstPageForEver() throws Exception {
        face.hub().pageSize(1);
        face.quirks(Quirk.CURSOR_IGNORED);
        HttpResponse<byte[]> first = browser.get(tree);
        String next = Browser.header(first, "Link").replaceAll("^<(.*)>.*$", "$1");

        assertThat(browser.get(next).body()).isEqualTo(first.body());
    }

    @Test
    void itMaySendEverybodyToTheOrigin() throws Exception {
        face.quirks(Quirk.MOVED_TO_ORIGIN);
        HttpResponse<byte[]> answer = browser.get(large);

        assertThat(answer.statusCode()).isEqualTo(308);
        assertThat(Browser.header(answer, "Location"))
                .isEqualTo(hubs.huggingFace().endpoint() + "/acme-lab/aurora-7b/resolve/main/c");
        assertThat(answer.headers().firstValue("X-Repo-Commit")).isEmpty();
    }

    @Test
    void withoutLinkedHeadersItSendsEverythingItself() throws Exception {
        face.quirks(Quirk.NO_LINKED_HEADERS);
        HttpResponse<byte[]> answer = browser.get(large);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map()).doesNotContainKeys("x-linked-etag", "x-linked-size", "x-xet-hash");
        assertThat(answer.body()).hasSize(10);
    }

    @Test
    void itMayAnswerWithWebPagesFiltersOrInventions() throws Exception {
        face.quirks(Quirk.WEB_PAGES);
        assertThat(Browser.header(browser.get(tree), "Content-Type")).startsWith("text/html");
        face.quirks(Quirk.WORD_FILTER);
        assertThat(browser.get(tree).statusCode()).isEqualTo(403);
        face.quirks(Quirk.HIDES_EVERYTHING);
        assertThat(Browser.header(browser.get(tree), "X-Error-Code")).isEqualTo("RepoNotFound");
        face.quirks(Quirk.NO_LINKED_HEADERS, Quirk.INVENTED_ETAGS);
        assertThat(Browser.header(browser.get(large), "ETag")).endsWith("-10\"");
    }
}
