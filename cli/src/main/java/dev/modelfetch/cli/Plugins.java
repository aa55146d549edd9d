package dev.modelfetch.cli;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Further sources: every jar in the plugin folder, however the program was started. */
final class Plugins {

    private Plugins() {}

    /** Makes them known to this thread, from which the engine takes them; for as long as the process lives. */
    static void load(Map<String, String> environment) {
        List<URL> jars = new ArrayList<>();
        folder(environment).filter(Files::isDirectory).ifPresent(folder -> {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
                for (Path jar : found) {
                    jars.add(jar.toUri().toURL());
                }
            } catch (IOException e) {
                // A folder that cannot be read has no sources for us; asked for by name, they are said to be missing.
            }
        });
        if (!jars.isEmpty()) {
            Thread.currentThread()
                    .setContextClassLoader(
                            new URLClassLoader(jars.toArray(new URL[0]), Plugins.class.getClassLoader()));
        }
    }

    /** Where they are, beside the configuration file unless a variable says otherwise. */
    static Optional<Path> folder(Map<String, String> environment) {
        try {
            return said(environment, "MODELFETCH_PLUGINS")
                    .map(Path::of)
                    .or(() -> said(environment, "XDG_CONFIG_HOME")
                            .or(() -> said(environment, "LOCALAPPDATA"))
                            .map(Path::of)
                            .or(() -> said(environment, "HOME").map(home -> Path.of(home, ".config")))
                            .map(config -> config.resolve("modelfetch").resolve("plugins")));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> said(Map<String, String> environment, String variable) {
        return Stream.ofNullable(environment.get(variable))
                .filter(text -> !text.isBlank())
                .findFirst();
    }
}
