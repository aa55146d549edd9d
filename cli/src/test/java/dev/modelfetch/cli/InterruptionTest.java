package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Identity;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.cli.screen.Console;
import dev.modelfetch.cli.screen.Samples;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A signal can only be sent to a process, so these start one. */
class InterruptionTest {

    /** The program with a job that goes on until it is cancelled. */
    static final class Endless {
        public static void main(String[] args) {
            Desk desk = new Desk();
            Modelfetch endless = desk.new Fake() {
                @Override
                public FetchJob start(FetchRequest request, FetchListener... listeners) {
                    CompletableFuture<Snapshot> job = new CompletableFuture<>();
                    var unused = job.whenComplete((done, failure) -> listeners[0].onEvent(
                            new FetchEvent.Failed(Instant.now(), new FetchException.Cancelled(), List.of())));
                    listeners[0].onEvent(Samples.resolved(Identity.SAME, 1, 1000));
                    return new FakeJob(request, job);
                }

                @Override
                public StoredCheck verify(FetchRequest request) {
                    System.err.println("hashing");
                    return new CompletableFuture<StoredCheck>().join();
                }
            };
            System.exit(new Program(new Surroundings(Console.ofProcess(), setup -> endless)).run(args));
        }
    }

    @Test
    void aSignalEndsTheJobInOrderAndKeepsTheStatusOfTheSignal() throws Exception {
        assumeTrue(Path.of("/bin/sh").toFile().canExecute(), "signals need a POSIX system");
        Process process = start("lab/tiny", "--progress", "none", "--json");

        List<String> said;
        try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            // The job is running once it has said where it fetches from.
            assertThat(err.readLine()).startsWith("source: modelscope");
            process.toHandle().destroy();
            said = err.lines().toList();
        }
        String out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                .lines()
                .reduce("", String::concat);

        assertThat(process.waitFor()).isEqualTo(143);
        assertThat(said)
                .containsExactly("Interrupted.", "  What was fetched so far is kept; run the same command to go on.");
        assertThat(out).startsWith("{\"error\":{\"code\":130,\"kind\":\"interrupted\"");
    }

    @Test
    void whereNothingIsFetchedNothingIsSaidToBeKept() throws Exception {
        assumeTrue(Path.of("/bin/sh").toFile().canExecute(), "signals need a POSIX system");
        Process process = start("verify", "lab/tiny");

        try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            assertThat(err.readLine()).isEqualTo("hashing");
            process.toHandle().destroy();
            assertThat(err.lines()).containsExactly("Interrupted.");
        }
        assertThat(process.waitFor()).isEqualTo(143);
    }

    private static Process start(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Endless.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("LC_") || name.equals("LANG") || name.startsWith("HF_"));
        return builder.start();
    }
}
