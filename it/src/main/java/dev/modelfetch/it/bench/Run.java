package dev.modelfetch.it.bench;

import dev.modelfetch.it.bench.Scenario.Act;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Lets one tool do one scenario once, in a new home that is removed afterwards. */
final class Run {

    private static final int REMARK = 110;

    private final Path work;
    private final Meter meter;

    Run(Path work, Meter meter) {
        this.work = work;
        this.meter = meter;
    }

    Outcome of(Peer peer, Scenario scenario) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory(work, "home");
        try (Stage stage = Stage.open(scenario, peer)) {
            Command command = peer.prepare(stage.errand(home));
            String remark = prelude(command, stage, scenario);
            long before = stage.sent();
            Cost cost = measure(command, stage, scenario);
            long sent = stage.sent() - before;
            long missing = Inspection.missing(home, stage.files());
            String said = cost.status() == 0 ? stage.origins() : lastWords(command);
            String refused = stage.refused() == 0 ? "" : " (" + stage.refused() + " requests refused)";
            return new Outcome(peer, cost, sent, missing, remark + said + refused);
        } finally {
            remove(home);
        }
    }

    /** Whether the tool can talk to a hub at all, and whether it notices a changed byte. */
    Honesty tryOut(Peer peer) throws IOException, InterruptedException {
        Outcome plain = of(peer, Scenarios.trial());
        if (!plain.good()) {
            return new Honesty(false, false, "exit " + plain.cost().status() + " " + plain.remark());
        }
        Path home = Files.createTempDirectory(work, "home");
        try (Stage stage = Stage.open(Scenarios.trial(), peer)) {
            stage.corrupt();
            int status = meter.run(peer.prepare(stage.errand(home))).status();
            return new Honesty(true, status != 0, "");
        } finally {
            remove(home);
        }
    }

    private Cost measure(Command command, Stage stage, Scenario scenario) throws IOException, InterruptedException {
        if (scenario.act() != Act.OUTAGE) {
            return meter.run(command);
        }
        Interruption half = Interruption.after(scenario.size() / 2, stage, Interruption.LENGTH);
        try {
            return meter.run(command);
        } finally {
            half.end();
        }
    }

    // The lines are slow only from where the time is taken, except that the first half must leave time to stop it.
    private static String prelude(Command command, Stage stage, Scenario scenario)
            throws IOException, InterruptedException {
        int status = scenario.act() == Act.REPEAT ? command.start().waitFor() : 0;
        stage.shape();
        boolean early = scenario.act() == Act.RESUME && !stoppedHalfWay(command, stage, scenario);
        return (status == 0 ? "" : "the first run ended with " + status + "; ")
                + (early ? "the first run ended before the half; " : "");
    }

    private static boolean stoppedHalfWay(Command command, Stage stage, Scenario scenario)
            throws IOException, InterruptedException {
        Process process = command.start();
        while (stage.sent() < scenario.size() / 2 && process.isAlive()) {
            Thread.sleep(10);
        }
        boolean alive = process.isAlive();
        Meter.stop(process);
        return alive;
    }

    private static String lastWords(Command command) throws IOException {
        for (String file : List.of("err.txt", "out.txt")) {
            List<String> lines = Files.readString(command.directory().resolve(file), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            if (!lines.isEmpty()) {
                String last = lines.get(lines.size() - 1).strip();
                return last.substring(0, Math.min(REMARK, last.length()));
            }
        }
        return "said nothing";
    }

    /** Leaves neither files nor processes behind, even when the benchmark is interrupted. */
    static void removeAtExit(Path directory) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
                                remove(directory);
                            } catch (IOException e) {
                                System.err.println("Could not remove " + directory + ": " + e.getMessage());
                            }
                        },
                        "bench clean-up"));
    }

    private static void remove(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
