package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.cli.screen.Exit;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the parser of the command line could not make sense of, so that both languages have words for it. */
final class Misuse {

    private Misuse() {}

    static FetchException.Usage of(ParameterException e) {
        List<String> similar =
                e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String near = String.join(", ", similar);
        return new FetchException.Usage(
                message(e),
                similar.isEmpty()
                        ? Hint.plain(Exit.HELP_HINT)
                        : Hint.of(
                                "similar",
                                "Did you mean " + near + "? Run fetch --help to see what is possible.",
                                near));
    }

    private static Message message(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String words = unmatched.getUnmatched().stream().map(Misuse::quoted).collect(Collectors.joining(", "));
            return unmatched.isUnknownOption()
                    ? Message.of("unknown-option", "Unknown option: {0}.", words)
                    : Message.of("unmatched-argument", "Unmatched argument: {0}.", words);
        }
        if (e instanceof MissingParameterException missing) {
            String names = missing.getMissing().stream().map(Misuse::name).collect(Collectors.joining(", "));
            return missing.getMissing().stream().allMatch(ArgSpec::isOption)
                    ? Message.of("no-value", "Option {0} needs a value.", names)
                    : Message.of("missing-argument", "Missing required parameter: {0}.", names);
        }
        if (e instanceof OverwrittenOptionException twice) {
            return Message.of(
                    "option-twice", "Option {0} should be specified only once.", name(twice.getOverwritten()));
        }
        if (e.getArgSpec() == null || e.getValue() == null) {
            String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return Message.plain(said.endsWith(".") ? said : said + ".");
        }
        return Message.of(
                "invalid-value", "Invalid value for option {0}: {1}.", name(e.getArgSpec()), quoted(e.getValue()));
    }

    private static String name(ArgSpec spec) {
        return spec instanceof OptionSpec option ? quoted(option.longestName()) : quoted(spec.paramLabel());
    }

    private static String quoted(String word) {
        return "'" + word + "'";
    }
}
