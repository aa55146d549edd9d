package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody ends with a wrong file that looks complete, nor with one that is not for them. */
class ServeProofTest {

    private static final String FILE = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;
    private static final byte[] BYTES = Samples.WEIGHTS.toByteArray();
    private static final int SIZE = BYTES.length;

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    // --- wrong bytes

    @Test
    void wrongBytesEndShortAndTheResumeIsAnsweredWithAllOfIt() throws Exception {
        lab.hubs()
                .huggingFace()
                .dataFaults()
                .add(Fault.flip(Samples.BIG, 1_000_000).times(1));
        boxes.slowDown(16 << 20);
        Served box = boxes.box("--source", "huggingface");
        HttpResponse<InputStream> wrong =
                box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());

        byte[] had = wrong.body().readNBytes(2 << 20);
        assertThatThrownBy(() -> wrong.body().readAllBytes()).isInstanceOf(IOException.class);

        assertThat(had[1_000_000]).isNotEqualTo(BYTES[1_000_000]);
        Served.Got resumed = box.get(FILE, "Range", "bytes=" + had.length + "-");
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.body()).isEqualTo(BYTES);
        // This one takes no answer but 206 for what it asks, and would put all of it behind what it has.
        assertThat(box.get(FILE, "Range", "bytes=" + had.length + "-", "User-Agent", "Wget/1.21.3")
                        .status())
                .isEqualTo(409);
        assertThat(box.get("/-/metrics").text()).contains("modelfetch_tainted_readers_total 1");
    }

    @Test
    void nobodyGetsTheEndOfAFileThatNobodyHasRight() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.flip(Samples.BIG, SIZE - 100_000));
        Served box = boxes.box("--source", "huggingface");
        HttpResponse<InputStream> wrong =
                box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());

        assertThatThrownBy(() -> wrong.body().readAllBytes()).isInstanceOf(IOException.class);
        assertThat(blobs()).isEmpty();
    }

    private List<Path> blobs() throws IOException {
        Path blobs = lab.cache().resolve("models--acme-lab--served/blobs");
        try (var files = Files.list(blobs)) {
            return files.toList();
        }
    }

    // --- gated

    @Test
    void aGatedFileIsForThoseAloneToWhomTheHubShowsIt() throws Exception {
        Served box = boxes.box();
        String file = "/acme-lab/closed/resolve/main/weights.bin";
        byte[] content = Content.generated(6, 300_000).toByteArray();

        assertThat(box.get(file).status()).isEqualTo(401);
        assertThat(box.get(file).header("X-Error-Code")).isEqualTo("GatedRepo");
        assertThat(box.get(file, "Authorization", "Bearer " + Samples.TOKEN).body())
                .isEqualTo(content);
        assertThat(box.get(file).status()).isEqualTo(401);
        assertThat(box.head(file).header("ETag")).isEmpty();
        assertThat(box.get(file, "Authorization", "Bearer hf_wrong").status()).isIn(401, 403);
        assertThat(box.get("/blobs/sha256/" + Content.generated(6, 300_000).sha256())
                        .status())
                .isEqualTo(404);
        assertThat(lab.ledger().hostsThatSaw(Samples.TOKEN)).containsExactly("huggingface");
        assertThat(Files.readString(lab.cache().resolve("models--acme-lab--closed/.modelfetch/bindings.json")))
                .doesNotContain(Samples.TOKEN);
        box.kill();

        // Nobody can be asked, so nobody is believed.
        Served offline = boxes.box("--offline");
        assertThat(offline.get(file).status()).isEqualTo(401);
        assertThat(offline.get(file, "Authorization", "Bearer " + Samples.TOKEN).status())
                .isEqualTo(403);
    }

    @Test
    void whoWasShownItBeforeIsShownItWithTheHubsAwayIfThePolicySaysSo() throws Exception {
        Path policy = lab.home().resolve("policy.json");
        Files.writeString(policy, "{\"v\": 1, \"offlineGated\": \"known\"}");
        String file = "/acme-lab/closed/resolve/main/weights.bin";
        Served box = boxes.box("--policy", policy.toString());
        assertThat(box.get(file, "Authorization", "Bearer " + Samples.TOKEN).status())
                .isEqualTo(200);
        assertThat(Files.readString(lab.cache().resolve("models--acme-lab--closed/.modelfetch/bindings.json")))
                .contains("readers")
                .doesNotContain(Samples.TOKEN);
        box.kill();

        Served offline = boxes.box("--offline", "--policy", policy.toString());

        assertThat(offline.get(file, "Authorization", "Bearer " + Samples.TOKEN).status())
                .isEqualTo(200);
        assertThat(offline.get(file, "Authorization", "Bearer hf_somebodyelse").status())
                .isEqualTo(403);
        assertThat(offline.get(file).status()).isEqualTo(401);
    }
}
