package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.it.e2e.Running;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much memory a box takes that has been given 256 MB of heap. Prints what it measures. */
@Tag("serve")
class MemoryTest {

    private static final int STALLED = 400;
    private static final int COLD = 64;
    private static final long MEGABYTE = 1_000_000;

    /** Beyond what is wanted, so that no other machine's habits make it fail: 120, and 100 more. */
    private static final long IDLE = 160 * MEGABYTE;

    private static final long MORE = 150 * MEGABYTE;

    @RegisterExtension
    final Lab lab = Lab.of(cold(), Samples.MODEL);

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final List<Wire> wires = new ArrayList<>();

    private static Content weights(int i) {
        return Content.generated(1_000 + i, 5L << 20);
    }

    private static Repository cold() {
        Repository cold = Repository.model("acme-lab/cold");
        for (int i = 0; i < COLD; i++) {
            cold = cold.lfs("weights-" + i + ".bin", weights(i));
        }
        return cold;
    }

    @AfterEach
    void vanish() throws IOException {
        clients.shutdownNow();
        for (Wire wire : wires) {
            wire.vanish();
        }
        wires.clear();
    }

    private static long resident(Running box) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/" + box.handle().pid() + "/status")).stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024;
    }

    private static void say(String what, long bytes) {
        System.out.println("fetch serve, -Xmx256m: " + what + ": " + bytes / MEGABYTE + " MB resident");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyWhoTakeNothingAndManyColdFilesFitIntoLittle(boolean stored) throws Exception {
        Running program = lab.program().with("JAVA_TOOL_OPTIONS", "-Xmx256m").start("serve", "--listen", "127.0.0.1:0");
        try (Served box = Served.of(program)) {
            assertThat(box.get("/" + Samples.ID + "/resolve/main/config.json").status())
                    .isEqualTo(200);
            long idle = resident(program);
            say("idle", idle);
            if (stored) {
                assertThat(box.get("/" + Samples.ID + "/resolve/main/" + Samples.BIG)
                                .status())
                        .isEqualTo(200);
            }
            for (int i = 0; i < STALLED; i++) {
                wires.add(Wire.narrow(box).get("/" + Samples.ID + "/resolve/main/" + Samples.BIG));
            }
            for (Wire wire : wires) {
                // All of them are being served, and all of them have had enough.
                assertThat(wire.read(12)).asString().isEqualTo("HTTP/1.1 200");
            }
            long stalled = resident(program);
            say(STALLED + " readers of a " + (stored ? "stored" : "cold") + " file who take nothing", stalled);

            AtomicLong most = new AtomicLong();
            List<Callable<String>> readers = new ArrayList<>();
            for (int i = 0; i < COLD; i++) {
                String path = "/acme-lab/cold/resolve/main/weights-" + i + ".bin";
                readers.add(() -> {
                    MessageDigest digest = MessageDigest.getInstance("SHA-256");
                    var body = box.client()
                            .send(box.request(path).build(), java.net.http.HttpResponse.BodyHandlers.ofInputStream())
                            .body();
                    try (var in = new DigestInputStream(body, digest)) {
                        byte[] buffer = new byte[64 << 10];
                        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                            most.accumulateAndGet(resident(program), Math::max);
                        }
                    }
                    return HexFormat.of().formatHex(digest.digest());
                });
            }
            List<Future<String>> digests = clients.invokeAll(readers);
            for (int i = 0; i < COLD; i++) {
                assertThat(digests.get(i).get()).isEqualTo(weights(i).sha256());
            }
            say("and " + COLD + " cold files, at the most", most.get());

            // One of them goes on as if nothing had been.
            assertThat(wires.get(7).read(100)).hasSize(100);
            assertThat(idle).isLessThan(IDLE);
            assertThat(stalled - idle).isLessThan(MORE);
            vanish();
            assertThat(program.signal("TERM").end().err()).doesNotContain("OutOfMemory", "rror");
        }
    }
}
