package dev.modelfetch.it.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The packaged program, to be run as a process of its own with nothing of this process's environment. Where the jar is
 * says the system property {@code modelfetch.jar}, which the build sets.
 */
public final class Program {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Path home;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> endpoints = new ArrayList<>();
    private final List<Path> jars = new ArrayList<>();
    private final List<String> launcher = new ArrayList<>();
    private String input = "";

    /** @param home becomes the user's home; the cache is below {@code huggingface}, the configuration in {@code config} */
    Program(Path home) {
        this.home = home;
        environment.put("HOME", home.toString());
        environment.put("HF_HOME", home.resolve("huggingface").toString());
        environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());
        environment.put("XDG_CACHE_HOME", home.resolve("cache").toString());
        // For file names beyond ASCII; it names no language.
        environment.put("LC_ALL", "C.UTF-8");
    }

    /** Sets a variable. */
    public Program with(String variable, Object value) {
        environment.put(variable, value.toString());
        return this;
    }

    /** Adds an {@code --endpoint} for each of them to every command line, behind its first word. */
    Program at(Map<String, String> addresses) {
        addresses.forEach((source, url) -> endpoints.addAll(List.of("--endpoint", source + "=" + url)));
        return this;
    }

    /** Puts a jar on the class path, behind the program's own. */
    Program withJar(Path jar) {
        jars.add(jar);
        return this;
    }

    /** Has another program start it: {@code unshare}, {@code nice}. */
    Program under(String... command) {
        launcher.addAll(List.of(command));
        return this;
    }

    /** What the program finds on standard input. */
    Program reading(String text) {
        input = text;
        return this;
    }

    /** Writes the user's configuration file. */
    Program configured(String json) throws IOException {
        Path file = home.resolve("config/modelfetch/config.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, json);
        return this;
    }

    /** Runs it to its end. */
    Running.Ended run(String... arguments) throws IOException, InterruptedException {
        return start(arguments).end();
    }

    /** Starts it; the caller sees to its end. */
    public Running start(String... arguments) throws IOException {
        String classPath = System.getProperty("modelfetch.jar", "../cli/target/modelfetch.jar");
        for (Path jar : jars) {
            classPath += System.getProperty("path.separator") + jar;
        }
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(JAVA.toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath));
        command.add("dev.modelfetch.cli.Main");
        if (arguments.length > 0) {
            command.add(arguments[0]);
            command.addAll(endpoints);
            command.addAll(List.of(arguments).subList(1, arguments.length));
        }
        return Running.start(command, environment, home, input);
    }
}
