package dev.modelfetch.internal.store.partial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.internal.testing.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PartialAcrossProcessesTest {

    private static final String KEY = Sample.WEIGHTS_SHA;
    private static final long SIZE = 8 << 20;

    @TempDir
    Path folder;

    @Test
    void anotherProcessKeepsItUntilItEnds() throws Exception {
        Process other = start();
        try {
            assertThat(firstLine(other)).isEqualTo("held");
            assertThat(Partial.open(folder, KEY, SIZE, InstantSource.system())).isEmpty();

            other.getOutputStream().close();
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
            try (Partial partial =
                    Partial.open(folder, KEY, SIZE, InstantSource.system()).orElseThrow()) {
                assertThat(partial.frontier()).isEqualTo(SIZE / 2);
                assertThat(firstLine(start())).isEqualTo("busy");
            }
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aKilledProcessLeavesAllButTheLastMebibyte() throws Exception {
        Process other = start();
        assertThat(firstLine(other)).isEqualTo("held");
        other.destroyForcibly().waitFor();

        try (Partial partial =
                Partial.open(folder, KEY, SIZE, InstantSource.system()).orElseThrow()) {
            assertThat(partial.frontier()).isBetween(SIZE / 2 - (1 << 20), SIZE / 2);
            assertThat(partial.ranges().contributors()).containsExactly("other");
        }
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        folder.toString(),
                        KEY,
                        String.valueOf(SIZE))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }
}
