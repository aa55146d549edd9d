package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.modelfetch.it.sample.SampleJar;
import dev.modelfetch.it.sample.SummedDirectory;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A source from a jar that hands out bytes itself, with no server anywhere, is a source like any other. */
class DirectorySourceTest {

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL, Samples.LARGE);

    @TempDir
    Path plugins;

    @TempDir
    Path root;

    private Program program;

    @BeforeEach
    void addTheJar() throws Exception {
        SummedDirectory.write(root, Samples.SMALL);
        SummedDirectory.write(root, Samples.LARGE);
        program = lab.program().withJar(SampleJar.ofDirectory(plugins)).at(Map.of("directory", root.toString()));
    }

    @Test
    void itCanBeForced() throws Exception {
        JsonObject result = program.run(Samples.LARGE.id(), "--source", "directory", "--json")
                .exits(0)
                .json();

        assertThat(Contents.of(Path.of(result.get("path").getAsString()))).isEqualTo(Contents.of(Samples.LARGE));
        assertThat(result.get("commit").getAsString()).matches("[0-9a-f]{40}");
        assertThat(result.getAsJsonArray("files"))
                .allMatch(file ->
                        file.getAsJsonObject().get("verified").getAsString().equals("self"));
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void itIsProbedByTheAddressItHas() throws Exception {
        JsonObject probes = program.run("probe", Samples.SMALL.id(), "--source", "directory", "--json")
                .exits(0)
                .json();

        JsonObject probe = probes.getAsJsonArray("probes").get(0).getAsJsonObject();
        assertThat(probe.get("verdict").getAsString()).isEqualTo("usable");
        assertThat(probe.get("endpoint").getAsString())
                .startsWith("file:/")
                .endsWith(root.getFileName().toString());
        assertThat(probe.get("route").getAsString()).isEqualTo("direct");
    }

    @Test
    void othersFailOverIntoItByEqualDigest() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(dev.modelfetch.testing.hub.Fault.status(404));

        JsonObject result = program.run(Samples.LARGE.id(), "--source", "huggingface,directory", "--json")
                .exits(0)
                .json();

        assertThat(Contents.of(Path.of(result.get("path").getAsString()))).isEqualTo(Contents.of(Samples.LARGE));
        assertThat(result.get("source").getAsString()).isEqualTo("huggingface");
        assertThat(result.getAsJsonArray("files"))
                .filteredOn(
                        file -> file.getAsJsonObject().get("path").getAsString().equals(Samples.BIG))
                .allMatch(
                        file -> file.getAsJsonObject().get("from").getAsString().equals("directory"));
    }

    @Test
    void aFlippedByteInItIsFound() throws Exception {
        Path weights = root.resolve(Samples.LARGE.id()).resolve(Samples.BIG);
        try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
            file.seek(5_000_000);
            int was = file.read();
            file.seek(5_000_000);
            file.write(~was);
        }

        Running.Ended ended =
                program.run(Samples.LARGE.id(), "--source", "directory").exits(6);

        assertThat(ended.err()).contains(Samples.BIG);
    }

    @Test
    void whatIsNotThereIsNotThere() throws Exception {
        Files.delete(root.resolve(Samples.SMALL.id()).resolve("SHA256SUMS"));

        program.run(Samples.SMALL.id(), "--source", "directory").exits(3);
    }
}
