package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Snapshot;
import dev.modelfetch.Verification;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static List<String> lines(Snapshot result) {
        return Summary.lines(result, Messages.english()).stream()
                .map(Line::text)
                .toList();
    }

    @Test
    void amountRateSourcesAndLevels() {
        Snapshot result = Samples.result(
                Samples.item("a", 1_000_000, Verification.CROSS, "modelscope"),
                Samples.item("b", 468_000, Verification.CROSS, "mirror"),
                Samples.item("c", 0, Verification.PINNED, "mirror"),
                Samples.item("d", 32_000, Verification.ORIGIN, "modelscope"));

        assertThat(lines(result))
                .containsExactly(
                        "fetched 4 files, 1.5 MB, in 1.23 s (1.2 MB/s): modelscope 1.0 MB, mirror 468.0 kB",
                        "checked: 1 against your lock file, 1 against Hugging Face's own digests, 2 against a second hub");
    }

    @Test
    void whoseBytesAreWhoseIsNotSaidWhereNobodyKnows() {
        Snapshot result = Samples.result(
                Samples.item("a", 1_000_000, Verification.CROSS, "modelscope"),
                Samples.item("b", 468_000, Verification.CROSS, "modelscope", "mirror"));

        assertThat(lines(result))
                .containsExactly(
                        "fetched 2 files, 1.5 MB, in 1.23 s (1.2 MB/s): modelscope 2 files, mirror 1 file",
                        "checked all 2 against a second hub");
    }

    @Test
    void oneFileFromOneSourceNeedsNoShares() {
        assertThat(lines(Samples.result(Samples.item("a", 1_000_000, Verification.ORIGIN, "mirror"))))
                .containsExactly(
                        "fetched 1 file, 1.0 MB, in 1.23 s (810.4 kB/s): mirror",
                        "checked against Hugging Face's own digests");
    }

    @Test
    void ofAResumedJobTheBytesOfThisRunAreCounted() {
        Snapshot whole = Samples.result();
        Snapshot resumed = new Snapshot(
                whole.repo(),
                whole.revision(),
                whole.commit(),
                whole.family(),
                whole.root(),
                whole.path(),
                whole.source(),
                whole.identity(),
                Duration.ofSeconds(2),
                400,
                700,
                List.of(
                        Samples.item("a", 1000, Verification.SELF, "mirror"),
                        Samples.item("b", 0, Verification.SELF, "modelscope"),
                        new Snapshot.Item("c", 100, Samples.SHA, List.of("mirror"), Verification.SELF, true)),
                List.of());

        assertThat(lines(resumed))
                .first()
                .isEqualTo("fetched 2 files, 400 B, in 2.00 s (200 B/s): mirror 1 file, modelscope 1 file; "
                        + "700 B were already here");
    }

    @Test
    void nothingFetchedIsSaidAsSuch() {
        Snapshot result = new Snapshot(
                Samples.result().repo(),
                "main",
                Samples.COMMIT,
                "huggingface",
                Samples.result().root(),
                Samples.result().path(),
                "cache",
                Samples.result().identity(),
                Duration.ofMillis(40),
                0,
                25,
                List.of(new Snapshot.Item("a", 25, Samples.SHA, List.of("cache"), Verification.ORIGIN, true)),
                List.of());

        assertThat(lines(result)).first().isEqualTo("1 file, 25 B, all already here (0.04 s)");
    }

    @Test
    void anEmptyRepositoryIsNoted() {
        assertThat(lines(Samples.result(new Snapshot.Item[0])))
                .singleElement()
                .asString()
                .startsWith("note: nothing to fetch: ")
                .contains(" is empty at main");
    }

    @Test
    void aFileOfWhichOnlyTheSizeIsKnownIsNoted() {
        assertThat(lines(Samples.result(Samples.item("a.txt", 1, Verification.SIZE, "huggingface"))))
                .last()
                .asString()
                .startsWith("note: 1 file could be checked by size only");
    }

    @Test
    void codeThatOnlyAMirrorVouchesForIsNoted() {
        assertThat(lines(Samples.result(Samples.item("pytorch_model.bin", 1, Verification.SELF, "mirror"))))
                .last()
                .asString()
                .startsWith("note: 1 file in a format that can run code (such as pytorch_model.bin)");
    }

    @Test
    void codeFromTheHubItselfOrVouchedForTwiceIsNotNoted() {
        assertThat(lines(Samples.result(
                        Samples.item("a.bin", 1, Verification.SELF, "huggingface"),
                        Samples.item("b.bin", 1, Verification.CROSS, "mirror"),
                        Samples.item("c.safetensors", 1, Verification.SELF, "mirror"))))
                .noneMatch(line -> line.startsWith("note"));
    }
}
