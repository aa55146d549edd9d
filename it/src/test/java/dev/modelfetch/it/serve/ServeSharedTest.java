package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same content in several repositories. */
class ServeSharedTest {

    private static final int SIZE = 16 << 20;
    private static final Content WEIGHTS = Content.generated(31, SIZE);
    private static final Content SECRET = Content.generated(32, 300_000);

    /** What a hub may have sent in vain when the end of a file was shared out anew. */
    private static final long UNDER_WAY = 2 << 20;

    @RegisterExtension
    final Lab lab = Lab.of(
            Repository.model("acme-lab/base").lfs("base.bin", WEIGHTS),
            Repository.model("acme-lab/fork").lfs("fork.bin", WEIGHTS),
            Repository.model("acme-lab/gated").lfs("gated.bin", SECRET).gated(Samples.TOKEN),
            Repository.model("acme-lab/lister").lfs("lister.bin", SECRET));

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    private final ExecutorService clients = Executors.newCachedThreadPool();

    @AfterEach
    void endClients() {
        clients.shutdownNow();
    }

    private static String file(String name) {
        return "/acme-lab/" + name + "/resolve/main/" + name + ".bin";
    }

    private long sent() {
        return lab.ledger().bytesSent("base.bin") + lab.ledger().bytesSent("fork.bin");
    }

    @Test
    void readAtTheSameTimeOrLaterItIsFetchedOnce() throws Exception {
        boxes.slowDown(8 << 20);
        Served box = boxes.box();
        assertThat(box.get("/api/models/acme-lab/base").status()).isEqualTo(200);
        assertThat(box.get("/api/models/acme-lab/fork").status()).isEqualTo(200);

        Future<Served.Got> one = clients.submit(() -> box.get(file("base")));
        Awaitility.await().until(() -> sent() > 0);
        Future<Served.Got> other = clients.submit(() -> box.get(file("fork")));

        assertThat(one.get().body()).isEqualTo(WEIGHTS.toByteArray());
        assertThat(other.get().body()).isEqualTo(WEIGHTS.toByteArray());
        assertThat(sent()).isLessThan(SIZE + UNDER_WAY);
        Awaitility.await().until(() -> box.get("/-/metrics").text().contains("modelfetch_fillings 0\n"));
        lab.ledger().clear();
        assertThat(box.get(file("base")).body()).isEqualTo(WEIGHTS.toByteArray());
        assertThat(box.get(file("fork")).body()).isEqualTo(WEIGHTS.toByteArray());
        assertThat(sent()).isZero();
    }

    @Test
    void aDigestIsNoTicket() throws Exception {
        Served box = boxes.box();
        assertThat(box.get(file("gated"), "Authorization", "Bearer " + Samples.TOKEN)
                        .body())
                .isEqualTo(SECRET.toByteArray());
        assertThat(lab.ledger().bytesSent("lister.bin")).isZero();

        // Whoever lists it has to deliver it once; then everybody has it.
        assertThat(box.get(file("lister")).body()).isEqualTo(SECRET.toByteArray());

        assertThat(lab.ledger().bytesSent("lister.bin")).isPositive();
        assertThat(box.get(file("gated")).status()).isEqualTo(401);
        Awaitility.await()
                .until(() -> box.get("/blobs/sha256/" + SECRET.sha256()).status() == 200);
    }
}
