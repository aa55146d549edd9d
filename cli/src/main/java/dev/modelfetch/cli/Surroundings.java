package dev.modelfetch.cli;

import dev.modelfetch.Modelfetch;
import dev.modelfetch.cli.screen.Console;
import dev.modelfetch.cli.screen.Messages;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What a command finds around it.
 *
 * @param console streams, terminal and environment of the process
 * @param messages in the language of the person
 * @param open makes the program's work ready to be called; not used before the command line makes sense
 */
record Surroundings(Console console, Messages messages, Function<Setup, Modelfetch> open) {

    private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");

    Surroundings(Console console, Function<Setup, Modelfetch> open) {
        this(console, Messages.of(console.environment()), open);
    }

    Map<String, String> environment() {
        return console.environment();
    }

    /** Of the person whose process this is. */
    String home() {
        return environment().getOrDefault("HOME", System.getProperty("user.home", ""));
    }

    /** Whether a variable says yes, in the words of the reference client (huggingface.md 4). */
    boolean isOn(String variable) {
        return TRUE.contains(environment().getOrDefault(variable, "").trim().toLowerCase(Locale.ROOT));
    }

    /** No connection wanted by the environment; the alias counts only when the first is not set. */
    boolean offline() {
        return environment().getOrDefault("HF_HUB_OFFLINE", "").isEmpty()
                ? isOn("TRANSFORMERS_OFFLINE")
                : isOn("HF_HUB_OFFLINE");
    }
}
