package dev.modelfetch.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.internal.store.ProvenanceLine.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes append to one record, each rewriting it again and again. */
@Timeout(60)
class ProvenanceAcrossProcessesTest {

    @TempDir
    Path folder;

    @Test
    void noLineIsLostWhileOthersRewrite() throws Exception {
        Path record = folder.resolve("provenance.ndjson");
        List<Process> others = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            others.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OtherWriter.class.getName(),
                            record.toString(),
                            name)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        Thread neighbour = new Thread(() -> OtherWriter.write(record, "c"));
        neighbour.start();
        OtherWriter.write(record, "d");
        neighbour.join();
        for (Process other : others) {
            assertThat(other.waitFor(50, TimeUnit.SECONDS)).isTrue();
            assertThat(other.exitValue()).isZero();
        }

        Provenance later = new Provenance(record);
        for (String name : List.of("a", "b", "c", "d")) {
            for (int i = 0; i < OtherWriter.DOUBTS; i++) {
                State state = new State(1, i);
                assertThat(later.stored(name + i, state)).as("%s%d", name, i).isTrue();
                assertThat(later.of(name + i, state).orElseThrow().content())
                        .as("%s%d", name, i)
                        .isEmpty();
            }
        }
        assertThat(Files.readAllLines(record))
                .as("it was rewritten")
                .hasSizeLessThan(4 * OtherWriter.DOUBTS * OtherWriter.LINES_PER_DOUBT);
    }
}
