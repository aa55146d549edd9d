package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes wrong below a box, and when it is told to end. */
@Tag("serve")
class ServeFaultsTest {

    private static final String FILE = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;
    private static final byte[] BYTES = Samples.WEIGHTS.toByteArray();
    private static final int SIZE = BYTES.length;

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    private static HttpResponse<InputStream> begin(Served box) throws IOException, InterruptedException {
        return box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    @Test
    void toldToEndItLetsItsReadersFinishAndNobodyElseBegin() throws Exception {
        boxes.slowDown(5 << 20);
        Served box = boxes.box("--source", "huggingface");
        HttpResponse<InputStream> reading = begin(box);
        byte[] had = reading.body().readNBytes(1 << 20);

        var unused = box.running().signal("TERM");

        Awaitility.await()
                .untilAsserted(() -> assertThat(box.get("/-/ready").status()).isEqualTo(503));
        assertThat(box.get("/-/live").status()).isEqualTo(200);
        Served.Got late = box.get("/" + Samples.ID + "/resolve/main/config.json");
        // The one refusal after which clients of the Hub ask again.
        assertThat(late.status()).isEqualTo(429);
        assertThat(late.header("Retry-After")).isNotEmpty();
        assertThat(reading.body().readAllBytes()).isEqualTo(Arrays.copyOfRange(BYTES, had.length, SIZE));
        box.running().end().exits(143);
    }

    @Test
    void bytesThatAreWrongNearTheEndEndShortToo() throws Exception {
        lab.hubs()
                .huggingFace()
                .dataFaults()
                .add(Fault.flip(Samples.BIG, SIZE - 1_000_000).times(1));
        Served box = boxes.box("--source", "huggingface");
        HttpResponse<InputStream> wrong = begin(box);

        assertThatThrownBy(() -> wrong.body().readAllBytes()).isInstanceOf(IOException.class);

        Served.Got resumed = box.get(FILE, "Range", "bytes=" + (SIZE - 500_000) + "-");
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.body()).isEqualTo(BYTES);
    }

    @Test
    void wrongBytesAreRememberedOverAKill() throws Exception {
        lab.hubs()
                .huggingFace()
                .dataFaults()
                .add(Fault.flip(Samples.BIG, 1_000_000).times(1));
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(16 << 20));
        Served box = boxes.box("--source", "huggingface");
        HttpResponse<InputStream> wrong = begin(box);
        assertThatThrownBy(() -> wrong.body().readAllBytes()).isInstanceOf(IOException.class);
        box.kill();

        Served next = boxes.box("--source", "huggingface");

        assertThat(next.get(FILE, "Range", "bytes=5000000-").body()).isEqualTo(BYTES);
    }

    /** Where it is stored; its readers have all of it a moment before that. */
    private Path blob() {
        Path blob = lab.cache().resolve("models--acme-lab--served/blobs").resolve(Samples.WEIGHTS.sha256());
        Awaitility.await().until(() -> Files.exists(blob));
        return blob;
    }

    @Test
    void aStoredFileThatSomebodyCutIsFetchedAnew() throws Exception {
        Served box = boxes.box();
        assertThat(box.get(FILE).body()).isEqualTo(BYTES);
        try (RandomAccessFile file = new RandomAccessFile(blob().toFile(), "rw")) {
            file.setLength(SIZE / 2);
        }

        assertThat(box.get(FILE).body()).isEqualTo(BYTES);
        assertThat(Files.size(blob())).isEqualTo(SIZE);
    }

    @Test
    void aStoredFileThatSomebodyRemovedIsFetchedAnew() throws Exception {
        Served box = boxes.box();
        assertThat(box.get(FILE).body()).isEqualTo(BYTES);
        Files.delete(blob());

        assertThat(box.get(FILE, "Range", "bytes=10-19").body()).isEqualTo(Arrays.copyOfRange(BYTES, 10, 20));
        assertThat(box.get(FILE).body()).isEqualTo(BYTES);
    }

    @Test
    void whereACacheCannotBeThatIsSaid() throws Exception {
        Path file = lab.home().resolve("no-folder");
        Files.writeString(file, "a file");
        Served box = boxes.box("--cache-dir", file.resolve("cache").toString());

        Served.Got got = box.get(FILE);

        assertThat(got.status()).isEqualTo(507);
        assertThat(got.header("X-Error-Message")).contains("no-folder");
        assertThat(box.get("/-/live").status()).isEqualTo(200);
    }
}
