package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.RepoType;
import dev.modelfetch.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Which repository, which version, which of its files. */
final class RepoOptions {

    @Option(names = "--repo-type", paramLabel = "TYPE", descriptionKey = "opt.repo-type")
    @Nullable
    RepoType repoType;

    @Option(names = "--dataset", descriptionKey = "opt.dataset")
    boolean dataset;

    @Option(names = "--revision", paramLabel = "REV", descriptionKey = "opt.revision", converter = RevisionOption.class)
    @Nullable
    String revision;

    @Option(names = "--include", paramLabel = "GLOB", arity = "1", descriptionKey = "opt.include")
    List<Patterns> include = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "GLOB", arity = "1", descriptionKey = "opt.exclude")
    List<Patterns> exclude = new ArrayList<>();

    Target target(String address, List<String> files) {
        return Target.of(
                address,
                dataset ? RepoType.DATASET : repoType,
                revision,
                files,
                Patterns.all(include),
                Patterns.all(exclude));
    }

    /** By patterns alone. */
    Selection selection() {
        return Selection.of(List.of(), Patterns.all(include), Patterns.all(exclude));
    }

    /** One occurrence of an option, which may hold several, separated by commas. */
    record Patterns(List<String> each) {

        static Patterns parse(String text) {
            return new Patterns(Arrays.stream(text.split(","))
                    .map(String::trim)
                    .filter(pattern -> !pattern.isEmpty())
                    .toList());
        }

        static List<String> all(List<Patterns> given) {
            return given.stream().flatMap(patterns -> patterns.each().stream()).toList();
        }
    }

    /** Judges a revision also where no request is made of it. */
    static final class RevisionOption implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (text.isBlank()) {
                throw new FetchException.Usage(
                        "The revision is empty.", "Name a branch, a tag or a commit, or leave it out.");
            }
            return text;
        }
    }
}
