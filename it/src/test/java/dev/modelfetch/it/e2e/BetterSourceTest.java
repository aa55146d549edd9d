package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A source that delivers badly is not waited for where another delivers well. */
class BetterSourceTest {

    private static final String FILE = "weights.bin";
    private static final long SIZE = 12L << 20;
    private static final Repository MODEL =
            Repository.model("acme-lab/faulty").file("config.json", "{}\n").lfs(FILE, Content.generated(41, SIZE));

    private static final long GIANT_SIZE = 96L << 20;
    private static final Repository GIANT =
            Repository.model("acme-lab/giant").lfs("giant.bin", Content.repeated(42, GIANT_SIZE));

    @RegisterExtension
    final Lab lab = Lab.of(MODEL, GIANT, Samples.SMALL);

    static Stream<Named<Fault>> limits() {
        return Stream.of(
                Named.of("429", Fault.limited()),
                Named.of("429, Retry-After: seconds", Fault.limitedRetryAfter(40)),
                Named.of("429, Retry-After: date", Fault.limitedUntil(40)),
                Named.of("429, RateLimit", Fault.limitedWindow(40)));
    }

    @ParameterizedTest
    @MethodSource("limits")
    @Timeout(20)
    void aLimitedSourceIsNotWaitedForWhereAnotherHasTheFile(Fault fault) throws IOException {
        lab.hubs().huggingFace().dataFaults().add(fault);
        // So that the race is over before the mirror has answered, on a cold machine too.
        lab.hubs().mirror().faults().add(Fault.delay(Duration.ofSeconds(2)).onApi());

        // Over one connection: when one takes over another's piece, bytes on their way to that other are sent in vain.
        Snapshot result = lab.fetch(
                MODEL.id(),
                request -> Lab.from("huggingface", "mirror").apply(request).connectionsPerFile(1));

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
        assertThat(lab.ledger().bytesSent("mirror-data", FILE)).isEqualTo(SIZE);
    }

    /** The small one travels over one connection, the other over eight. */
    @ParameterizedTest
    @ValueSource(strings = {"acme-lab/tiny", "acme-lab/faulty"})
    @Timeout(60)
    void aTricklingSourceIsLeftForOneThatDelivers(String id) throws IOException {
        lab.hubs().modelScope().dataFaults().add(Fault.trickle());

        Snapshot result = lab.fetch(id, Lab.from("modelscope", "mirror"));

        assertThat(Contents.of(result.path()))
                .containsAllEntriesOf(Contents.of(id.equals(MODEL.id()) ? MODEL : Samples.SMALL));
    }

    /** All its connections have a place at the mirror, so none of them has to look elsewhere. */
    @Test
    @Timeout(60)
    void aSingleLargeFileFindsOutThatAnotherSourceIsQuicker() throws IOException {
        lab.hubs().mirror().dataFaults().add(Fault.rate(256 << 10));

        Snapshot result = lab.fetch(GIANT.id(), Lab.from("mirror", "modelscope"));

        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(GIANT));
        assertThat(lab.ledger().bytesSent("modelscope-data", "giant.bin")).isGreaterThan(GIANT_SIZE / 2);
    }

    /** The silent seconds do not count as seconds in which the mirror was slow. */
    @Test
    void afterSilenceTheNextSourceIsAskedForWholePieces() throws IOException {
        lab.with("HF_HUB_DOWNLOAD_TIMEOUT", "5");
        lab.hubs().huggingFace().dataFaults().add(Fault.blackHole());

        lab.fetch(MODEL.id(), Lab.from("huggingface", "mirror"));

        assertThat(lab.ledger().visits("mirror-data").size()).isLessThanOrEqualTo(16);
    }

    /** The more trusted of two contributors lies: the honest one is blamed first and not asked again. */
    @Test
    void aLiarThatIsTrustedMoreIsFoundOutInTheEnd() throws IOException {
        lab.hubs().huggingFace().dataFaults().add(Fault.flip(FILE, 1 << 20));
        lab.hubs().huggingFace().dataFaults().add(Fault.shortBody(3 << 20).times(1));
        lab.hubs().huggingFace().dataFaults().add(Fault.status(503).after(1).times(2));

        Snapshot result = lab.fetch(
                MODEL.id(),
                request -> Lab.from("huggingface", "mirror").apply(request).connectionsPerFile(1));

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
    }
}
