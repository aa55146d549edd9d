package dev.modelfetch.it.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the caller may decide, from system properties.
 *
 * @param scale factor on every size ({@code bench.scale}, 1.0)
 * @param only letters of the scenarios to run ({@code bench.only}, all)
 * @param peers words of which a peer's name must contain one ({@code bench.peers}, all)
 * @param runs repetitions, of which the median is shown ({@code bench.runs}, 1)
 * @param launcher the script under test ({@code modelfetch.fetch})
 * @param work where downloads go for the time being ({@code bench.dir}, the temporary directory)
 * @param tools directories to look for peers in, before {@code PATH} ({@code bench.python}, MODELFETCH_BENCH_PATH)
 */
record Settings(
        double scale, Set<String> only, Set<String> peers, int runs, Path launcher, Path work, List<Path> tools) {

    static Settings fromSystem() {
        return new Settings(
                Double.parseDouble(text("bench.scale").orElse("1.0")),
                words("bench.only"),
                words("bench.peers"),
                Integer.parseInt(text("bench.runs").orElse("1")),
                Path.of(text("modelfetch.fetch").orElse("fetch")).toAbsolutePath(),
                Path.of(text("bench.dir").orElse(System.getProperty("java.io.tmpdir"))),
                searched());
    }

    boolean wants(Scenario scenario) {
        return only.isEmpty() || only.contains(scenario.letter());
    }

    boolean wants(Peer peer) {
        String name = peer.name().toLowerCase(Locale.ROOT);
        return peers.isEmpty() || peers.stream().anyMatch(name::contains);
    }

    private static List<Path> searched() {
        List<Path> directories = new ArrayList<>();
        text("bench.python")
                .map(python -> Path.of(python).toAbsolutePath().getParent())
                .ifPresent(directories::add);
        for (String variable : List.of("MODELFETCH_BENCH_PATH", "PATH")) {
            Arrays.stream(System.getenv().getOrDefault(variable, "").split(File.pathSeparator, -1))
                    .filter(part -> !part.isEmpty())
                    .map(Path::of)
                    .forEach(directories::add);
        }
        return List.copyOf(directories);
    }

    private static Set<String> words(String property) {
        return text(property).stream()
                .flatMap(list -> Arrays.stream(list.toLowerCase(Locale.ROOT).split(",", -1)))
                .map(String::trim)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    // A property that Maven passes on without a value arrives empty.
    private static Optional<String> text(String property) {
        return Optional.ofNullable(System.getProperty(property))
                .map(String::trim)
                .filter(value -> !value.isEmpty());
    }
}
