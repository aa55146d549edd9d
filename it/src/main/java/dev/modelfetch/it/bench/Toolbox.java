package dev.modelfetch.it.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds the programs of this machine and asks them who they are. */
record Toolbox(List<Path> directories) {

    /** The executable file of this name. */
    Optional<String> find(String name) {
        return directories.stream()
                .map(directory -> directory.resolve(name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .map(Path::toString)
                .findFirst();
    }

    /** The interpreter in the first line of a script. */
    static Optional<String> interpreter(String script) {
        try (var lines = Files.lines(Path.of(script), StandardCharsets.ISO_8859_1)) {
            return lines.findFirst()
                    .filter(line -> line.startsWith("#!"))
                    .map(line -> line.substring(2).trim());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The first line a command prints, or a word that says it printed none. */
    static String firstLine(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return Arrays.stream(text.split("\n", -1))
                    .filter(line -> !line.isBlank())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
