package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.it.e2e.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What whoever runs a box has of it. */
class ServeOperatorTest {

    private static final String FILE = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;
    private static final byte[] BYTES = Samples.WEIGHTS.toByteArray();
    private static final int SIZE = BYTES.length;

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    private static String commit() {
        return Samples.MODEL.head().id();
    }

    @Test
    void theOperatorSeesWhatGoesOn() throws Exception {
        Served box = boxes.box();
        assertThat(box.get("/-/live").status()).isEqualTo(200);
        assertThat(box.get("/-/ready").status()).isEqualTo(200);
        assertThat(box.get("/-/about").json().get("name").getAsString()).isEqualTo("modelfetch");
        assertThat(box.get(FILE).status()).isEqualTo(200);

        assertThat(box.get("/-/metrics").text())
                .contains("modelfetch_served_bytes_total{from=\"filling\"} " + SIZE)
                .contains("# TYPE modelfetch_fillings gauge")
                .contains("modelfetch_first_byte_seconds_count 1\n")
                .contains("modelfetch_first_byte_seconds_bucket{le=\"+Inf\"} 1\n")
                .containsPattern("modelfetch_request_seconds_count [1-9]");
        assertThat(box.get("/-/status").json().get("bytesServed").getAsLong()).isEqualTo(SIZE);
        assertThat(box.get("/-/status", "Accept", "text/html").text()).startsWith("<!doctype html>");
    }

    @Test
    void aPrefetchFillsWhatLaterReadersWant() throws Exception {
        Served box = boxes.box();
        Served.Got accepted = box.post(
                "/-/prefetch", "application/json", "{\"repo\": \"" + Samples.ID + "\", \"exclude\": [\"*.txt\"]}");
        assertThat(accepted.status()).isEqualTo(202);
        String id = accepted.json().get("id").getAsString();

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> box.get("/-/prefetch/" + id)
                        .json()
                        .get("state")
                        .getAsString()
                        .equals("done"));
        lab.ledger().clear();

        assertThat(box.get(FILE.replace("/main/", "/" + commit() + "/")).body()).isEqualTo(BYTES);
        assertThat(lab.ledger().visits()).isEmpty();
        assertThat(box.post("/-/prefetch", "application/json", "[]").status()).isEqualTo(400);
        assertThat(box.get("/-/prefetch/none").status()).isEqualTo(404);
    }

    @Test
    void aPolicyRefusesWithItsReason() throws Exception {
        Path policy = lab.home().resolve("policy.json");
        Files.writeString(
                policy,
                "{\"v\": 1, \"rules\": [{\"deny\": {\"path\": \"*.bin\"}, \"because\": \"pickles run code\"},"
                        + " {\"deny\": {\"id\": \"acme-lab/rows\"}}]}");
        Served box = boxes.box("--policy", policy.toString());

        Served.Got refused = box.get(FILE);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("X-Error-Message")).isEqualTo("pickles run code");
        assertThat(box.get("/" + Samples.ID + "/resolve/main/config.json").status())
                .isEqualTo(200);
        assertThat(box.get("/api/datasets/acme-lab/rows").status()).isEqualTo(403);
    }

    @Test
    void aTermSignalIsItsRegularEnd() throws Exception {
        Served box = boxes.box();
        assertThat(box.get(FILE).status()).isEqualTo(200);

        Running.Ended ended = box.running().signal("TERM").end().exits(143);

        assertThat(ended.err()).doesNotContain("rror", "nterrupted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", Samples.ID, "--help"})
    void nothingOfTheServerIsLoadedByAnybodyElse(String word) throws Exception {
        Path classes = lab.home().resolve("classes.txt");

        lab.program()
                .with("JAVA_TOOL_OPTIONS", "-Xlog:class+load=info:file=" + classes)
                .start(word)
                .end()
                .exits(0);

        assertThat(Files.readString(classes))
                .contains("dev.modelfetch.cli.Main")
                .doesNotContain("io.undertow", "org.xnio", "dev.modelfetch.serve.");
    }
}
