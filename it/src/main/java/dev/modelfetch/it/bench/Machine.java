package dev.modelfetch.it.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the figures come from. */
final class Machine {

    private Machine() {}

    /** Cores, processor, memory, kernel, Java. */
    static String describe() {
        Runtime runtime = Runtime.getRuntime();
        return "%d cores, %s, %s, %s %s, Java %s"
                .formatted(
                        runtime.availableProcessors(),
                        line("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
                        line("/proc/meminfo", "MemTotal").orElse("memory unknown"),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("java.runtime.version"));
    }

    /** How busy it is with other things. */
    static String load() {
        return String.format(
                Locale.ROOT,
                "%.1f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static Optional<String> line(String file, String label) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(label))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
