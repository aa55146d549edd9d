package dev.modelfetch.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeterTest {

    @TempDir
    Path home;

    @Test
    void theExitStatusIsTheCommandsOwn() throws IOException, InterruptedException {
        Cost cost = new Meter(Optional.empty()).run(shell("exit 7"));

        assertThat(cost.status()).isEqualTo(7);
        assertThat(cost.wall()).isPositive();
    }

    @Test
    void whatTheCommandSaysIsKeptInItsDirectory() throws IOException, InterruptedException {
        new Meter(Optional.empty()).run(shell("echo out; echo err >&2"));

        assertThat(home.resolve("out.txt")).hasContent("out");
        assertThat(home.resolve("err.txt")).hasContent("err");
    }

    @Test
    void figuresComeFromTheReportOfGnuTime() throws IOException, InterruptedException {
        Path time = Files.writeString(home.resolve("time"), """
                #!/bin/sh
                printf '\\tUser time (seconds): 1.25\\n\\tSystem time (seconds): 0.50\\n' > "$3"
                printf '\\tMaximum resident set size (kbytes): 2048\\n' >> "$3"
                """);
        assertThat(time.toFile().setExecutable(true)).isTrue();

        Cost cost = new Meter(Optional.of(time.toString())).run(shell("true"));

        assertThat(cost.cpu()).hasMillis(1750);
        assertThat(cost.peak()).isEqualTo(2L << 20);
    }

    @Test
    void aStoppedCommandLeavesNoChildBehind() throws IOException, InterruptedException {
        Process process = shell("sleep 600 & wait").start();
        while (process.descendants().findAny().isEmpty()) {
            Thread.onSpinWait();
        }
        ProcessHandle child = process.descendants().findAny().orElseThrow();

        Meter.stop(process);

        child.onExit().join();
        assertThat(process.isAlive()).isFalse();
    }

    private Command shell(String script) {
        return Command.of(home, "/bin/sh", "-c", script);
    }
}
