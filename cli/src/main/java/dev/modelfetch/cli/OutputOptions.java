package dev.modelfetch.cli;

import dev.modelfetch.cli.screen.Progress;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What is printed, and how. */
final class OutputOptions {

    @Option(names = "--progress", paramLabel = "KIND", descriptionKey = "opt.progress")
    Progress progress = Progress.AUTO;

    @Option(
            names = {"-q", "--quiet"},
            descriptionKey = "opt.quiet")
    boolean quiet;

    @Option(names = "--json", descriptionKey = "opt.json")
    boolean json;

    @Option(
            names = {"-v", "--verbose"},
            descriptionKey = "opt.verbose")
    boolean verbose;

    /** What a command line that could not be parsed as a whole seems to ask for; with {@code -q} it wants no events. */
    static OutputOptions guessed(List<String> words) {
        OutputOptions options = new OutputOptions();
        options.json = words.contains("--json");
        options.quiet = words.contains("-q") || words.contains("--quiet");
        String line = String.join(" ", words).toLowerCase(Locale.ROOT);
        boolean events = line.matches("(.* )?--progress[ =]json( .*)?");
        options.progress = events && !options.quiet ? Progress.JSON : Progress.NONE;
        return options;
    }

    /**
     * The way to show this job, never {@link Progress#AUTO}.
     *
     * @param transfers whether there is something to draw bars for
     */
    Progress progress(Surroundings around, boolean transfers) {
        if (progress != Progress.AUTO) {
            return progress;
        }
        if (quiet || !transfers || around.isOn("HF_HUB_DISABLE_PROGRESS_BARS")) {
            return Progress.NONE;
        }
        return around.console().terminal() ? Progress.BAR : Progress.PLAIN;
    }
}
