package dev.modelfetch.it.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.modelfetch.it.e2e.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A home where nothing was ever installed, and a {@code PATH} without Java and Maven. */
final class BareMachine {

    private static final Path DIST = Path.of("..", "cli", "target", "dist");

    private final Path home;
    private final Map<String, String> environment = new LinkedHashMap<>();

    /** @param endpoints addresses by source, written into the configuration */
    BareMachine(Path home, Map<String, String> endpoints) throws IOException {
        this.home = home;
        Path config = Files.createDirectories(home.resolve(".config/modelfetch"));
        Files.writeString(config.resolve("config.json"), new Gson().toJson(Map.of("v", 1, "endpoints", endpoints)));
        environment.put("HOME", home.toString());
        environment.put("PATH", tools().toString());
        environment.put("LC_ALL", "C.UTF-8");
        // What it leaves behind is looked at; that it does so at all has a test of its own.
        environment.put("MODELFETCH_NO_ARCHIVE", "1");
    }

    Path home() {
        return home;
    }

    BareMachine with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    BareMachine without(String variable) {
        environment.remove(variable);
        return this;
    }

    Running start(Object... command) throws IOException {
        return Running.start(Stream.of(command).map(Object::toString).toList(), environment, home, "");
    }

    Running.Ended run(Object... command) throws IOException, InterruptedException {
        return start(command).end();
    }

    /** The one file of the distribution that is called so. */
    static Path product(String glob) throws IOException {
        try (var found = Files.newDirectoryStream(DIST, glob)) {
            List<Path> files = new ArrayList<>();
            found.forEach(files::add);
            assertThat(files).as(glob).hasSize(1);
            return files.get(0).toRealPath();
        }
    }

    /** Files below a folder, relative to it; not those of the installer itself. */
    static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .map(file -> folder.relativize(file).toString())
                    .filter(file -> !file.contains("/pip/"))
                    .sorted()
                    .toList();
        }
    }

    private Path tools() throws IOException {
        Path folder = Files.createDirectories(home.resolve(".tools"));
        try (Stream<Path> all = Files.list(Path.of("/usr/bin"))) {
            for (Path tool : all.toList()) {
                if (!tool.getFileName().toString().matches("(java|javac|mvn|mvnDebug|fetch)")) {
                    Files.createSymbolicLink(folder.resolve(tool.getFileName()), tool);
                }
            }
        }
        return folder;
    }
}
