package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Lab;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that hold on to what they have without using it, as many as they like: a box gives up on them in the end. */
@Tag("serve")
class SlowClientsTest {

    private static final String FILE = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;
    private static final int BYTES = Samples.WEIGHTS.toByteArray().length;
    private static final int MOST = 1_024;

    @RegisterExtension
    final Lab lab = Lab.of(List.of(Samples.MODEL), List.of(Samples.ELSEWHERE));

    private final List<Wire> wires = new ArrayList<>();

    @AfterEach
    void vanish() throws IOException {
        for (Wire wire : wires) {
            wire.vanish();
        }
        wires.clear();
    }

    private Wire wire(Served box) throws IOException {
        Wire wire = Wire.narrow(box);
        wires.add(wire);
        return wire;
    }

    @Test
    void oneRequestMoreThanThereAreThreadsIsToldToComeBackAndTheWatchmanIsNot() throws Exception {
        try (Served box = Served.start(lab)) {
            assertThat(box.get(FILE).status()).isEqualTo(200);
            for (int i = 0; i < MOST; i++) {
                var unused = wire(box).get(FILE);
            }

            Awaitility.await().untilAsserted(() -> {
                Wire.Answer refused = wire(box)
                        .get("/" + Samples.ID + "/resolve/main/config.json")
                        .answer();
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.headers()).containsKey("retry-after");
            });
            assertThat(box.get("/-/live").status()).isEqualTo(200);
            assertThat(box.get("/-/metrics").text()).contains("modelfetch_requests_total");
            vanish();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(box.get(FILE).status()).isEqualTo(200));
        }
    }

    @Test
    void whoSendsALittleOfARequestAndNoMoreIsLeft() throws Exception {
        try (Served box = Served.start(lab)) {
            assertThat(box.get("/api/models/" + Samples.ID).status()).isEqualTo(200);
            String post = "POST /api/models/" + Samples.ID + "/paths-info/main HTTP/1.1\r\nHost: localhost\r\n";
            List<Wire> idle = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                idle.add(wire(box).send("GET / HTTP/1.1\r\nHost: loc"));
                idle.add(wire(box).send(post + "Content-Length: 1000\r\n\r\npaths=a"));
                idle.add(wire(box).send(post + "Transfer-Encoding: chunked\r\n\r\n5\r\npaths\r\n"));
                idle.add(wire(box).send("POST /none HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"));
            }

            assertThat(box.get(FILE).status()).isEqualTo(200);
            for (Wire each : idle) {
                // With or without a word about it.
                assertThat(each.answer().status()).isIn(0, 404, 408);
                assertThat(each.isEnded()).isTrue();
            }
        }
    }

    @Test
    void whoAsksAndTakesNothingIsLeft() throws Exception {
        try (Served box = Served.start(lab)) {
            assertThat(box.get(FILE).status()).isEqualTo(200);
            Wire stalled = wire(box).get(FILE);
            Wire crowded = wire(box);
            for (int i = 0; i < 300; i++) {
                // Their answers, together, are more than anybody has room for.
                crowded.get("/" + Samples.ID + "/none/" + "x".repeat(i), "X-Padding: " + "y".repeat(3_000));
            }

            Awaitility.await()
                    .atMost(Duration.ofSeconds(100))
                    .untilAsserted(() ->
                            assertThat(box.get("/-/metrics").text()).contains("modelfetch_aborted_reads_total 1"));
            assertThat(stalled.read(BYTES)).hasSizeLessThan(BYTES);
        }
    }
}
