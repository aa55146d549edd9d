package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.modelfetch.testing.hub.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The disk is full, becomes full, or may not be written to. */
class NoRoomTest {

    private static final long MEGABYTE = 1 << 20;

    @RegisterExtension
    final Lab lab = Lab.of(Samples.LARGE);

    @Test
    void aDiskThatIsTooSmallIsToldBeforeTheFirstByte() throws Exception {
        try (Volume disk = Volume.of(30, lab.home().resolve("huggingface"))) {
            Running.Ended ended = fetch("--json").exits(7);

            assertThat(message(ended)).contains("No room").contains("25.2 MB");
            assertThat(hint(ended)).contains("--cache-dir");
            assertThat(lab.ledger().bytesSent(Samples.BIG)).isZero();
            assertThat(lab.cache()).doesNotExist();
        }
    }

    @Test
    void aDiskThatIsFullIsToldSoUnlessEverythingIsThere() throws Exception {
        try (Volume disk = Volume.of(64, lab.home().resolve("huggingface"))) {
            Path ballast = disk.fill();

            assertThat(message(fetch("--json").exits(7))).containsAnyOf("No space left", "No room");
            Files.delete(ballast);
            Path stored = fetch().path();
            assertThat(Contents.of(stored)).isEqualTo(Contents.of(Samples.LARGE));
            disk.fill();
            assertThat(fetch().path()).as("nothing to write").isEqualTo(stored);
        }
    }

    /** As the Python library leaves it: the files, and no word of ours about them. */
    @Test
    void whatAnotherProgramStoredIsServedFromAFullDisk() throws Exception {
        try (Volume disk = Volume.of(64, lab.home().resolve("huggingface"))) {
            Path stored = fetch().path();
            Path own = lab.cache().resolve("models--acme-lab--large/.modelfetch");
            try (Stream<Path> files = Files.walk(own)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
            disk.fill();
            lab.ledger().clear();

            assertThat(fetch().path()).isEqualTo(stored);
            assertThat(lab.ledger().bytesSent(Samples.BIG)).isZero();
        }
    }

    @Test
    void aDiskThatBecomesFullOnTheWayKeepsWhatItHasAndTheNextRunGoesOn() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(12 * MEGABYTE));
        try (Volume disk = Volume.of(64, lab.home().resolve("huggingface"))) {
            Running run = lab.program()
                    .start(Samples.LARGE.id(), "--source", "hf", "--progress", "json", "--json", "--connections", "1")
                    .awaitBytes(Samples.BIG, 6 * MEGABYTE);
            Path ballast = disk.fill();
            Running.Ended ended = run.end().exits(7);

            assertThat(message(ended)).contains("No space left").contains(Samples.BIG);
            assertThat(hint(ended)).contains("goes on where it stopped");
            assertThat(lab.cache().resolve("models--acme-lab--large/refs")).doesNotExist();
            Files.delete(ballast);
            lab.hubs().huggingFace().dataFaults().clear();
            lab.ledger().clear();

            assertThat(Contents.of(fetch().path())).isEqualTo(Contents.of(Samples.LARGE));
            // But for what the journal had no room for: the last mebibyte.
            assertThat(lab.ledger().bytesSent(Samples.BIG)).isLessThanOrEqualTo(Samples.WEIGHTS.size() - 5 * MEGABYTE);
            try (var names = Files.list(lab.cache().resolve("models--acme-lab--large/.modelfetch"))) {
                assertThat(names.map(Path::toString))
                        .noneMatch(name -> name.contains(".part") || name.contains(".journal"));
            }
        }
    }

    @Test
    void aDiskThatMayOnlyBeReadServesWhatItHoldsAndTakesNothing() throws Exception {
        try (Volume disk = Volume.of(64, lab.home().resolve("huggingface"))) {
            Path stored = fetch("--include", "*.json").path();
            disk.readOnly();

            assertThat(fetch("--include", "*.json").path()).isEqualTo(stored);
            lab.ledger().clear();
            Running.Ended ended = fetch("--json").exits(7);
            assertThat(message(ended)).contains("No permission to write").contains("models--acme-lab--large");
            assertThat(hint(ended)).contains("--cache-dir");
            assertThat(lab.ledger().bytesSent(Samples.BIG)).isZero();
            assertThat(Contents.of(stored)).containsOnlyKeys("config.json");
        }
    }

    @Test
    void anEmptyDiskThatMayOnlyBeReadIsToldSo() throws Exception {
        try (Volume disk = Volume.of(64, lab.home().resolve("huggingface"))) {
            disk.readOnly();

            assertThat(message(fetch("--json").exits(7))).contains("No permission to write");
            assertThat(lab.ledger().bytesSent(Samples.BIG)).isZero();
        }
    }

    private Running.Ended fetch(String... options) throws Exception {
        return lab.program().start(arguments(options)).end();
    }

    private static String[] arguments(String... options) {
        String[] all = new String[options.length + 3];
        all[0] = Samples.LARGE.id();
        all[1] = "--source";
        all[2] = "hf";
        System.arraycopy(options, 0, all, 3, options.length);
        return all;
    }

    private static String message(Running.Ended ended) {
        return text(ended.error(), "message");
    }

    private static String hint(Running.Ended ended) {
        return text(ended.error(), "hint");
    }

    private static String text(JsonObject error, String name) {
        return error.get(name).getAsString();
    }
}
