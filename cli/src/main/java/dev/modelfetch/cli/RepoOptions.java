package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.RepoType;
import dev.modelfetch.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which repository, which version, which of its files. */
final class RepoOptions {

    @Option(names = "--repo-type", paramLabel = "TYPE", descriptionKey = "opt.repo-type")
    @Nullable
    String repoType;

    @Option(names = "--dataset", descriptionKey = "opt.dataset")
    boolean dataset;

    @Option(names = "--revision", paramLabel = "REV", descriptionKey = "opt.revision")
    @Nullable
    String revision;

    @Option(names = "--include", paramLabel = "GLOB", arity = "1", descriptionKey = "opt.include")
    List<String> include = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "GLOB", arity = "1", descriptionKey = "opt.exclude")
    List<String> exclude = new ArrayList<>();

    Target target(String address, List<String> files) {
        return Target.of(address, type(), revision, files, patterns(include), patterns(exclude));
    }

    /** By patterns alone. */
    Selection selection() {
        return Selection.of(List.of(), patterns(include), patterns(exclude));
    }

    private @Nullable RepoType type() {
        RepoType named = repoType == null ? null : RepoType.parse(repoType);
        if (dataset && named != null && named != RepoType.DATASET) {
            throw new FetchException.Usage(
                    "--dataset and --repo-type " + named.word() + " contradict each other.", "Leave out one of them.");
        }
        return dataset ? RepoType.DATASET : named;
    }

    /** Each occurrence may hold several, separated by commas. */
    private static List<String> patterns(List<String> given) {
        return given.stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
