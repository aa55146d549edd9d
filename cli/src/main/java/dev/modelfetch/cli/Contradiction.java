package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.RepoType;
import dev.modelfetch.Weights;
import dev.modelfetch.cli.screen.Progress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ParseResult;

/**
 * Two options that cannot be meant together. The parser has exclusive groups for that, but they cost every start a
 * dozen milliseconds, do not look at values, and leave the person without a way out.
 *
 * @param unless values of {@code other} that go well with {@code one}
 * @param why may be empty
 * @param hint what to do
 */
record Contradiction(String one, String other, Set<?> unless, String why, String hint) {

    private static final String LEAVE_OUT = "Leave out one of them.";

    private static final List<Contradiction> ALL = List.of(
            new Contradiction("-q", "-v", Set.of(), "", LEAVE_OUT),
            new Contradiction("-q", "--progress", Set.of(Progress.AUTO, Progress.NONE), "", LEAVE_OUT),
            new Contradiction("--dataset", "--repo-type", Set.of(RepoType.DATASET), "", LEAVE_OUT),
            new Contradiction("--gguf", "--weights", Set.of(Weights.GGUF), "", LEAVE_OUT),
            new Contradiction("--config-only", "--weights", Set.of(), "", LEAVE_OUT),
            new Contradiction("--config-only", "--gguf", Set.of(), "", LEAVE_OUT),
            new Contradiction("--token", "--token-file", Set.of(), "", "Give the token in one way."),
            new Contradiction(
                    "--local-dir",
                    "--cache-dir",
                    Set.of(),
                    "",
                    "Use --local-dir for plain files, or --cache-dir for a cache that programs share."),
            new Contradiction("--local-dir", "--layout", Set.of(Layout.HUGGINGFACE), "", LEAVE_OUT),
            new Contradiction(
                    "--max-size",
                    "--older-than",
                    Set.of(),
                    "",
                    "Use --max-size to remove what was used least recently, or --older-than to choose by age."),
            new Contradiction("--lock", "--dry-run", Set.of(), "nothing is fetched that could be locked", LEAVE_OUT));

    /** The first that a command line has in it. */
    static Optional<FetchException.Usage> in(ParseResult line) {
        return ALL.stream().filter(pair -> pair.isIn(line)).findFirst().map(pair -> pair.refusal(line));
    }

    private boolean isIn(ParseResult line) {
        return isGiven(line, one)
                && isGiven(line, other)
                && !unless.contains(line.matchedOption(other).getValue());
    }

    /** A switch that was written with {@code =false} counts as left out. */
    private static boolean isGiven(ParseResult line, String option) {
        return line.hasMatchedOption(option)
                && !Boolean.FALSE.equals(line.matchedOption(option).getValue());
    }

    private FetchException.Usage refusal(ParseResult line) {
        String value = unless.isEmpty()
                ? ""
                : " " + line.matchedOption(other).stringValues().get(0);
        return new FetchException.Usage(
                why.isEmpty()
                        ? Message.of("contradiction", "{0} and {1} contradict each other.", one, other + value)
                        : Message.of(
                                "contradiction-because",
                                "{0} and {1} contradict each other: {2}.",
                                one,
                                other + value,
                                new Phrase.Clause(why)),
                Hint.plain(hint));
    }
}
