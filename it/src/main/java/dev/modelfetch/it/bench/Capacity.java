package dev.modelfetch.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What the servers can do at most, so that nobody takes their limit for that of a tool. */
final class Capacity {

    private Capacity() {}

    /** Lets curl throw a large file away. */
    static String measure(Optional<String> curl, Scenario unlimited, Path work)
            throws IOException, InterruptedException {
        if (curl.isEmpty()) {
            return "Their own limit is unknown without curl.";
        }
        Path home = Files.createTempDirectory(work, "capacity");
        try (Stage stage = Stage.open(unlimited, new Curl(curl, Optional.empty(), false))) {
            stage.shape();
            Command command = Command.of(
                    home,
                    curl.get(),
                    "-fsSL",
                    "-o",
                    "/dev/null",
                    stage.files().get(0).address());
            Cost cost = new Meter(Optional.empty()).run(command);
            double seconds = cost.wall().toNanos() / 1e9;
            return String.format(
                    Locale.ROOT, "To curl and into nothing they send %.0f MB/s.", unlimited.size() / seconds / 1e6);
        }
    }
}
