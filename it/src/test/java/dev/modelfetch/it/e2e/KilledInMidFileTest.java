package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process ends in the middle of a large file; the next run begins where it ended. */
class KilledInMidFileTest {

    private static final long MEGABYTE = 1 << 20;
    private static final long WAIT_FOR = 8 * MEGABYTE;

    @RegisterExtension
    final Lab lab = Lab.of(Samples.LARGE);

    /** Slow enough to be caught in the middle. */
    @BeforeEach
    void slowDown() {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(8 * MEGABYTE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void killedOutrightItGoesOnFromTheSameOrAnotherSource(String second) throws Exception {
        // One connection: what it wrote last and the journal does not know yet is at most 1 MiB.
        halfWay("--connections", "1").signal("KILL").end().exits(137);
        assertNothingIsPublished();
        long present = present(second);
        assertThat(present).isGreaterThanOrEqualTo(WAIT_FOR - MEGABYTE).isLessThan(Samples.WEIGHTS.size());

        Snapshot result = finish(second);

        assertGoesOnFrom(present, result);
        assertThat(result.files())
                .filteredOn(file -> file.path().equals(Samples.BIG))
                .allSatisfy(file -> assertThat(file.from()).contains("huggingface", second));
        assertThat(result.bytesReused()).isGreaterThanOrEqualTo(present);
    }

    @Test
    void severalConnectionsLoseNoMoreThanTheirLastMebibyteEach() throws Exception {
        halfWay("--connections", "4").signal("KILL").end().exits(137);

        assertThat(present("huggingface")).isGreaterThanOrEqualTo(WAIT_FOR - 4 * MEGABYTE);
        long present = present("huggingface");

        assertGoesOnFrom(present, finish("huggingface"));
    }

    @Test
    void killedAgainAndAgainItArrivesInTheEnd() throws Exception {
        long before = 0;
        for (int kill = 1; kill <= 2; kill++) {
            start("--connections", "2")
                    .awaitBytes(Samples.BIG, kill * WAIT_FOR)
                    .signal("KILL")
                    .end()
                    .exits(137);
            assertThat(present("huggingface")).isGreaterThan(before);
            before = present("huggingface");
        }
        finish("huggingface");
    }

    @Test
    void aTermSignalKeepsWhatWasFetched() throws Exception {
        Running.Ended ended = halfWay().signal("TERM").end().exits(143);

        assertIsPutDown(ended);
    }

    @Test
    void anInterruptKeepsWhatWasFetched() throws Exception {
        Assumptions.assumeFalse(interruptsAreIgnored(), "this build runs with SIGINT ignored, as children inherit");

        Running.Ended ended = halfWay().signal("INT").end().exits(130);

        assertIsPutDown(ended);
    }

    private void assertIsPutDown(Running.Ended ended) throws Exception {
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("\"event\":\"error\"").contains("\"code\":130");
        assertNothingIsPublished();
        long present = present("huggingface");
        // Told to stop, it notes down everything before it goes.
        assertThat(present).isGreaterThanOrEqualTo(WAIT_FOR);
        assertGoesOnFrom(present, finish("huggingface"));
    }

    /**
     * Written is what was missing. What was sent may be a little more: when one connection takes over another's piece, the
     * bytes on their way to that other are lost.
     */
    private void assertGoesOnFrom(long present, Snapshot result) {
        long others = result.files().stream()
                .filter(file -> !file.path().equals(Samples.BIG) && !file.reused())
                .mapToLong(Snapshot.Item::size)
                .sum();
        assertThat(result.bytesFetched() - others).isEqualTo(Samples.WEIGHTS.size() - present);
        assertThat(lab.ledger().bytesSent(Samples.BIG))
                .isBetween(Samples.WEIGHTS.size() - present, Samples.WEIGHTS.size() - 1);
    }

    private Running halfWay(String... options) throws IOException {
        return start(options).awaitBytes(Samples.BIG, WAIT_FOR);
    }

    private Running start(String... options) throws IOException {
        return lab.program()
                .start(Stream.concat(
                                Stream.of(Samples.LARGE.id(), "--source", "hf", "--progress", "json"),
                                Stream.of(options))
                        .toArray(String[]::new));
    }

    /** What the next run will not have to fetch. */
    private long present(String source) {
        return lab.plan(Samples.LARGE.id(), Lab.from(source)).items().stream()
                .filter(item -> item.file().path().equals(Samples.BIG))
                .findFirst()
                .orElseThrow()
                .present();
    }

    private Snapshot finish(String source) throws IOException {
        lab.hubs().huggingFace().dataFaults().clear();
        lab.ledger().clear();
        Snapshot result = lab.fetch(Samples.LARGE.id(), request -> request.source(SourceChoice.only(source)));
        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(Samples.LARGE));
        return result;
    }

    private void assertNothingIsPublished() throws IOException {
        try (Stream<Path> files = Files.walk(lab.cache())) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .doesNotContain(Samples.BIG, Samples.WEIGHTS.sha256())
                    .noneMatch(name -> name.endsWith(".incomplete"));
        }
    }

    /** Shells without job control start background jobs so. */
    private static boolean interruptsAreIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }
}
