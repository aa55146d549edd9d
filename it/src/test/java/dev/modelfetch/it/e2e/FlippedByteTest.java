package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One byte is not what it should be: never stored under the file's name, mended wherever anybody has the right one. */
class FlippedByteTest {

    private static final String SHARD = "model.safetensors";
    private static final long WHERE = 123_456;

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL, Samples.LARGE);

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "modelscope"})
    void onceIsMendedByTheSameSource(String source) throws IOException {
        flipAtData(source, Fault.flip(SHARD, WHERE).times(1));

        Snapshot result = lab.fetch(Samples.SMALL.id(), source);

        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(Samples.SMALL));
        assertThat(lab.events().all(FetchEvent.Verified.class))
                .filteredOn(event -> event.path().equals(SHARD))
                .extracting(FetchEvent.Verified::ok)
                .containsExactly(false, true);
    }

    @Test
    void inALargeFileItIsMendedToo() throws IOException {
        flipAtData("modelscope", Fault.flip(Samples.BIG, 13_000_000).times(1));

        Snapshot result = lab.fetch(Samples.LARGE.id(), "modelscope");

        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(Samples.LARGE));
    }

    @Test
    void inASmallFileOfGitItIsMendedToo() throws IOException {
        lab.hubs().huggingFace().faults().add(Fault.flip("config.json", 3).times(1));

        Snapshot result = lab.fetch(Samples.SMALL.id(), "huggingface");

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
    }

    @Test
    void alwaysAtOneSourceTheOtherIsAsked() throws IOException {
        flipAtData("modelscope", Fault.flip(SHARD, WHERE));

        Snapshot result = lab.fetch(Samples.SMALL.id(), Lab.from("modelscope", "mirror"));

        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(Samples.SMALL));
        assertThat(lab.events().all(FetchEvent.Verified.class))
                .filteredOn(event -> !event.ok())
                .singleElement()
                .satisfies(event ->
                        assertThat(event.detail()).contains("modelscope").contains(digest()));
        assertThat(result.files())
                .filteredOn(file -> file.path().equals(SHARD))
                .allSatisfy(file -> assertThat(file.from()).containsExactly("mirror"));
        assertThat(lab.ledger().bytesSent("modelscope-data", SHARD)).isEqualTo(300_000);
    }

    @Test
    void everywhereNothingIsStored() throws Exception {
        flipAtData("huggingface", Fault.flip(SHARD, WHERE));
        flipAtData("mirror", Fault.flip(SHARD, WHERE));
        flipAtData("modelscope", Fault.flip(SHARD, WHERE));

        Running.Ended ended = lab.program().run(Samples.SMALL.id(), "--json").exits(6);

        assertThat(ended.error().get("kind").getAsString()).isEqualTo("corrupt");
        assertThat(ended.error().get("message").getAsString()).contains(SHARD).contains(digest());
        assertThat(lab.filesAtHome())
                .noneMatch(file -> file.endsWith(SHARD) || file.endsWith(digest()) || file.endsWith(".part"));
        assertThat(lab.cache().resolve("models--acme-lab--tiny/refs/main")).doesNotExist();
    }

    @Test
    void everywhereALocalDirectoryGetsNothingEither() throws Exception {
        flipAtData("modelscope", Fault.flip(SHARD, WHERE));
        Path directory = lab.home().resolve("plain");

        lab.program()
                .run(Samples.SMALL.id(), "--source", "modelscope", "--local-dir", directory.toString())
                .exits(6);

        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.map(path -> path.getFileName().toString())).doesNotContain(SHARD);
        }
    }

    private static String digest() {
        return Samples.SMALL.head().files().get(SHARD).content().sha256();
    }

    private void flipAtData(String source, Fault fault) {
        switch (source) {
            case "huggingface" -> lab.hubs().huggingFace().dataFaults().add(fault);
            case "mirror" -> lab.hubs().mirror().dataFaults().add(fault);
            default -> lab.hubs().modelScope().dataFaults().add(fault);
        }
    }
}
