package dev.modelfetch.source.modelscope;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static dev.modelfetch.source.modelscope.Hub.HEAD;
import static dev.modelfetch.source.modelscope.Hub.MODEL;
import static dev.modelfetch.source.modelscope.Hub.call;
import static dev.modelfetch.source.modelscope.Hub.failure;
import static dev.modelfetch.source.modelscope.Hub.noRepository;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.What;
import java.io.IOException;
import java.util.Optional;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExplainTest {

    @RegisterExtension
    static final Hub hub = new Hub();

    @Test
    void aMissingFileIsNamed() throws IOException {
        Verdict verdict = explained(failure(404, 10990101007L, "获取模型文件失败，文件内容为空"));

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.FILE));
        assertThat(verdict.detail()).contains("\"a b.bin\" of acme-lab/aurora-7b");
    }

    @Test
    void aNotFoundWithoutABodyIsAMissingFile() throws IOException {
        assertThat(explained(aResponse().withStatus(404)))
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.FILE));
    }

    @Test
    void aRepositoryThatVanishedIsAMissingRepository() throws IOException {
        assertThat(explained(noRepository()))
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.REPOSITORY));
    }

    @Test
    void aRefusalIsAMatterOfTokens() throws IOException {
        assertThat(explained(failure(404, 10010200001L, "无权限")).kind()).isEqualTo(Verdict.Kind.NEEDS_AUTH);
        assertThat(explained(aResponse().withStatus(403)).kind()).isEqualTo(Verdict.Kind.NEEDS_AUTH);
    }

    @Test
    void anErrorInsideASuccessIsAnError() throws IOException {
        assertThat(explained(failure(200, 10990101007L, "获取模型文件失败，文件内容为空")))
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.FILE));
    }

    @Test
    void aSuccessThatExplainsNothingIsBlocked() throws IOException {
        assertThat(explained(Hub.data("{}")).kind()).isEqualTo(Verdict.Kind.BLOCKED);
        assertThat(explained(aResponse().withStatus(416)).kind()).isEqualTo(Verdict.Kind.BLOCKED);
    }

    @Test
    void aPageInTheWayOfAFileMayPass() throws IOException {
        assertThat(explained(aResponse()
                        .withStatus(403)
                        .withHeader("Content-Type", "text/html")
                        .withBody("<html>slow down</html>")))
                .isEqualTo(new Verdict.Down("HTTP 403 from localhost", true));
    }

    @Test
    void aFailureInPlaceOfAFileIsTheHubsComplaint() throws IOException {
        assertThat(complaint(failure(200, 10010205001L, "Error 1461: too many")))
                .contains(new Verdict.Down("overloaded [10010205001 Error 1461: too many] (localhost)", true));
        assertThat(complaint(failure(200, 10010200001L, "无权限")).orElseThrow().kind())
                .isEqualTo(Verdict.Kind.NEEDS_AUTH);
    }

    @Test
    void aFileIsNoComplaint() throws IOException {
        assertThat(complaint(aResponse().withBody("weights"))).isEmpty();
        assertThat(complaint(Hub.json(200, "{\"layers\": 2}"))).isEmpty();
        assertThat(complaint(Hub.data("{}"))).isEmpty();
    }

    @Test
    void serverTroubleIsDown() throws IOException {
        assertThat(explained(aResponse().withStatus(502)).kind()).isEqualTo(Verdict.Kind.DOWN);
    }

    @Test
    void theBodyCanStillBeReadAfterwards() throws IOException {
        hub.stubFor(call("models/acme-lab/aurora-7b/repo").willReturn(noRepository()));
        try (Response response = fetch()) {
            hub.source().explain(response);

            assertThat(response.body().string()).contains("record not found");
        }
    }

    private static Verdict explained(ResponseDefinitionBuilder answer) throws IOException {
        hub.stubFor(call("models/acme-lab/aurora-7b/repo").willReturn(answer));
        try (Response response = fetch()) {
            return hub.source().explain(response);
        }
    }

    private static Optional<Verdict> complaint(ResponseDefinitionBuilder answer) throws IOException {
        hub.stubFor(call("models/acme-lab/aurora-7b/repo").willReturn(answer));
        try (Response response = fetch()) {
            return hub.source().complaint(response);
        }
    }

    private static Response fetch() throws IOException {
        return new OkHttpClient()
                .newCall(FileLink.to(hub.address("/"), MODEL, HEAD, "a b.bin"))
                .execute();
    }
}
