package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A whole team that wants the same large file at once, which nobody has had before. The goal is a thousandth more than its
 * bytes; what is more than that was under way, in the buffers of the system, when pieces were shared out anew.
 */
@Tag("serve")
class CrowdTest {

    private static final int CLIENTS = 20;
    private static final long SIZE = Long.getLong("serve.crowd", 1L << 30);

    /** What connections that end early may have had under way: a few, each with as much as sockets hold. */
    private static final long UNDER_WAY = 48L << 20;

    private static final Content WEIGHTS = Content.generated(77, SIZE);

    @RegisterExtension
    final Lab lab = Lab.of(Repository.model("acme-lab/large").lfs("weights.bin", WEIGHTS));

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    @Test
    void theHubsSendItOnce() throws Exception {
        Served box = boxes.box("--source", "huggingface");
        String url = box.endpoint() + "/acme-lab/large/resolve/main/weights.bin";
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        List<Callable<String>> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            all.add(() -> Tool.run(lab.home(), "sh", "-c", "curl -sf " + url + " | sha256sum")
                    .out()
                    .substring(0, 64));
        }

        for (Future<String> digest : clients.invokeAll(all)) {
            assertThat(digest.get()).isEqualTo(WEIGHTS.sha256());
        }
        clients.shutdown();

        long sent = lab.ledger().bytesSent("weights.bin");
        System.out.printf(
                "%d clients, %d bytes each: the hubs sent %.5f times as many (goal: 1.001)%n",
                CLIENTS, SIZE, (double) sent / SIZE);
        assertThat(sent).isLessThan(SIZE + UNDER_WAY);
    }
}
