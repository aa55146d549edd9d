package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.hub.Fault;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two people on one machine, one cache, one model. */
class TwoProcessesTest {

    @RegisterExtension
    final Lab lab = Lab.of(Samples.LARGE);

    @Test
    void bothSucceedAndTheBytesTravelOnce() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(12 << 20));
        Running first = lab.program().start(Samples.LARGE.id(), "--source", "hf", "--progress", "json");
        first.awaitBytes(Samples.BIG, 1 << 20);
        Running second = lab.program().start(Samples.LARGE.id(), "--source", "hf");

        Path path = first.end().path();
        assertThat(second.end().path()).isEqualTo(path);
        assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.LARGE));
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isEqualTo(Samples.WEIGHTS.size());
    }

    @Test
    void theOtherGoesOnWhenOneIsKilled() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(12 << 20));
        Running first =
                lab.program().start(Samples.LARGE.id(), "--source", "hf", "--progress", "json", "--connections", "1");
        first.awaitBytes(Samples.BIG, 6 << 20);
        Running second = lab.program().start(Samples.LARGE.id(), "--source", "hf");
        Awaitility.await()
                .until(() ->
                        lab.ledger().requests("/api/models/acme-lab/large/tree").size() > 1);
        first.signal("KILL").end().exits(137);

        assertThat(Contents.of(second.end().path())).isEqualTo(Contents.of(Samples.LARGE));
    }
}
