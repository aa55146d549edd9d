package dev.modelfetch.it.demo;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A home of its own for the program: configuration, caches and environment that have nothing to do with the user's. */
final class Household {

    private static final List<String> FOREIGN =
            List.of("HF_", "HUGGING_FACE_", "HUGGINGFACE_", "MODELSCOPE_", "MODELFETCH_", "XDG_");
    private static final long SECONDS_TO_FINISH = 10;

    private final Path root;
    private volatile @Nullable Process child;

    private Household(Path root) {
        this.root = root;
    }

    /**
     * Makes one in a temporary directory, which is removed when this process ends, unless {@code DEMO_KEEP=1}.
     *
     * @param endpoints addresses by source, to be written into the configuration
     */
    static Household create(Map<String, String> endpoints) throws IOException {
        Household home = new Household(Files.createTempDirectory("modelfetch-demo"));
        Path settings =
                Files.createDirectories(home.root.resolve("config/modelfetch")).resolve("config.json");
        Files.writeString(settings, new Gson().toJson(Map.of("v", 1, "endpoints", endpoints)) + "\n");
        Runtime.getRuntime().addShutdownHook(new Thread(home::leave, "demo clean-up"));
        return home;
    }

    /** Runs the program on the user's own terminal and waits for it. */
    int run(Path program, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(Household::misleading);
        environment.put("XDG_CONFIG_HOME", root.resolve("config").toString());
        environment.put("XDG_CACHE_HOME", root.resolve("cache").toString());
        // Nothing is to be written here behind our back while we clean up.
        environment.put("MODELFETCH_NO_ARCHIVE", "1");
        environment.put("HF_HOME", root.resolve("huggingface").toString());
        Process started = builder.start();
        child = started;
        return started.waitFor();
    }

    /** Snapshot directories the program has filled. */
    List<Path> snapshots() throws IOException {
        Path hub = root.resolve("huggingface/hub");
        if (!Files.isDirectory(hub)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(hub, 3)) {
            return found.filter(path -> isSnapshot(hub.relativize(path)))
                    .sorted()
                    .toList();
        }
    }

    // After Ctrl-C the program gets the signal too; it is given the time to put its state in order.
    private void leave() {
        Process running = child;
        try {
            if (running != null && !running.waitFor(SECONDS_TO_FINISH, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clean();
    }

    private void clean() {
        if ("1".equals(System.getenv("DEMO_KEEP"))) {
            System.err.println("Kept in " + root);
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("Could not remove " + root + ": " + e.getMessage());
        }
    }

    private static boolean isSnapshot(Path below) {
        return below.getNameCount() == 3 && below.getName(1).toString().equals("snapshots");
    }

    private static boolean misleading(String variable) {
        String name = variable.toUpperCase(Locale.ROOT);
        return name.endsWith("_PROXY") || FOREIGN.stream().anyMatch(name::startsWith);
    }
}
