package dev.modelfetch.cli;

import dev.modelfetch.cli.screen.Messages;
import picocli.CommandLine.Model.CommandSpec;

/** The script for fish. */
final class FishCompletion {

    private FishCompletion() {}

    static String of(CommandSpec tree, Messages messages) {
        return "";
    }
}
