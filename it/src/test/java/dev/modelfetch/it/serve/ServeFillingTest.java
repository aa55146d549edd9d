package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Outage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A box while it fills a file, and with the hubs away. */
class ServeFillingTest {

    private static final String FILE = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;
    private static final byte[] BYTES = Samples.WEIGHTS.toByteArray();
    private static final int SIZE = BYTES.length;

    /** What a hub may have sent in vain when the end of a file was shared out anew. */
    private static final long UNDER_WAY = 2 << 20;

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    private final ExecutorService clients = Executors.newCachedThreadPool();

    @AfterEach
    void endClients() {
        clients.shutdownNow();
    }

    private static byte[] bytes(int from, int to) {
        return Arrays.copyOfRange(BYTES, from, to);
    }

    // --- while it is filled

    @Test
    void manyReadersOfAColdFileCostItsBytesOnce() throws Exception {
        boxes.slowDown(8 << 20);
        Served box = boxes.box();
        // All of their bytes together would be more than this process has room for.
        List<Callable<byte[]>> readers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            readers.add(() -> sha256(box.client()
                    .send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream())
                    .body()));
        }

        byte[] expected = sha256(new ByteArrayInputStream(BYTES));
        for (Future<byte[]> reader : clients.invokeAll(readers)) {
            assertThat(reader.get()).isEqualTo(expected);
        }

        assertThat(lab.ledger().bytesSent(Samples.BIG)).isLessThan(SIZE + UNDER_WAY);
    }

    private static byte[] sha256(InputStream body) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[64 << 10];
        try (body) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return digest.digest();
    }

    @Test
    void aReaderThatGoesAwayAndOneThatTakesNothingHoldUpNobody() throws Exception {
        boxes.slowDown(16 << 20);
        Served box = boxes.box();
        HttpResponse<InputStream> stalled =
                box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());
        HttpResponse<InputStream> gone =
                box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(gone.body().read()).isEqualTo(BYTES[0] & 0xff);
        gone.body().close();

        assertThat(box.get(FILE).body()).isEqualTo(BYTES);

        assertThat(stalled.body().readAllBytes()).isEqualTo(BYTES);
    }

    @Test
    void killedOutrightItGoesOnAndReadersComeBackForTheRest() throws Exception {
        boxes.slowDown(4 << 20);
        Served first = boxes.box("--source", "huggingface");
        HttpResponse<InputStream> begun =
                first.client().send(first.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());
        byte[] had = begun.body().readNBytes(8 << 20);
        first.kill();
        assertThat(had).isEqualTo(bytes(0, had.length));
        lab.ledger().clear();

        Served second = boxes.box("--source", "huggingface");
        Served.Got rest = second.get(FILE, "Range", "bytes=" + had.length + "-");

        assertThat(rest.status()).isEqualTo(206);
        assertThat(rest.body()).isEqualTo(bytes(had.length, SIZE));
        // Each writer may lose the last of what it had; what the reader had been sent had long been written.
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isLessThan(SIZE - (had.length >> 1));
        assertThat(second.get(FILE).body()).isEqualTo(BYTES);
    }

    @Test
    void anOriginThatDiesInMidFileIsWaitedForOrReplaced() throws Exception {
        boxes.slowDown(4 << 20);
        Served box = boxes.box();
        HttpResponse<InputStream> begun =
                box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());
        byte[] had = begun.body().readNBytes(2 << 20);
        lab.hubs().huggingFace().away(Outage.refused());
        lab.hubs().mirror().away(Outage.refused());
        lab.hubs().modelScope().away(Outage.refused());
        Future<byte[]> rest = clients.submit(() -> begun.body().readAllBytes());
        lab.hubs().mirror().back();

        assertThat(rest.get()).isEqualTo(bytes(had.length, SIZE));
    }

    // --- hubs away

    @Test
    void withTheHubsAwayWhatIsStoredIsServedAndWhatIsNotIsNoMissingFile() throws Exception {
        Served box = boxes.box();
        assertThat(box.get(FILE).status()).isEqualTo(200);
        lab.hubs().huggingFace().away(Outage.refused());
        lab.hubs().mirror().away(Outage.refused());
        lab.hubs().modelScope().away(Outage.refused());

        assertThat(box.get(FILE).body()).isEqualTo(BYTES);
        assertThat(box.get("/" + Samples.ID + "/resolve/main/none.txt").header("X-Error-Code"))
                .isEqualTo("EntryNotFound");
        assertThat(box.get("/acme-lab/other/resolve/main/config.json").status()).isEqualTo(504);
        box.kill();

        Served offline = boxes.box("--offline");
        assertThat(offline.get(FILE).body()).isEqualTo(BYTES);
        assertThat(offline.get("/acme-lab/other/resolve/main/config.json").status())
                .isEqualTo(504);
    }
}
