package dev.modelfetch.it.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A command line with the variables it needs beyond a plain environment.
 *
 * @param words program and arguments
 * @param variables added to the environment
 * @param directory to run in
 */
record Command(List<String> words, Map<String, String> variables, Path directory) {

    // Whatever the person at this machine has set for any of the tools must not change the comparison.
    private static final List<String> FOREIGN = List.of(
            "HF_", "HUGGING_FACE_", "HUGGINGFACE_", "MODELSCOPE_", "MODELFETCH_", "XDG_", "GIT_", "JAVA_TOOL", "JDK_");

    Command {
        words = List.copyOf(words);
        variables = Map.copyOf(variables);
    }

    static Command of(Path directory, String... words) {
        return new Command(List.of(words), Map.of(), directory);
    }

    Command with(String name, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(name, value);
        return new Command(words, more, directory);
    }

    /** The same below another program, such as one that takes the time. */
    Command under(List<String> program) {
        List<String> longer = new ArrayList<>(program);
        longer.addAll(words);
        return new Command(longer, variables, directory);
    }

    /** Starts it; everything it says goes to {@code out.txt} and {@code err.txt} in its directory. */
    Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(Command::foreign);
        environment.put("HOME", directory.toString());
        environment.putAll(variables);
        Process process = builder.redirectOutput(directory.resolve("out.txt").toFile())
                .redirectError(directory.resolve("err.txt").toFile())
                .start();
        process.getOutputStream().close();
        return process;
    }

    private static boolean foreign(String variable) {
        String name = variable.toUpperCase(Locale.ROOT);
        return name.endsWith("_PROXY") || FOREIGN.stream().anyMatch(name::startsWith);
    }
}
