package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What a command can be told, declared in code: reading annotations takes longer than all that is left to do before the
 * first request. Each declaration names the field that takes the value; it is left alone when nothing was said. The
 * description of an option is found under its long name.
 *
 * <p>What the parser calls back is a class here and never a lambda: the parser's interfaces are so old that the class
 * archive takes in neither the lambda nor, because of it, them.
 */
final class Options {

    private final CommandSpec spec;

    private Options(CommandSpec spec) {
        this.spec = spec;
    }

    /** Everything a command declares, as the parser wants it. */
    static CommandSpec of(String name, Command command) {
        Options options = new Options(CommandSpec.create().name(name));
        command.declare(options);
        options.spec.addOption(OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .usageHelp(true)
                .descriptionKey("help")
                .build());
        options.spec.addOption(OptionSpec.builder("-V", "--version")
                .type(boolean.class)
                .versionHelp(true)
                .descriptionKey("version")
                .build());
        return options.spec;
    }

    /** One word without a name; it has to be there. */
    void parameter(String label, String key, Consumer<String> field) {
        parameter(label, key, true, null, field);
    }

    /** One of a few words without a name, which a shell may complete; it has to be there. */
    void parameter(String label, String key, List<String> words, Consumer<String> field) {
        parameter(label, key, true, words, field);
    }

    /** One word without a name, or none. */
    void optionalParameter(String label, String key, Consumer<String> field) {
        parameter(label, key, false, null, field);
    }

    private void parameter(
            String label, String key, boolean required, @Nullable List<String> words, Consumer<String> field) {
        Place<String> place = new Place<>(field);
        spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .required(required)
                .arity(required ? "1" : "0..1")
                .type(String.class)
                .paramLabel(label)
                .descriptionKey(key)
                .completionCandidates(words)
                .getter(place)
                .setter(place)
                .build());
    }

    /** All further words. */
    void furtherParameters(String label, String key, Consumer<List<String>> field) {
        list("1..*", "0..*", label, key, false, field);
    }

    private void list(
            String index, String arity, String label, String key, boolean required, Consumer<List<String>> field) {
        Place<List<String>> place = new Place<>(field);
        spec.addPositional(PositionalParamSpec.builder()
                .index(index)
                .required(required)
                .arity(arity)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .descriptionKey(key)
                .getter(place)
                .setter(place)
                .build());
    }

    /** Any number of words without a name. */
    void parameters(String label, String key, boolean required, Consumer<List<String>> field) {
        list("0..*", required ? "1..*" : "0..*", label, key, required, field);
    }

    /** A switch. */
    void flag(String name, Consumer<Boolean> field) {
        add(option(name, boolean.class), field);
    }

    /** A switch with a short name. */
    void flag(String shortName, String name, Consumer<Boolean> field) {
        add(option(name, boolean.class).names(shortName, name), field);
    }

    /** A switch that means something else here than elsewhere, and is described under a key of its own. */
    void ownFlag(String key, Consumer<Boolean> field, String... names) {
        add(OptionSpec.builder(names).type(boolean.class).descriptionKey("opt." + key), field);
    }

    /** A switch that is understood and not offered. */
    void formerFlag(String name, Consumer<Boolean> field) {
        add(option(name, boolean.class).hidden(true), field);
    }

    /** An option with a value that is understood and not offered. */
    void formerValue(String name, String label, Consumer<String> field) {
        add(option(name, String.class).paramLabel(label).hidden(true), field);
    }

    /** A free text. */
    void text(String name, String label, Consumer<String> field) {
        text(name, label, name.substring(2), field);
    }

    /** As above, described under a key of its own. */
    void text(String name, String label, String key, Consumer<String> field) {
        add(option(name, String.class).paramLabel(label).descriptionKey("opt." + key), field);
    }

    /** A whole number. */
    void number(String name, String label, Consumer<Integer> field) {
        add(option(name, Integer.class).paramLabel(label), field);
    }

    /** A value that becomes what it means as it is read, so that a bad one is refused whether or not it is needed. */
    <T> void value(String name, String label, Function<String, T> meaning, Consumer<T> field) {
        value(name, label, name.substring(2), meaning, field);
    }

    /** As above, described under a key of its own. */
    <T> void value(String name, String label, String key, Function<String, T> meaning, Consumer<T> field) {
        add(
                option(name, Object.class)
                        .paramLabel(label)
                        .descriptionKey("opt." + key)
                        .converters(new Meaning<>(text -> new Meant(meaning.apply(text)))),
                field);
    }

    /** A place in the file system; the text of a shell variable that is not set is none. */
    void path(String name, String label, Consumer<Path> field) {
        value(
                name,
                label,
                text -> {
                    if (text.isBlank()) {
                        throw new FetchException.Usage(
                                Message.of("empty-value", "The value of {0} is empty.", name),
                                Hint.plain("Name a place, or leave the option out."));
                    }
                    return Path.of(text);
                },
                field);
    }

    /** As {@link #value}, one of a few words, which a shell may complete. */
    <T> void word(String name, String label, List<String> words, Function<String, T> meaning, Consumer<T> field) {
        word(name, label, name.substring(2), words, meaning, field);
    }

    /** As above, described under a key of its own. */
    <T> void word(
            String name, String label, String key, List<String> words, Function<String, T> meaning, Consumer<T> field) {
        add(
                option(name, Object.class)
                        .paramLabel(label)
                        .descriptionKey("opt." + key)
                        .completionCandidates(words)
                        .converters(new Meaning<>(text -> new Meant(meaning.apply(text)))),
                field);
    }

    /** As {@link #value}, as often as one likes. */
    <T> void values(String name, String label, Function<String, T> meaning, Consumer<List<T>> field) {
        values(option(name, List.class), label, meaning, field);
    }

    /** The same with a short name. */
    <T> void values(String shortName, String name, String label, Function<String, T> meaning, Consumer<List<T>> field) {
        values(option(name, List.class).names(shortName, name), label, meaning, field);
    }

    private <T> void values(
            OptionSpec.Builder option, String label, Function<String, T> meaning, Consumer<List<T>> field) {
        add(option.auxiliaryTypes(Object.class).arity("1").paramLabel(label).converters(new Meaning<>(meaning)), field);
    }

    private static OptionSpec.Builder option(String name, Class<?> type) {
        return OptionSpec.builder(name).type(type).descriptionKey("opt." + name.substring(2));
    }

    private <T> void add(OptionSpec.Builder option, Consumer<T> field) {
        Place<T> place = new Place<>(field);
        spec.addOption(option.getter(place).setter(place).build());
    }

    /** Where the parser puts what it has read, and looks at what it has put there before. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as the parser has it
    private static final class Place<V> implements ISetter, IGetter {

        private final Consumer<V> field;
        private @Nullable Object value;

        Place(Consumer<V> field) {
            this.field = field;
        }

        @Override
        @SuppressWarnings("NullAway") // nothing has been said yet
        public <T> T get() {
            return (T) value;
        }

        @Override
        @SuppressWarnings("NullAway") // what was there before is of no interest
        public <T> T set(T said) {
            value = said instanceof Meant meant ? meant.value : said;
            if (value != null) {
                field.accept((V) value);
            }
            return null;
        }
    }

    /**
     * Hides a value from the parser, which turns each into text for a trace that nobody reads: the first text of a record
     * costs as much as reading twenty options.
     */
    private static final class Meant {

        private final @Nullable Object value;

        Meant(@Nullable Object value) {
            this.value = value;
        }
    }

    private static final class Meaning<T> implements ITypeConverter<T> {

        private final Function<String, T> meaning;

        Meaning(Function<String, T> meaning) {
            this.meaning = meaning;
        }

        @Override
        public T convert(String text) {
            return meaning.apply(text);
        }
    }
}
