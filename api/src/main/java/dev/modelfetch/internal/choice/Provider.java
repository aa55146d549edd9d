package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.internal.file.SafePath;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.Setting;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What a provider says of itself, read once, so that it says the same to everybody.
 *
 * @param id fit for the command line
 * @param names short forms, its id not among them
 * @param endpoint the one without a setting, which can be read
 * @param code what makes the source
 */
record Provider(String id, Set<String> names, String endpoint, ModelSourceProvider code) {

    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    /** Words that mean something else in its place: in {@code --source}, and among the causes of a wait. */
    private static final Set<String> TAKEN = Set.of("auto", "cache", "connections");

    /**
     * Asks one that is there.
     *
     * @param threads for its code
     * @throws FetchException.Usage if it does not say what it should, with what its author has to mend
     */
    static Provider of(ModelSourceProvider code, Executor threads) throws InterruptedException {
        return of(code.getClass(), () -> code, threads);
    }

    /** As {@link #of(ModelSourceProvider, Executor)}, for one that is yet to be made. */
    static Provider of(Class<?> type, Supplier<? extends ModelSourceProvider> code, Executor threads)
            throws InterruptedException {
        try {
            return PluginCall.begin(threads, type, "its provider", type.getName(), () -> said(code.get()))
                    .await(Limits.OPENING);
        } catch (SourceException e) {
            throw new FetchException.Usage(
                    Message.of(
                            "unusable-source",
                            "The source of {0} cannot be used: {1}.",
                            place(type),
                            new Phrase.Clause(e.verdict().detail())),
                    Hint.plain("Its author has to mend it; leave it out until then."),
                    e);
        }
    }

    private static Provider said(ModelSourceProvider code) throws SourceException {
        String id = checked("id", code.id());
        Set<String> names = new LinkedHashSet<>();
        for (String name : code.names()) {
            names.add(checked("short name", name));
        }
        names.remove(id);
        String endpoint = code.defaultEndpoint();
        var unused = Endpoints.parse(new Setting(endpoint, "its default endpoint"), endpoint);
        return new Provider(id, Set.copyOf(names), endpoint, code);
    }

    private static String checked(String what, String word) throws SourceException {
        if (!ID.matcher(word).matches()) {
            throw SourceException.blocked("its " + what + " \"" + SafePath.printable(word)
                    + "\" has to begin with a lower case letter, and go on with such, digits and -, 40 in all");
        }
        if (TAKEN.contains(word)) {
            throw SourceException.blocked("its " + what + " \"" + word + "\" has another meaning");
        }
        return word;
    }

    /** Whether people may call it so. */
    boolean answersTo(String name) {
        return id.equals(name) || names.contains(name);
    }

    /** What is set under any of its names; the last one, which comes from the layer that counts most. */
    <T> Optional<T> configured(Map<String, T> settings) {
        return settings.entrySet().stream()
                .filter(entry -> answersTo(entry.getKey()))
                .map(Map.Entry::getValue)
                .reduce((less, more) -> more);
    }

    /** Where its code comes from, for whoever has to mend or remove it. */
    String place() {
        return place(code.getClass());
    }

    private static String place(Class<?> type) {
        var source = type.getProtectionDomain().getCodeSource();
        return type.getName() + (source == null ? "" : " in " + source.getLocation());
    }
}
