package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Outage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our own program in front of a box, and boxes in a row. */
@Tag("serve")
class ServeChainTest {

    private static final String FILE = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;
    private static final byte[] BYTES = Samples.WEIGHTS.toByteArray();
    private static final String CONFIG =
            Content.text("{\"model_type\": \"tiny\"}\n").sha256();

    /** What a hub may have sent in vain when the end of a file was shared out anew. */
    private static final long UNDER_WAY = 2 << 20;

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    private Served behind(Served other, String name) throws Exception {
        return boxes.box(
                "--source",
                "mirror",
                "--cache-dir",
                lab.home().resolve(name).toString(),
                "--endpoint",
                "mirror=" + other.endpoint());
    }

    private Path fetched(Served box, String name) throws Exception {
        return lab.program()
                .start(
                        Samples.ID,
                        "--source",
                        "mirror",
                        "--endpoint",
                        "mirror=" + box.endpoint(),
                        "--cache-dir",
                        lab.home().resolve(name).toString())
                .end()
                .path();
    }

    private static JsonObject row(Served.Got tree, String path) {
        for (JsonElement row : tree.rows()) {
            if (row.getAsJsonObject().get("path").getAsString().equals(path)) {
                return row.getAsJsonObject();
            }
        }
        throw new AssertionError(path);
    }

    @Test
    void aBoxTellsWhatItCanDoAndTheDigestOfEveryFileThatItHas() throws Exception {
        Served box = boxes.box();
        String tree = "/api/models/" + Samples.ID + "/tree/main?recursive=true";
        assertThat(box.get("/-/about").json().getAsJsonArray("extras").toString())
                .isEqualTo("[\"sha256\",\"blobs\"]");
        Served.Got cold = box.get(tree + "&sha256=true");
        assertThat(row(cold, Samples.BIG).get("sha256").getAsString()).isEqualTo(Samples.WEIGHTS.sha256());
        assertThat(row(cold, "config.json").has("sha256")).isFalse();
        assertThat(box.get("/" + Samples.ID + "/resolve/main/config.json").status())
                .isEqualTo(200);

        // Whoever has read it may ask before it has its name.
        Served.Got warm = await().until(
                        () -> box.get(tree + "&sha256=true"),
                        got -> row(got, "config.json").has("sha256"));

        assertThat(row(warm, "config.json").get("sha256").getAsString()).isEqualTo(CONFIG);
        assertThat(row(warm, "config.json").get("verified").getAsString()).isEqualTo("origin");
        assertThat(row(box.get(tree), "config.json").has("sha256")).isFalse();
    }

    @Test
    void aBlobIsHadByTheAddressOfItsFileWhereItIsNotStored() throws Exception {
        Served box = boxes.box();
        String blob = "/blobs/sha256/" + Samples.WEIGHTS.sha256();
        assertThat(box.get(blob).status()).isEqualTo(404);
        assertThat(box.get(blob + "?or=%2F" + Samples.ID + "%2Fresolve%2Fmain%2Fconfig.json")
                        .status())
                .isEqualTo(404);

        assertThat(box.get(blob + "?or=" + FILE.replace("/", "%2F")).body()).isEqualTo(BYTES);
    }

    @Test
    void ourOwnProgramFetchesThroughAColdAndAWarmBox() throws Exception {
        Served box = boxes.box();

        Path cold = fetched(box, "one");

        assertThat(Files.readAllBytes(cold.resolve(Samples.BIG))).isEqualTo(BYTES);
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isLessThan(BYTES.length + UNDER_WAY);
        lab.hubs().huggingFace().away(Outage.refused());
        lab.hubs().mirror().away(Outage.refused());
        lab.hubs().modelScope().away(Outage.refused());
        Path warm = fetched(box, "two");
        assertThat(Files.readAllBytes(warm.resolve(Samples.BIG))).isEqualTo(BYTES);
        assertThat(Files.readString(warm.resolve("a folder/with #1.txt"))).isEqualTo("hello\n");
        assertThat(box.get("/-/metrics").text()).contains("modelfetch_served_bytes_total{from=\"store\"}");
    }

    @Test
    void twoBoxesInARowAndOurOwnProgramBehindThem() throws Exception {
        Served near = behind(boxes.box(), "near");

        assertThat(near.get(FILE).body()).isEqualTo(BYTES);

        assertThat(lab.ledger().bytesSent(Samples.BIG)).isLessThan(BYTES.length + UNDER_WAY);
        assertThat(Files.readAllBytes(fetched(near, "own").resolve(Samples.BIG)))
                .isEqualTo(BYTES);
        assertThat(near.get("/api/models/" + Samples.ID).json().get("downloads").getAsInt())
                .isEqualTo(18_342);
    }
}
