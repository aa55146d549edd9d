package dev.modelfetch.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a command and takes its time: with GNU time where it is installed, else by looking at the process from outside,
 * which misses what happens after the last look.
 *
 * @param time path of GNU time, empty when absent
 */
record Meter(Optional<String> time) {

    /** A command that takes longer is ended, and has failed. */
    static final Duration LONGEST = Duration.ofMinutes(20);

    private static final Pattern LABELLED = Pattern.compile("\\s*([^:]+): ([0-9.]+)");
    private static final Duration UNKNOWN = Duration.ofSeconds(-1);

    String described() {
        return time.isPresent() ? "GNU time" : "the process table, every 50 ms";
    }

    Cost run(Command command) throws IOException, InterruptedException {
        Path report = command.directory().resolve("time.txt").toAbsolutePath();
        Command timed = time.map(program -> command.under(List.of(program, "-v", "-o", report.toString())))
                .orElse(command);
        long start = System.nanoTime();
        Process process = timed.start();
        Watch watch = new Watch(process, time.isEmpty());
        int status = watch.untilItEnds(LONGEST);
        Duration wall = Duration.ofNanos(System.nanoTime() - start);
        return time.isEmpty()
                ? new Cost(wall, watch.cpu(), watch.peak(), status)
                : new Cost(
                        wall,
                        value(report, "User time (seconds)")
                                .flatMap(user ->
                                        value(report, "System time (seconds)").map(system -> user + system))
                                .map(seconds -> Duration.ofMillis(Math.round(seconds * 1000)))
                                .orElse(UNKNOWN),
                        value(report, "Maximum resident set size (kbytes)")
                                .map(kilobytes -> Math.round(kilobytes * 1024))
                                .orElse(-1L),
                        status);
    }

    /** Ends a command and everything it has started, as a service manager would, and if need be by force. */
    static void stop(Process process) throws InterruptedException {
        List<ProcessHandle> family = process.descendants().toList();
        family.forEach(ProcessHandle::destroy);
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            family.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    private static Optional<Double> value(Path report, String label) {
        try {
            for (String line : Files.readAllLines(report)) {
                Matcher matcher = LABELLED.matcher(line);
                if (matcher.matches() && matcher.group(1).equals(label)) {
                    return Optional.of(Double.valueOf(matcher.group(2)));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
