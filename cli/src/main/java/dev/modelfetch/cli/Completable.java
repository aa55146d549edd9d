package dev.modelfetch.cli;

import dev.modelfetch.cli.screen.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * One command as a shell completes it.
 *
 * @param words that make it, such as {@code cache ls}; empty for the main job, which has none
 * @param about in a sentence
 * @param options that are offered
 * @param operands what stands behind its words, in order; the last may be repeated if {@code many}
 */
record Completable(String words, String about, List<Option> options, List<Operand> operands, boolean many) {

    /**
     * @param names short and long
     * @param about in a sentence
     * @param value empty for a switch
     */
    record Option(List<String> names, String about, List<Operand> value) {
        boolean isValued() {
            return !value.isEmpty();
        }
    }

    /**
     * What stands in some place.
     *
     * @param kind of things
     * @param words that are all of them; empty if they are not few
     * @param label for people
     */
    record Operand(Kind kind, List<String> words, String label) {}

    /** What can be offered for it. */
    enum Kind {
        WORDS,
        STORED,
        FILE,
        FOLDER,
        /** Nothing. */
        FREE
    }

    /** Those of a command line, in the order of the help. */
    static List<Completable> of(CommandSpec tree, Messages messages) {
        List<Completable> all = new ArrayList<>();
        collect("", tree, messages, all);
        return all;
    }

    private static void collect(String words, CommandSpec spec, Messages messages, List<Completable> into) {
        if (!spec.options().isEmpty()) {
            into.add(of(words, spec, messages));
        }
        spec.subcommands()
                .forEach((word, line) -> collect((words + " " + word).strip(), line.getCommandSpec(), messages, into));
    }

    private static Completable of(String words, CommandSpec spec, Messages messages) {
        String key = words.isEmpty() || words.equals("download") ? "fetch" : words.replace(' ', '-');
        return new Completable(
                words,
                first(messages.say("help." + key + ".about")),
                spec.options().stream()
                        .filter(option -> !option.hidden())
                        .map(option -> option(option, messages))
                        .toList(),
                spec.positionalParameters().stream().map(Completable::operand).toList(),
                spec.positionalParameters().stream()
                        .anyMatch(operand -> operand.arity().max() > 1));
    }

    private static Option option(OptionSpec option, Messages messages) {
        return new Option(
                List.of(option.names()),
                first(messages.say(option.descriptionKey())),
                option.arity().max() > 0 ? List.of(operand(option)) : List.of());
    }

    private static Operand operand(ArgSpec spec) {
        List<String> words = spec.completionCandidates() == null
                ? List.of()
                : StreamSupport.stream(spec.completionCandidates().spliterator(), false)
                        .toList();
        return new Operand(words.isEmpty() ? kind(spec) : Kind.WORDS, words, spec.paramLabel());
    }

    private static Kind kind(ArgSpec spec) {
        return switch (spec.paramLabel()) {
            case "REPO", "TARGET" -> Kind.STORED;
            // Beside a repository, that is one of its files.
            case "FILE" -> spec.isOption() ? Kind.FILE : Kind.FREE;
            case "DIR" -> Kind.FOLDER;
            default -> Kind.FREE;
        };
    }

    /** A list has room for one clause. */
    static String first(String text) {
        String line =
                text.replaceAll("\\s+", " ").replaceAll(" ?[(（][^)）]*[)）]", "").strip();
        return line.split("[.;:] |[。；：]", 2)[0].replaceAll("[.。]$", "");
    }

    /** Names of all options, of whichever command, behind which a value stands. */
    static Stream<String> valued(List<Completable> commands) {
        return commands.stream()
                .flatMap(command -> command.options().stream())
                .filter(Option::isValued)
                .flatMap(option -> option.names().stream())
                .distinct();
    }
}
