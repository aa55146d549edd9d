package dev.modelfetch.cli;

import dev.modelfetch.cli.Completable.Kind;
import dev.modelfetch.cli.Completable.Operand;
import dev.modelfetch.cli.Completable.Option;
import dev.modelfetch.cli.screen.Messages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a shell has to be told to complete our command lines. picocli's own scripts know neither what a cache holds nor
 * descriptions nor values behind {@code =}, and change settings of zsh for everybody.
 */
final class CompletionScript {

    /** Explained by picocli nowhere, and a word of ours all the same. */
    private static final String HELP = "help";

    private static final String CACHE = "cache";

    private final List<Completable> commands;
    private final Messages messages;

    CompletionScript(List<Completable> commands, Messages messages) {
        this.commands = List.copyOf(commands);
        this.messages = messages;
    }

    String bash() {
        return filled(
                "completion.bash",
                Map.of(
                        "STORED", indented(4, stored()),
                        "VALUED", Completable.valued(commands).collect(Collectors.joining("|")),
                        "COMMANDS", String.join("|", firstWords().keySet()),
                        "VALUES", indented(8, bashValues()),
                        "OPTIONS", indented(8, commands.stream().map(CompletionScript::bashOptions)),
                        "WORDS", indented(12, bashWords())));
    }

    private Stream<String> bashValues() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        commands.stream()
                .flatMap(command -> command.options().stream())
                .filter(Option::isValued)
                .forEach(
                        option -> names.computeIfAbsent(bashValue(option.value().get(0)), any -> new ArrayList<>())
                                .addAll(option.names()));
        return names.entrySet().stream()
                .map(entry -> entry.getValue().stream().distinct().collect(Collectors.joining("|")) + ") "
                        + entry.getKey() + " ;;");
    }

    private static String bashValue(Operand value) {
        return switch (value.kind()) {
            case WORDS -> "COMPREPLY=($(compgen -W '" + String.join(" ", value.words()) + "' -- \"$word\")); return";
            case FILE -> "return";
            case FOLDER -> "compopt -o dirnames +o default 2>/dev/null; return";
            case STORED, FREE -> "compopt +o default 2>/dev/null; return";
        };
    }

    private static String bashOptions(Completable command) {
        return "'" + command.words() + "') options='"
                + command.options().stream()
                        .flatMap(option -> option.names().stream())
                        .collect(Collectors.joining(" "))
                + "' ;;";
    }

    private Stream<String> bashWords() {
        String first = String.join(" ", firstWords().keySet());
        Stream<String> general = Stream.of(
                "/0) words=\"" + first + " $(_fetch_stored)\" ;;",
                CACHE + "/0) words='" + String.join(" ", cacheWords().keySet()) + "' ;;",
                HELP + "/0) words='" + first + "' ;;");
        return Stream.concat(
                general,
                places().map(place -> "'" + place.command() + "'/" + place.number("*") + ") words="
                        + (place.operand().kind() == Kind.STORED
                                ? "$(_fetch_stored)"
                                : "'" + String.join(" ", place.operand().words()) + "'")
                        + " ;;"));
    }

    /**
     * Where something can be offered behind the words of a command.
     *
     * @param index from 0; negative for everywhere
     */
    private record Place(String command, int index, Operand operand) {
        String number(String any) {
            return index < 0 ? any : String.valueOf(index);
        }
    }

    private Stream<Place> places() {
        return commands.stream()
                .filter(command -> !command.words().isEmpty())
                .flatMap(command -> IntStream.range(0, command.operands().size())
                        .mapToObj(index -> new Place(
                                command.words(),
                                command.many() && command.operands().size() == 1 ? -1 : index,
                                command.operands().get(index))))
                .filter(place ->
                        place.operand().kind() == Kind.STORED || place.operand().kind() == Kind.WORDS);
    }

    String zsh() {
        return filled(
                "completion.zsh",
                Map.of(
                        "STORED", indented(4, stored()),
                        "TITLE", quoted(messages.say("completion.stored")),
                        "COMMANDS_TITLE", quoted(messages.say("completion.commands")),
                        "VALUED", Completable.valued(commands).collect(Collectors.joining("|")),
                        "COMMANDS", indented(8, zshDescribed(firstWords())),
                        "CACHE_COMMANDS", indented(8, zshDescribed(cacheWords())),
                        "ARGUMENTS", indented(8, zshArguments())));
    }

    private static Stream<String> zshDescribed(Map<String, String> words) {
        return words.entrySet().stream().map(entry -> quoted(entry.getKey() + ":" + entry.getValue()));
    }

    private Stream<String> zshArguments() {
        Stream<String> general = Stream.of(
                CACHE + ") _arguments '1: :(cache)' '2: :_fetch_cache_commands' ;;",
                HELP + ") _arguments '1: :(help)' '2: :_fetch_commands' ;;");
        List<Completable> main =
                commands.stream().filter(command -> command.words().isEmpty()).toList();
        Stream<String> named = commands.stream()
                .filter(command -> !main.contains(command))
                .map(command ->
                        quoted(command.words()) + ") _arguments" + zshOperands(command) + zshOptions(command) + " ;;");
        Stream<String> others =
                main.stream().map(command -> "*) _arguments '1: :_fetch_first' '*: :'" + zshOptions(command) + " ;;");
        return Stream.of(general, named, others).flatMap(lines -> lines);
    }

    private static String zshOperands(Completable command) {
        int before = command.words().split(" ").length;
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= before; i++) {
            text.append(" '").append(i).append(": :'");
        }
        for (int i = 0; i < command.operands().size(); i++) {
            boolean last = command.many() && i == command.operands().size() - 1;
            text.append(' ')
                    .append(quoted((last ? "*" : String.valueOf(before + i + 1))
                            + ":"
                            + zshValue(command.operands().get(i))));
        }
        return text.toString();
    }

    private static String zshOptions(Completable command) {
        return command.options().stream()
                .flatMap(option -> option.names().stream().map(name -> " \\\n    " + quoted(zshOption(option, name))))
                .collect(Collectors.joining());
    }

    private static String zshOption(Option option, String name) {
        String about = "[" + option.about().replaceAll("([\\[\\]\\\\])", "\\\\$1") + "]";
        if (!option.isValued()) {
            return "(" + String.join(" ", option.names()) + ")" + name + about;
        }
        // Some may be given again, and none harms by it.
        return "*" + name + (name.startsWith("--") ? "=" : "") + about + ":"
                + zshValue(option.value().get(0));
    }

    private static String zshValue(Operand value) {
        String label = value.label().replaceAll("([:\\\\])", "\\\\$1");
        return label
                + ":"
                + switch (value.kind()) {
                    case WORDS -> "(" + String.join(" ", value.words()) + ")";
                    case STORED -> "_fetch_stored";
                    case FILE -> "_files";
                    case FOLDER -> "_files -/";
                    case FREE -> " ";
                };
    }

    String fish() {
        return filled(
                "completion.fish",
                Map.of(
                        // Inside single quotes.
                        "STORED", stored().collect(Collectors.joining("\n")),
                        "VALUED", Completable.valued(commands).collect(Collectors.joining(" ")),
                        "COMMANDS", String.join(" ", firstWords().keySet()),
                        "COMPLETIONS", fishLines().collect(Collectors.joining("\n"))));
    }

    private Stream<String> fishLines() {
        String stored = " -a '(__fetch_stored)' -d " + fishQuoted(messages.say("completion.stored"));
        Stream<String> words = Stream.of(
                        fishDescribed("/0", firstWords()),
                        Stream.of(fishAt("/0") + stored),
                        fishDescribed(CACHE + "/0", cacheWords()),
                        fishDescribed(HELP + "/0", firstWords()))
                .flatMap(lines -> lines);
        Stream<String> places = places().map(place -> fishAt(place.command() + "/" + place.number("[0-9]+"))
                + (place.operand().kind() == Kind.STORED
                        ? stored
                        : " -a " + fishQuoted(String.join(" ", place.operand().words()))));
        Stream<String> options = commands.stream()
                .flatMap(command -> command.options().stream()
                        .map(option -> "complete -c fetch -n " + fishQuoted("__fetch_in " + fishQuoted(command.words()))
                                + fishNames(option) + fishValue(option) + " -d " + fishQuoted(option.about())));
        return Stream.of(words, places, options).flatMap(lines -> lines);
    }

    private static Stream<String> fishDescribed(String place, Map<String, String> words) {
        return words.entrySet().stream()
                .map(entry -> fishAt(place) + " -a " + entry.getKey() + " -d " + fishQuoted(entry.getValue()));
    }

    private static String fishAt(String place) {
        return "complete -c fetch -n " + fishQuoted("__fetch_at " + fishQuoted(place));
    }

    private static String fishNames(Option option) {
        return option.names().stream()
                .map(name -> name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1))
                .collect(Collectors.joining());
    }

    private static String fishValue(Option option) {
        if (!option.isValued()) {
            return "";
        }
        Operand value = option.value().get(0);
        return switch (value.kind()) {
            case WORDS -> " -x -a " + fishQuoted(String.join(" ", value.words()));
            case FILE -> " -r -F";
            case FOLDER -> " -x -a '(__fish_complete_directories)'";
            case STORED, FREE -> " -x";
        };
    }

    /** Those that may stand first, with what they do. */
    private Map<String, String> firstWords() {
        Map<String, String> words = new LinkedHashMap<>();
        commands.stream()
                .filter(command ->
                        !command.words().isEmpty() && !command.words().contains(" "))
                .forEach(command -> words.put(command.words(), command.about()));
        words.put(CACHE, first("help.cache.about"));
        words.put(HELP, first("help"));
        return words;
    }

    private Map<String, String> cacheWords() {
        Map<String, String> words = new LinkedHashMap<>();
        commands.stream()
                .filter(command -> command.words().startsWith(CACHE + " "))
                .forEach(command -> words.put(command.words().substring(CACHE.length() + 1), command.about()));
        return words;
    }

    private String first(String key) {
        return Completable.first(messages.say(key));
    }

    private static Stream<String> stored() {
        return resource("stored.sh").lines();
    }

    private static String indented(int by, Stream<String> lines) {
        return lines.flatMap(String::lines).map(line -> " ".repeat(by) + line).collect(Collectors.joining("\n"));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static String fishQuoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static String filled(String template, Map<String, String> places) {
        String text = resource(template);
        for (Map.Entry<String, String> place : places.entrySet()) {
            text = text.replace("@" + place.getKey() + "@", place.getValue());
        }
        return text;
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(CompletionScript.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
