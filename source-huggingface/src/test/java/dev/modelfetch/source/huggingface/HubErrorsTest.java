package dev.modelfetch.source.huggingface;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static dev.modelfetch.source.huggingface.HubBench.AURORA;
import static dev.modelfetch.source.huggingface.HubBench.COMMIT;
import static dev.modelfetch.source.huggingface.HubBench.MAIN;
import static dev.modelfetch.source.huggingface.HubBench.json;
import static dev.modelfetch.source.huggingface.HubBench.source;
import static dev.modelfetch.source.huggingface.HubBench.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.Kind;
import dev.modelfetch.Verdict.What;
import java.io.IOException;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubErrorsTest {

    private static final String GATED = "Access to model acme-lab/aurora-7b is restricted. Please log in.";

    @RegisterExtension
    static final WireMockExtension HUB = WireMockExtension.newInstance().build();

    /** Every row of huggingface.md 2.2 that a hub host can send; {@code -} stands for a header that is not sent. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | -                | Invalid username or password.               | false | NOT_HERE   | no token was given
            401 | -                | Invalid username or password.               | true  | NOT_HERE   | not open to this token
            404 | RepoNotFound     | Repository not found                        | true  | NOT_HERE   | no such repository
            401 | -                | Invalid credentials in Authorization header | true  | NEEDS_AUTH | not valid
            401 | GatedRepo        | Access to it is restricted. Please log in.  | false | NEEDS_AUTH | then log in
            401 | GatedRepo        | Access to it is restricted. Please log in.  | true  | NEEDS_AUTH | not accepted
            403 | GatedRepo        | You are not in the authorized list.         | true  | NEEDS_AUTH | no access yet
            403 | -                | Your token lacks a permission.              | true  | NEEDS_AUTH | Your token lacks a permission
            403 | -                | Access to this resource is disabled.        | false | NOT_HERE   | disabled
            404 | RevisionNotFound | Invalid rev id: badrev                      | false | NOT_HERE   | Invalid rev id: badrev
            404 | EntryNotFound    | Entry not found                             | false | NOT_HERE   | no such file
            404 | -                | -                                           | false | NOT_HERE   | HTTP 404
            400 | -                | Malformed                                   | false | BLOCKED    | HTTP 400
            416 | -                | -                                           | false | BLOCKED    | HTTP 416
            401 | SomethingNew     | Log in first                                | false | NEEDS_AUTH | Log in first
            500 | -                | -                                           | false | DOWN       | HTTP 500
            502 | -                | -                                           | false | DOWN       | HTTP 502
            503 | -                | Hub is busy                                 | false | DOWN       | Hub is busy
            504 | -                | -                                           | false | DOWN       | HTTP 504
            408 | -                | -                                           | false | DOWN       | HTTP 408
            429 | -                | -                                           | false | LIMITED    | too many
            """)
    void everyRefusalHasItsVerdict(int status, String code, String message, boolean hasToken, Kind kind, String words) {
        ResponseDefinitionBuilder answer = message.equals("-") ? json("{}") : json("{\"error\": \"" + message + "\"}");
        if (!code.equals("-")) {
            answer.withHeader("X-Error-Code", code);
        }
        if (!message.equals("-")) {
            answer.withHeader("X-Error-Message", message);
        }
        HUB.stubFor(get(MAIN).willReturn(answer.withStatus(status)));

        Verdict verdict = verdictOf(() -> source(HUB, hasToken).resolve(AURORA, null));

        assertThat(verdict.kind()).isEqualTo(kind);
        assertThat(verdict.detail()).contains(words).doesNotEndWith(".");
    }

    @ParameterizedTest
    @CsvSource({"RepoNotFound, REPOSITORY", "RevisionNotFound, REVISION", "EntryNotFound, FILE", "-, REPOSITORY"})
    void whatIsMissingIsNamed(String code, What what) {
        HUB.stubFor(get(MAIN).willReturn(json("{}").withStatus(404).withHeader("X-Error-Code", code)));

        assertThat(verdictOf(() -> source(HUB).resolve(AURORA, null)))
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        verdict -> assertThat(verdict.what()).isEqualTo(what));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\": \"Invalid credentials in Authorization header\"}",
                "{\"error\": [\"Invalid credentials in Authorization header\", \"b\"]}",
                "{\"error\": \"invalid_grant\", \"error_description\": \"Invalid credentials in Authorization header\"}",
                "{\"errors\": [{\"message\": \"Invalid credentials in Authorization header\"}]}",
                "{\"message\": \"Invalid credentials in Authorization header\"}"
            })
    void theReasonIsFoundInEveryShapeOfBody(String body) {
        HUB.stubFor(get(MAIN).willReturn(json(body).withStatus(401)));

        assertThat(verdictOf(() -> source(HUB, true).resolve(AURORA, null))).isInstanceOf(Verdict.NeedsAuth.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\": []}", "{\"error\": {}}", "{\"error\": null}", "[1]", "no JSON", ""})
    void aBodyWithoutAReasonDoesNoHarm(String body) {
        HUB.stubFor(get(MAIN).willReturn(json(body).withStatus(401)));

        assertThat(verdictOf(() -> source(HUB).resolve(AURORA, null))).isInstanceOf(Verdict.NotHere.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 503})
    void theRequestIdIsNamedWhenTheHubMisbehaves(int status) {
        HUB.stubFor(get(MAIN).willReturn(json("{}").withStatus(status).withHeader("X-Request-Id", "Root=1-6a59")));

        assertThat(verdictOf(() -> source(HUB).resolve(AURORA, null)).detail()).contains("Root=1-6a59");
    }

    @Test
    void a403ThatIsNotInTheHubsFormComesFromAFilterOnTheWay() {
        HUB.stubFor(get(MAIN).willReturn(aResponse().withStatus(403).withBody("denied by policy\n")));

        assertThat(verdictOf(() -> source(HUB).resolve(AURORA, null)))
                .isInstanceOf(Verdict.Blocked.class)
                .extracting(Verdict::detail)
                .asString()
                .contains("denied by policy");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void aNotFoundInPlainWordsComesFromSomeOtherServer(int status) {
        HUB.stubFor(get(MAIN)
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Content-Type", "text/plain; charset=utf-8")
                        .withBody("404 page not found\n")));

        assertThat(verdictOf(() -> source(HUB).resolve(AURORA, null)))
                .isInstanceOf(Verdict.Blocked.class)
                .extracting(Verdict::detail)
                .asString()
                .contains("404 page not found");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, {\"detail\":\"Not Found\"}, ''",
        "text/plain, '', ''",
        "text/plain, Repository not found, Root=1-6a59"
    })
    void aNotFoundInTheFormOfAHubOrOfNobodyIsBelieved(String type, String body, String requestId) {
        ResponseDefinitionBuilder answer =
                aResponse().withStatus(404).withHeader("Content-Type", type).withBody(body);
        HUB.stubFor(get(MAIN).willReturn(requestId.isEmpty() ? answer : answer.withHeader("X-Request-Id", requestId)));

        assertThat(verdictOf(() -> source(HUB).resolve(AURORA, null))).isInstanceOf(Verdict.NotHere.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 403, 404})
    void aWebPageIsNeverTheHubsAnswer(int status) {
        HUB.stubFor(get(MAIN)
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Content-Type", "text/html")
                        .withBody("<html>Log in to the network</html>")));

        assertThat(verdictOf(() -> source(HUB).resolve(AURORA, null))).isInstanceOf(Verdict.Blocked.class);
    }

    @Test
    void anExhaustedWindowSaysHowLongToWait() {
        HUB.stubFor(get(MAIN).willReturn(json("{}").withStatus(429).withHeader("RateLimit", "\"api\";r=0;t=55")));

        assertThat(verdictOf(() -> source(HUB).resolve(AURORA, null)))
                .isInstanceOfSatisfying(
                        Verdict.Limited.class,
                        limited -> assertThat(limited.pause()).isEqualTo(Duration.ofSeconds(56)));
    }

    @Test
    void aMessageCannotDisturbATerminal() {
        HUB.stubFor(get(MAIN)
                .willReturn(json("{\"error\": \"a\\u001b[31mb\\nc" + "x".repeat(1000) + "\"}")
                        .withStatus(400)));

        assertThat(verdictOf(() -> source(HUB).resolve(AURORA, null)).detail())
                .contains("a [31mb c")
                .hasSizeLessThan(300);
    }

    @ParameterizedTest
    @CsvSource({
        "/acme-lab/gated-9b/resolve/" + COMMIT + "/a/b.bin, /acme-lab/gated-9b",
        "/gpt2/resolve/main/x, /gpt2",
        "/datasets/acme-lab/stars/resolve/main/x, /datasets/acme-lab/stars",
        "/api/resolve-cache/models/acme-lab/gated-9b/" + COMMIT + "/x, /acme-lab/gated-9b",
        "/api/spaces/acme-lab/demo/tree/main, /spaces/acme-lab/demo"
    })
    void aGatedFileNamesThePageWhereAccessIsAskedFor(String path, String page) throws IOException {
        try (Response response =
                response(path, 403, GATED).header("X-Error-Code", "GatedRepo").build()) {
            assertThat(source(HUB, true).explain(response))
                    .isInstanceOf(Verdict.NeedsAuth.class)
                    .extracting(Verdict::detail)
                    .asString()
                    .endsWith("at " + HUB.baseUrl() + page);
        }
    }

    @Test
    void aMissingFileIsNotMistakenForAMissingRepository() throws IOException {
        try (Response response = response("/acme-lab/aurora-7b/resolve/main/x", 404, "Entry not found")
                .build()) {
            assertThat(source(HUB).explain(response))
                    .isInstanceOfSatisfying(
                            Verdict.NotHere.class,
                            verdict -> assertThat(verdict.what()).isEqualTo(What.FILE));
            assertThat(response.body().string()).isEqualTo("Entry not found");
        }
    }

    @Test
    void aRedirectToAnotherHostIsReportedAsSuch() {
        HUB.stubFor(get(MAIN)
                .willReturn(aResponse().withStatus(308).withHeader("Location", "https://hub.example/api/models/x")));

        assertThat(verdictOf(() -> source(HUB).resolve(AURORA, null)))
                .isEqualTo(new Verdict.Alias("https://hub.example"));
    }

    private static Response.Builder response(String path, int status, String text) {
        return new Response.Builder()
                .request(new Request.Builder().url(HUB.baseUrl() + path).build())
                .protocol(Protocol.HTTP_1_1)
                .code(status)
                .message("")
                .body(ResponseBody.create(text, MediaType.get("text/plain")));
    }
}
