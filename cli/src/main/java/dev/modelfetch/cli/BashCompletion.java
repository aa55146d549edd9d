package dev.modelfetch.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The script for bash and zsh: picocli's own, and around it what a hub cache holds, which only the moment can tell. */
final class BashCompletion {

    private BashCompletion() {}

    static String of(CommandSpec tree) {
        return AutoComplete.bash(tree.name(), new CommandLine(tree));
    }
}
