package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchResult;
import dev.modelfetch.Verification;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static List<String> lines(FetchResult result) {
        return Summary.lines(result, Messages.english()).stream()
                .map(Line::text)
                .toList();
    }

    @Test
    void amountRateSourcesAndLevels() {
        FetchResult result = Samples.result(
                Samples.item("a", 1_000_000, Verification.CROSS, "modelscope"),
                Samples.item("b", 468_000, Verification.CROSS, "modelscope", "mirror"),
                Samples.item("c", 0, Verification.PINNED, "mirror"),
                Samples.item("d", 0, Verification.ORIGIN, "modelscope"));

        assertThat(lines(result))
                .containsExactly(
                        "4 files, 1.5 MB: 1.5 MB fetched in 1.23 s (1.2 MB/s), files by source: modelscope 3, mirror 2",
                        "verified: 1 pinned, 1 origin, 2 cross");
    }

    @Test
    void nothingFetchedIsSaidAsSuch() {
        FetchResult result = new FetchResult(
                Samples.result().repo(),
                "main",
                Samples.COMMIT,
                "huggingface",
                Samples.result().path(),
                "cache",
                Samples.result().identity(),
                Duration.ofMillis(40),
                0,
                25,
                List.of(new FetchResult.Item("a", 25, Samples.SHA, List.of("cache"), Verification.ORIGIN, true)),
                List.of());

        assertThat(lines(result)).first().isEqualTo("1 files, 25 B, all already here (0.04 s)");
    }

    @Test
    void aFileOfWhichOnlyTheSizeIsKnownIsNoted() {
        assertThat(lines(Samples.result(Samples.item("a.txt", 1, Verification.SIZE, "huggingface"))))
                .last()
                .asString()
                .startsWith("note: 1 files could be checked by size only");
    }

    @Test
    void codeThatOnlyAMirrorVouchesForIsNoted() {
        assertThat(lines(Samples.result(Samples.item("pytorch_model.bin", 1, Verification.SELF, "mirror"))))
                .last()
                .asString()
                .startsWith("note: 1 files in formats that can run code (such as pytorch_model.bin)");
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
