package dev.modelfetch.it.bench;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is installed next to a Python program. */
final class Python {

    private Python() {}

    /** Names and versions, asked of the interpreter that the program's first line names. */
    static String packages(Optional<String> program, String... names) {
        return program.flatMap(Toolbox::interpreter)
                .map(python -> Arrays.stream(names)
                        .map(name -> name + " "
                                + Toolbox.firstLine(
                                        python,
                                        "-c",
                                        "from importlib.metadata import version; print(version('" + name + "'))"))
                        .collect(Collectors.joining(", ")))
                .orElse("unknown");
    }
}
