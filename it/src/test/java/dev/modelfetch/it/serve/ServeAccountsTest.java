package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A box for those who have an account there. */
class ServeAccountsTest {

    private static final String CONFIG = "/" + Samples.ID + "/resolve/main/config.json";
    private static final String CLOSED = "/acme-lab/closed/resolve/main/weights.bin";
    private static final String ANN = "hf_annannannannannannannannannannann1";
    private static final String BOB = "hf_bobbobbobbobbobbobbobbobbobbobbob1";

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    private Served box(String... more) throws Exception {
        Path token = Files.writeString(lab.home().resolve("upstream"), Samples.TOKEN + "\n");
        Path accounts = lab.home().resolve("accounts.json");
        Files.writeString(
                accounts,
                "{\"v\": 1, \"accounts\": [{\"name\": \"ann\", \"sha256\": \""
                        + Content.text(ANN).sha256() + "\", \"upstream\": \"" + token
                        + "\"}, {\"name\": \"bob\", \"sha256\": \""
                        + Content.text(BOB).sha256()
                        + "\", \"repos\": [\"acme-lab/served\"], \"bytesPerDay\": 30}]}");
        List<String> line = new java.util.ArrayList<>(List.of("--accounts", accounts.toString()));
        line.addAll(List.of(more));
        return boxes.box(line.toArray(new String[0]));
    }

    private static Served.Got get(Served box, String path, String token) throws Exception {
        return box.get(path, "Authorization", "Bearer " + token);
    }

    @Test
    void whoHasNoAccountGetsNothingAndWhoHasOneWhatItMayRead() throws Exception {
        Served box = box();

        assertThat(box.get(CONFIG).status()).isEqualTo(401);
        Served.Got wrong = get(box, CONFIG, "hf_nobody");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.header("X-Error-Message")).isEqualTo("Invalid credentials in Authorization header");
        assertThat(box.get("/-/ready").status()).isEqualTo(200);
        assertThat(get(box, "/api/whoami-v2", ANN).json().get("name").getAsString())
                .isEqualTo("ann");
        // By the token of the Hub that stands behind it.
        assertThat(get(box, CLOSED, ANN).status()).isEqualTo(200);
        assertThat(get(box, CLOSED, BOB).status()).isEqualTo(403);
        assertThat(get(box, "/api/datasets/acme-lab/rows", BOB).status()).isEqualTo(403);
        assertThat(lab.ledger().hostsThatSaw(ANN)).isEmpty();
        assertThat(lab.ledger().hostsThatSaw(BOB)).isEmpty();
    }

    @Test
    void whoHasReadEnoughForTodayComesBackTomorrow() throws Exception {
        Served box = box();
        assertThat(get(box, CONFIG, BOB).status()).isEqualTo(200);
        assertThat(get(box, CONFIG, BOB).status()).isEqualTo(200);

        Served.Got enough = get(box, CONFIG, BOB);

        assertThat(enough.status()).isEqualTo(429);
        assertThat(Long.parseLong(enough.header("Retry-After"))).isBetween(1L, 86_400L);
        assertThat(get(box, CONFIG, ANN).status()).isEqualTo(200);
    }

    @Test
    void whoHasReadWhatIsNotedDown() throws Exception {
        Path audit = lab.home().resolve("audit.ndjson");
        Served box = box("--audit", audit.toString());
        assertThat(get(box, CONFIG, BOB).status()).isEqualTo(200);
        assertThat(box.head(CONFIG, "Authorization", "Bearer " + BOB).status()).isEqualTo(200);
        assertThat(get(box, CLOSED, ANN).status()).isEqualTo(200);
        box.running().signal("TERM").end().exits(143);

        List<String> lines = Files.readAllLines(audit);

        assertThat(lines).hasSize(2);
        JsonObject first = JsonParser.parseString(lines.get(0)).getAsJsonObject();
        assertThat(first.keySet())
                .containsExactly("time", "account", "address", "repo", "commit", "path", "digest", "bytes", "outcome");
        assertThat(first.get("account").getAsString()).isEqualTo("bob");
        assertThat(first.get("path").getAsString()).isEqualTo("config.json");
        assertThat(first.get("bytes").getAsLong()).isEqualTo(23);
        assertThat(first.get("outcome").getAsString()).isEqualTo("sent");
        assertThat(String.join("", lines)).doesNotContain("hf_");
    }

    @Test
    void pagesOfOtherPlacesMayReadOnlyIfThatIsSaid() throws Exception {
        Served closed = boxes.box();
        assertThat(closed.get(CONFIG, "Origin", "https://example.org").header("Access-Control-Allow-Origin"))
                .isEmpty();
        closed.kill();
        Served open = boxes.box("--cors");

        assertThat(open.get(CONFIG).header("Access-Control-Allow-Origin")).isEqualTo("*");
        Served.Got asked =
                open.ask(open.request(CONFIG).method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody()));
        assertThat(asked.status()).isEqualTo(204);
        assertThat(asked.header("Access-Control-Allow-Headers")).contains("Range");
    }
}
