package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.RepoType;
import dev.modelfetch.Selection;
import dev.modelfetch.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which repository, which version, which of its files. */
final class RepoOptions {

    private static final List<String> FORMATS =
            Arrays.stream(Weights.values()).map(Weights::word).toList();

    private static final List<String> TYPES =
            Arrays.stream(RepoType.values()).map(RepoType::word).toList();

    @Nullable
    RepoType repoType;

    boolean dataset;

    @Nullable
    String revision;

    List<Patterns> include = new ArrayList<>();
    List<Patterns> exclude = new ArrayList<>();

    @Nullable
    Weights weights;

    @Nullable
    String gguf;

    boolean configOnly;

    void declare(Options options) {
        options.word("--repo-type", "TYPE", TYPES, RepoType::parse, said -> repoType = said);
        options.flag("--dataset", said -> dataset = said);
        options.value("--revision", "REV", RepoOptions::revision, said -> revision = said);
        options.values("--include", "GLOB", text -> Patterns.parse("--include", text), said -> include = said);
        options.values("--exclude", "GLOB", text -> Patterns.parse("--exclude", text), said -> exclude = said);
        options.word("--weights", "FORMAT", FORMATS, Weights::parse, said -> weights = said);
        options.value("--gguf", "QUANT", RepoOptions::quantisation, said -> gguf = said);
        options.flag("--config-only", said -> configOnly = said);
    }

    Target target(String address, List<String> files) {
        return Target.of(address, dataset ? RepoType.DATASET : repoType, revision, selection(files));
    }

    /** @param files beside the patterns */
    Selection selection(List<String> files) {
        Selection selection = Selection.of(files, Patterns.all(include), Patterns.all(exclude));
        if (configOnly) {
            return selection.configOnly();
        }
        if (gguf != null) {
            return selection.gguf(gguf);
        }
        return weights == null ? selection : selection.weights(weights);
    }

    /** One occurrence of an option, which may hold several, separated by commas. */
    record Patterns(List<String> each) {

        /** The text of a shell variable that is not set is no pattern, rather than one for everything. */
        static Patterns parse(String option, String text) {
            List<String> each = Arrays.stream(text.split(","))
                    .map(String::trim)
                    .filter(pattern -> !pattern.isEmpty())
                    .toList();
            if (each.isEmpty()) {
                throw new FetchException.Usage(
                        Message.of("empty-pattern", "The pattern of {0} is empty.", option),
                        Hint.plain("Name one, or leave the option out."));
            }
            return new Patterns(each);
        }

        static List<String> all(List<Patterns> given) {
            return given.stream().flatMap(patterns -> patterns.each().stream()).toList();
        }
    }

    /** Judged also where no request is made of it. */
    private static String quantisation(String text) {
        var unused = Selection.all().gguf(text);
        return text;
    }

    /** Judged also where no request is made of it. */
    private static String revision(String text) {
        if (text.isBlank()) {
            throw new FetchException.Usage(
                    "The revision is empty.", "Name a branch, a tag or a commit, or leave it out.");
        }
        return text;
    }
}
