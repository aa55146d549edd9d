package dev.modelfetch.cli;

import dev.modelfetch.cli.screen.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is printed, and how. */
final class OutputOptions {

    private static final List<String> KINDS = Arrays.stream(Progress.values())
            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
            .toList();

    Progress progress = Progress.AUTO;
    boolean quiet;
    boolean json;
    boolean verbose;

    void declare(Options options) {
        options.word("--progress", "KIND", KINDS, Progress::parse, said -> progress = said);
        declareResult(options);
        options.flag("-v", "--verbose", said -> verbose = said);
    }

    /** Where no source is asked, and nothing takes so long that its progress could be shown. */
    void declareBrief(Options options) {
        declareResult(options);
        options.ownFlag("verbose-brief", said -> verbose = said, "-v", "--verbose");
    }

    private void declareResult(Options options) {
        options.flag("-q", "--quiet", said -> quiet = said);
        options.flag("--json", said -> json = said);
    }

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
        return around.console().terminal() && !around.isOn("CI") ? Progress.BAR : Progress.PLAIN;
    }
}
