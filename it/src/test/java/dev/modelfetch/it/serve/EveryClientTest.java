package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Outage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every client in every situation, and what it is left with. */
@Tag("serve")
class EveryClientTest {

    private static final byte[] BYTES = Samples.WEIGHTS.toByteArray();
    private static final Content CLOSED = Content.generated(6, 300_000);

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    private Client.Want want(Served box, String name, String revision) throws IOException {
        return new Client.Want(
                box.endpoint(),
                Samples.ID,
                revision,
                "",
                pointer(Samples.WEIGHTS.sha256(), BYTES.length),
                Client.folder(lab.home(), name));
    }

    private Client.Want closed(Served box, String name, String token) throws IOException {
        return new Client.Want(
                box.endpoint(),
                "acme-lab/closed",
                "main",
                token,
                pointer(CLOSED.sha256(), 300_000),
                Client.folder(lab.home(), name));
    }

    private static String pointer(String sha256, long size) {
        return "version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256 + "\nsize " + size + "\n";
    }

    private static void assertGets(Client client, Client.Want want, byte[] content) throws Exception {
        assertThat(client.fetch(want)).as(() -> said(want)).isZero();
        assertThat(Files.readAllBytes(want.file())).isEqualTo(content);
    }

    private static String said(Client.Want want) {
        try {
            Path said = want.into().resolve("said.txt");
            return Files.exists(said) ? Files.readString(said) : "";
        } catch (IOException e) {
            return "";
        }
    }

    @ParameterizedTest
    @EnumSource
    void coldAndWarmAndByCommitAndWithTheHubsAway(Client client) throws Exception {
        Served box = boxes.box();
        assertGets(client, want(box, "cold", "main"), BYTES);
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isLessThan(BYTES.length + (2 << 20));
        assertGets(client, want(box, "warm", "main"), BYTES);
        lab.ledger().clear();

        assertGets(client, want(box, "commit", Samples.MODEL.head().id()), BYTES);
        assertThat(lab.ledger().visits()).isEmpty();

        lab.hubs().huggingFace().away(Outage.refused());
        lab.hubs().mirror().away(Outage.refused());
        lab.hubs().modelScope().away(Outage.refused());
        assertGets(client, want(box, "away", "main"), BYTES);
        box.kill();
        assertGets(client, want(boxes.box("--offline"), "offline", "main"), BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsGatedWithATokenAlone(Client client) throws Exception {
        Served box = boxes.box();
        Client.Want stranger = closed(box, "stranger", "");
        assertThat(client.fetch(stranger)).isNotZero();
        assertGets(client, closed(box, "member", Samples.TOKEN), CLOSED.toByteArray());

        Client.Want later = closed(box, "later", "");
        assertThat(client.fetch(later)).isNotZero();
        assertThat(client.fetch(closed(box, "wrong", "hf_" + "x".repeat(34)))).isNotZero();
        assertThat(later.file())
                .satisfiesAnyOf(
                        file -> assertThat(file).doesNotExist(),
                        file -> assertThat(Files.readAllBytes(file)).isNotEqualTo(CLOSED.toByteArray()));
    }

    @ParameterizedTest
    @EnumSource
    void whereTheFirstBytesAreWrongEarly(Client client) throws Exception {
        assertNeverWrongAndContent(client, 1_000_000);
    }

    @ParameterizedTest
    @EnumSource
    void whereTheFirstBytesAreWrongLate(Client client) throws Exception {
        assertNeverWrongAndContent(client, BYTES.length - 3_000_000);
    }

    /** Whoever says that all is well has the right bytes; whoever cannot, says so, and begins anew once told to. */
    private void assertNeverWrongAndContent(Client client, long offset) throws Exception {
        lab.hubs()
                .huggingFace()
                .dataFaults()
                .add(Fault.flip(Samples.BIG, offset).times(1));
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(12 << 20));
        Served box = boxes.box("--source", "huggingface");
        Client.Want want = want(box, "first", "main");

        int code = client.fetch(want);
        for (int i = 0; i < 3 && code != 0; i++) {
            code = client.fetch(want);
        }

        System.out.println(client + ", wrong at " + offset + ": in the end " + code);
        if (code != 0) {
            assertThat(client.goesOn()).isTrue();
            Files.deleteIfExists(want.file());
            Files.deleteIfExists(want.file().resolveSibling(Samples.BIG + ".aria2"));
            code = client.fetch(want);
        }
        assertThat(code).isZero();
        assertThat(Files.readAllBytes(want.file())).isEqualTo(BYTES);
    }

    @ParameterizedTest
    @EnumSource(names = {"HF", "CURL", "WGET", "ARIA2"})
    void whereTheBoxIsKilledOverAndOver(Client client) throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(5 << 20));
        Served box = boxes.box("--source", "huggingface");
        int port = box.port();
        Client.Want want = want(box, "killed", "main");
        Thread killer = new Thread(() -> kill(box, port));
        killer.start();

        int code = client.fetch(want);
        // Some ask again by themselves; for the others somebody does.
        while (code != 0 && killer.isAlive()) {
            code = client.fetch(want);
        }
        killer.join();
        if (code != 0) {
            code = client.fetch(want);
        }

        assertThat(code).isZero();
        assertThat(Files.readAllBytes(want.file())).isEqualTo(BYTES);
    }

    /** Three times, whenever some more of the file has come; in the end there is one that stays. */
    private void kill(Served first, int port) {
        try {
            Served box = first;
            for (long at = 4 << 20; at < 20 << 20; at += 6 << 20) {
                long until = at;
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> lab.ledger().bytesSent(Samples.BIG) > until);
                box.kill();
                box = boxes.boxAt(port, "--source", "huggingface");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
