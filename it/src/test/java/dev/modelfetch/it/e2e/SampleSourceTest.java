package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.modelfetch.it.sample.SampleJar;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MiniHub;
import dev.modelfetch.testing.hub.TreeFace;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A source from a jar that the product has never heard of is a source like any other. */
class SampleSourceTest {

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    @TempDir
    Path plugins;

    private MiniHub<TreeFace> tree;
    private Program program;

    @BeforeEach
    void addTheJar() throws Exception {
        tree = lab.hubs().tree(Samples.SMALL);
        program = lab.program().withJar(SampleJar.ofTree(plugins)).at(Map.of("tree", tree.endpoint()));
    }

    @Test
    void itCanBeForced() throws Exception {
        Path path = program.run(Samples.SMALL.id(), "--source", "tree").path();

        assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(lab.ledger().visits()).allMatch(visit -> visit.host().equals("tree"));
    }

    @Test
    void itIsProbed() throws Exception {
        JsonObject probes =
                program.run("probe", Samples.SMALL.id(), "--json").exits(0).json();

        assertThat(probes.getAsJsonArray("probes"))
                .hasSize(4)
                .anyMatch(probe -> probe.getAsJsonObject()
                                .get("source")
                                .getAsString()
                                .equals("tree")
                        && probe.getAsJsonObject().get("verdict").getAsString().equals("usable"));
    }

    @Test
    void othersFailOverIntoItByEqualDigest() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.status(404));

        JsonObject result = program.run(Samples.SMALL.id(), "--source", "huggingface,tree", "--json")
                .exits(0)
                .json();

        assertThat(Contents.of(Path.of(result.get("path").getAsString()))).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(result.get("source").getAsString()).isEqualTo("huggingface");
        assertThat(result.getAsJsonArray("files"))
                .filteredOn(
                        file -> file.getAsJsonObject().get("path").getAsString().equals("model.safetensors"))
                .allMatch(
                        file -> file.getAsJsonObject().get("from").getAsString().equals("tree"));
    }

    @Test
    void withoutTheJarItIsUnknown() throws Exception {
        lab.program().run(Samples.SMALL.id(), "--source", "tree").exits(2);
    }
}
