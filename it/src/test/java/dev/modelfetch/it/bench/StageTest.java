package dev.modelfetch.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.it.bench.Scenario.Act;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StageTest {

    private static final Content WEIGHTS = Content.repeated(3, 24 << 20);
    private static final Repository MODEL =
            Repository.model("bench/test").lfs("model.safetensors", WEIGHTS).file("config.json", "{}\n");

    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    @Test
    void theAddressesForPlainToolsLeadToTheBytes() throws Exception {
        for (Peer peer : new Peer[] {new Fixture("plain"), new ModelScopeSdk(Optional.empty())}) {
            try (Stage stage = Stage.open(scenario(true, Line.unlimited()), peer)) {
                for (Wanted file : stage.files()) {
                    assertThat(Content.bytes(get(file.address()).body().readAllBytes())
                                    .sha256())
                            .isEqualTo(file.sha256());
                }
            }
        }
    }

    @Test
    void aScenarioForOneHubRefusesConnectionsAtTheOthers() throws Exception {
        try (Stage stage = Stage.open(scenario(true, Line.unlimited()), new Fixture("plain"))) {
            Map<String, String> endpoints = stage.errand(Path.of("")).endpoints();

            assertThat(get(endpoints.get("huggingface") + "/api/models/bench/test")
                            .statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> get(endpoints.get("mirror") + "/api/models/bench/test"))
                    .isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> get(endpoints.get("modelscope") + "/api/v1/models/bench/test"))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void oneDownloadTooManyIsRefusedWhileTheOthersRun() throws Exception {
        try (Stage stage = Stage.open(scenario(true, Line.unlimited().refusing(1, 429)), new Fixture("plain"))) {
            stage.shape();
            String address = address(stage);
            try (InputStream unread = get(address).body()) {
                assertThat(get(address).statusCode()).isEqualTo(429);
                unread.readAllBytes();
            }
        }
    }

    @Test
    void aCorruptStageServesOtherBytesOfTheSameLength() throws Exception {
        try (Stage stage = Stage.open(scenario(true, Line.unlimited()), new Fixture("plain"))) {
            stage.corrupt();

            Content served = Content.bytes(get(address(stage)).body().readAllBytes());

            assertThat(served.size()).isEqualTo(WEIGHTS.size());
            assertThat(served.sha256()).isNotEqualTo(WEIGHTS.sha256());
        }
    }

    @Test
    void anInterruptionComesHalfWayAndPasses() throws Exception {
        try (Stage stage = Stage.open(scenario(true, Line.of(32, 32)), new Fixture("plain"))) {
            stage.shape();
            String address = address(stage);
            Interruption half = Interruption.after(WEIGHTS.size() / 2, stage, Duration.ofMillis(100));
            try (InputStream body = get(address).body()) {
                assertThatThrownBy(() -> body.transferTo(OutputStream.nullOutputStream()))
                        .isInstanceOf(IOException.class);

                await().ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> get(address).statusCode() == 200);
            }
            half.end();
        }
    }

    @Test
    void anInterruptionThatIsNotNeededAnyMoreEnds() throws Exception {
        try (Stage stage = Stage.open(scenario(true, Line.unlimited()), new Fixture("plain"))) {
            Interruption.after(WEIGHTS.size(), stage, Interruption.LENGTH).end();

            assertThat(get(address(stage)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void toolsThatWantAddressesGetThoseOfTheQuickestHub() {
        for (Scenario scenario : new Scenarios(0.1).all()) {
            Hub hub = scenario.forPlainTools();

            assertThat(scenario.lines()).as(scenario.title()).containsKeys(hub, scenario.forHubTools());
            assertThat(scenario.lines().values())
                    .as(scenario.title())
                    .extracting(Line::total)
                    .allMatch(total -> total <= scenario.lines().get(hub).total());
        }
    }

    @Test
    void gitLfsIsToldTheAddressAtTheHub() throws Exception {
        try (Stage stage = Stage.open(scenario(true, Line.unlimited()), new Fixture("plain"))) {
            HttpRequest batch = HttpRequest.newBuilder(
                            URI.create(stage.errand(Path.of("")).objects() + "/objects/batch"))
                    .POST(HttpRequest.BodyPublishers.ofString("{\"operation\":\"download\",\"objects\":[{\"oid\":\""
                            + WEIGHTS.sha256() + "\",\"size\":" + WEIGHTS.size() + "}]}"))
                    .build();

            assertThat(client.send(batch, HttpResponse.BodyHandlers.ofString()).body())
                    .contains("\"href\":\"" + address(stage) + "\"");
        }
    }

    private static Scenario scenario(boolean alone, Line line) {
        Map<Hub, Line> lines = Map.of(Hub.HUGGING_FACE, line, Hub.MODEL_SCOPE, line);
        return new Scenario("x", "test", MODEL, lines, Optional.empty(), alone, Act.FETCH);
    }

    private static String address(Stage stage) {
        return stage.files().stream()
                .filter(file -> file.path().equals("model.safetensors"))
                .findFirst()
                .orElseThrow()
                .address();
    }

    private HttpResponse<InputStream> get(String address) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofInputStream());
    }
}
