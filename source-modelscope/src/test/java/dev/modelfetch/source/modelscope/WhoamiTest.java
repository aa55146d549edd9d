package dev.modelfetch.source.modelscope;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static dev.modelfetch.source.modelscope.Hub.json;
import static dev.modelfetch.source.modelscope.Hub.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.ModelSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WhoamiTest {

    @RegisterExtension
    static final Hub hub = new Hub();

    private static ModelSource answering(ResponseDefinitionBuilder answer) {
        hub.stubFor(get("/openapi/v1/users/me").willReturn(answer));
        return hub.source(true, Map.of());
    }

    @Test
    void theHubSaysWhoseTokenItIs() throws Exception {
        assertThat(answering(json(200, "{\"success\":true,\"data\":{\"username\":\"wang\"}}"))
                        .whoami())
                .contains(Account.of("wang"));
    }

    @Test
    void aTokenThatTheHubDoesNotKnowIsRefused() {
        ModelSource source =
                answering(json(401, "{\"success\":false,\"code\":\"InvalidAuthentication\",\"message\":\"用户未登录\"}"));

        assertThat(verdictOf(source::whoami))
                .isInstanceOfSatisfying(
                        Verdict.NeedsAuth.class,
                        refused -> assertThat(refused.missing()).isEqualTo(Verdict.Missing.VALID_TOKEN));
    }

    @Test
    void aServerThatDoesNotKnowTheCallSaysNothingOfTokens() throws Exception {
        assertThat(answering(aResponse().withStatus(404)).whoami()).isEmpty();
    }

    @Test
    void anAnswerWithoutAnAccountIsNone() {
        assertThat(verdictOf(answering(json(200, "{\"success\":true}"))::whoami).kind())
                .isEqualTo(Verdict.Kind.BLOCKED);
    }
}
