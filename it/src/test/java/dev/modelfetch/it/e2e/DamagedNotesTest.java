package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever becomes of the notes beside them, files that are there and right are no failure. */
class DamagedNotesTest {

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    private Path folder() {
        return lab.cache().resolve("models--acme-lab--tiny");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".modelfetch",
                ".modelfetch/listings",
                ".modelfetch/provenance.ndjson",
                ".modelfetch/locks",
                ".modelfetch/used",
                "refs",
                "refs/main",
                "trees"
            })
    void somethingOfAnotherKindInTheirPlace(String note) throws IOException {
        Snapshot before = lab.fetch(Samples.SMALL.id(), "huggingface");
        replaceByItsOpposite(folder().resolve(note));

        Snapshot after = lab.fetch(Samples.SMALL.id(), "huggingface");

        assertThat(after.root()).isEqualTo(before.root());
        assertThat(after.bytesFetched()).isZero();
        assertThat(Contents.of(after.root())).isEqualTo(Contents.of(Samples.SMALL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"refs/main", ".modelfetch/provenance.ndjson"})
    void textThatIsNone(String note) throws IOException {
        lab.fetch(Samples.SMALL.id(), "huggingface");
        Files.write(folder().resolve(note), "a7f3\n".repeat(50).getBytes(StandardCharsets.UTF_16));

        assertThat(lab.fetch(Samples.SMALL.id(), "huggingface").bytesFetched()).isZero();

        assertThat(lab.fetch(Samples.SMALL.id(), request -> request.offline(true))
                        .bytesFetched())
                .isZero();
    }

    private static void replaceByItsOpposite(Path path) throws IOException {
        boolean wasFile = Files.isRegularFile(path);
        if (Files.exists(path)) {
            try (Stream<Path> below = Files.walk(path)) {
                for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        if (wasFile) {
            Files.createDirectories(path.resolve("x"));
        } else {
            Files.writeString(path, "hi");
        }
    }
}
