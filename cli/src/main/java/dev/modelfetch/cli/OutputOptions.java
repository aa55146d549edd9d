package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.cli.screen.Progress;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What is printed, and how. */
final class OutputOptions {

    @Option(names = "--progress", paramLabel = "KIND", descriptionKey = "opt.progress")
    String progress = "auto";

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

    /**
     * The way to show this job, never {@link Progress#AUTO}.
     *
     * @param transfers whether there is something to draw bars for
     * @throws FetchException.Usage if the options contradict each other
     */
    Progress progress(Surroundings around, boolean transfers) {
        Progress asked = asked();
        if (quiet && verbose) {
            throw new FetchException.Usage("-q and -v contradict each other.", "Leave out one of them.");
        }
        if (quiet && asked != Progress.AUTO && asked != Progress.NONE) {
            throw new FetchException.Usage(
                    "-q and --progress " + asked.word() + " contradict each other.", "Leave out one of them.");
        }
        if (asked != Progress.AUTO) {
            return asked;
        }
        if (quiet || !transfers || around.isOn("HF_HUB_DISABLE_PROGRESS_BARS")) {
            return Progress.NONE;
        }
        return around.console().terminal() ? Progress.BAR : Progress.PLAIN;
    }

    private Progress asked() {
        for (Progress kind : Progress.values()) {
            if (kind.word().equals(progress.toLowerCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw new FetchException.Usage(
                "\"" + progress + "\" is not a way to show progress.", "Use auto, bar, plain, json or none.");
    }
}
