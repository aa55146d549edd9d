package dev.modelfetch.cli;

import static java.util.Map.entry;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.cli.screen.Exit;
import dev.modelfetch.cli.screen.Line;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Finds the command a command line means and runs it. Commands stand side by side, not in a tree of the parser: a file
 * or repository may be called like a command, and only the one that runs needs to be set up.
 */
final class Program {

    private static final String MAIN = "fetch";

    /** Never a command by itself: a second word says which. */
    private static final String CACHE = "cache";

    private static final Map<String, Function<Surroundings, Command>> COMMANDS = Map.ofEntries(
            entry(MAIN, FetchCommand::new),
            entry("download", FetchCommand::new),
            entry("probe", ProbeCommand::new),
            entry("ls", LsCommand::new),
            entry("verify", VerifyCommand::new),
            entry("doctor", DoctorCommand::new),
            entry("serve", ServeCommand::new),
            entry("aliases", AliasesCommand::new),
            entry("login", LoginCommand::new),
            entry("logout", LogoutCommand::new),
            entry("whoami", WhoamiCommand::new),
            entry("completion", CompletionCommand::new),
            entry("cache ls", CacheLsCommand::new),
            entry("cache import", CacheImportCommand::new),
            entry("cache rm", CacheRmCommand::new),
            entry("cache prune", CachePruneCommand::new),
            entry("cache verify", CacheVerifyCommand::new));

    /** Commands of other programs, and of people's hopes; alone they may be repositories. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            entry("list", "Write fetch ls REPO for what a hub has, or fetch cache ls for what is stored."),
            entry("rm", "Write fetch cache rm REPO."),
            entry("remove", "Write fetch cache rm REPO."),
            entry("delete", "Write fetch cache rm REPO."),
            entry("delete-cache", "Write fetch cache rm REPO."),
            entry("clear-cache", "Write fetch cache rm REPO, or fetch cache prune."),
            entry("import", "Write fetch cache import DIR."),
            entry("scan-cache", "Write fetch cache ls."),
            entry("prune", "Write fetch cache prune."),
            entry("get", "Write fetch REPO."),
            entry("pull", "Write fetch REPO."),
            entry("clone", "Write fetch REPO --local-dir DIR."),
            entry("snapshot-download", "Write fetch REPO."),
            entry("check", "Write fetch verify REPO."),
            entry("info", "Write fetch ls REPO for its files, or fetch probe REPO for who has it."),
            entry("search", "Search on the pages of the hubs; fetch probe REPO says who has a repository."),
            entry("upload", "Modelfetch only fetches; hf upload and modelscope upload send."));

    private final Surroundings around;

    Program(Surroundings around) {
        this.around = around;
    }

    /** Runs one command line; everything that can go wrong ends in an exit code, a result that is lost included. */
    int run(String... args) {
        int code = dispatch(args);
        return code == Exit.OK ? around.console().loss().map(this::lost).orElse(code) : code;
    }

    /** Said in words whatever was asked for: the last event has been sent by now. */
    private int lost(Exit exit) {
        exit.lines(around.messages()).forEach(around.console()::say);
        return exit.code();
    }

    private int dispatch(String... args) {
        if (args.length == 1 && Set.of("--version", "-V").contains(args[0])) {
            around.console().result(version());
            return Exit.OK;
        }
        Command fetch = command(MAIN);
        CommandLine main = line(MAIN, fetch);
        Words words = Words.of(List.of(args), option -> takesValue(main, option));
        String first = words.first().orElse("");
        if (first.equals("help")) {
            return helpAbout(words.after(), args);
        }
        if (first.equals(CACHE)) {
            return cache(Words.of(words.rest(), this::takesValueAfterCache), args);
        }
        if (args.length == 0) {
            return begin();
        }
        if (ELSEWHERE.containsKey(first) && words.after().stream().anyMatch(word -> !word.startsWith("-"))) {
            return refuse(
                    new FetchException.Usage(
                            Message.of("no-such-command", "There is no \"fetch {0}\".", first),
                            Hint.plain(ELSEWHERE.get(first))),
                    args);
        }
        if (COMMANDS.containsKey(first) && !first.equals(MAIN)) {
            Command command = command(first);
            return run(first, command, line(first, command), words.rest().toArray(new String[0]));
        }
        Optional<FetchException.Usage> mistyped = mistyped(first);
        return mistyped.isPresent() ? refuse(mistyped.get(), args) : run(MAIN, fetch, main, args);
    }

    /** Whoever types nothing wants to know what there is to type. */
    private int begin() {
        around.messages().say("begin").lines().map(Line::of).forEach(around.console()::say);
        return new FetchException.Usage("").code();
    }

    /** A word that is nearly one of ours is hardly meant as one of the few repositories whose names have no owner. */
    private static Optional<FetchException.Usage> mistyped(String word) {
        List<String> commands = Stream.concat(COMMANDS.keySet().stream(), Stream.of(CACHE))
                .filter(command -> !command.equals(MAIN))
                .sorted()
                .toList();
        List<String> meant = Spelling.near(word, commands).toList();
        return meant.isEmpty()
                ? Optional.empty()
                : Optional.of(new FetchException.Usage(
                        Message.of("no-command", "There is no command \"{0}\".", word),
                        Hint.of(
                                "did-you-mean-command",
                                "Did you mean " + String.join(" or ", meant) + "?",
                                meant.stream().map(each -> MAIN + " " + each).collect(Collectors.joining(", ")),
                                word)));
    }

    /** The whole command line in one tree, for what describes it. */
    static CommandSpec tree(Surroundings around) {
        CommandSpec root = Options.of(MAIN, new FetchCommand(around));
        CommandSpec cache = CommandSpec.create();
        root.addSubcommand(CACHE, cache);
        new TreeMap<>(COMMANDS).forEach((word, command) -> {
            CommandSpec spec = Options.of(word, command.apply(around));
            if (word.equals(MAIN)) {
                return;
            }
            if (word.startsWith(CACHE + " ")) {
                cache.addSubcommand(word.substring(CACHE.length() + 1), spec);
            } else {
                root.addSubcommand(word, spec);
            }
        });
        return root;
    }

    private int helpAbout(List<String> words, String... args) {
        String about = words.isEmpty() ? MAIN : words.get(0);
        if (about.equals(CACHE)) {
            return words.size() == 1
                    ? helpCache()
                    : cache(new Words(Optional.of(words.get(1)), List.of("-h"), List.of()), args);
        }
        return COMMANDS.containsKey(about)
                ? help(about)
                : refuse(mistyped(about).orElseGet(() -> unknown(about)), args);
    }

    private int cache(Words words, String... args) {
        if (words.first().isEmpty()) {
            return helpCache();
        }
        String word = CACHE + " " + words.first().get();
        if (!COMMANDS.containsKey(word)) {
            return refuse(
                    new FetchException.Usage(
                            Message.of("no-such-command", "There is no \"fetch {0}\".", word),
                            Hint.plain(
                                    "Write fetch cache ls, fetch cache import, fetch cache rm, fetch cache prune or fetch cache verify.")),
                    args);
        }
        Command command = command(word);
        return run(word, command, line(word, command), words.rest().toArray(new String[0]));
    }

    private boolean takesValueAfterCache(String option) {
        return COMMANDS.keySet().stream()
                .filter(word -> word.startsWith(CACHE + " "))
                .anyMatch(word -> takesValue(line(word, command(word)), option));
    }

    private int run(String word, Command command, CommandLine line, String... args) {
        ParseResult said;
        try {
            List<String> ours = new Dialect(line.getCommandSpec(), around.home()).translated(List.of(args));
            said = line.parseArgs(ours.toArray(new String[0]));
        } catch (ParameterException e) {
            return refuse(usage(e), args);
        } catch (FetchException.Usage e) {
            return refuse(e, args);
        }
        if (said.isUsageHelpRequested()) {
            return help(word);
        }
        if (said.isVersionHelpRequested()) {
            around.console().result(version());
            return Exit.OK;
        }
        return Contradiction.in(said).map(usage -> refuse(usage, args)).orElseGet(command::call);
    }

    private Command command(String word) {
        return COMMANDS.getOrDefault(word, FetchCommand::new).apply(around);
    }

    private static CommandLine line(String word, Command command) {
        return new CommandLine(Options.of(word.equals(MAIN) ? MAIN : MAIN + " " + word, command))
                .setExpandAtFiles(false);
    }

    private int help(String word) {
        String key = word.equals("download") ? MAIN : word.replace(' ', '-');
        return help(key, line(word, command(word)));
    }

    private int helpCache() {
        return help(CACHE, new CommandLine(CommandSpec.create()));
    }

    private int help(String key, CommandLine line) {
        line.setResourceBundle(around.messages().bundle());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(around.console().colour() ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(Math.max(60, Math.min(110, around.console().columns())));
        line.getCommandSpec()
                .usageMessage()
                .customSynopsis(
                        around.messages().say("help." + key + ".synopsis").split("\n"))
                .synopsisHeading(around.messages().say("help.usage"))
                .description(description(key))
                .parameterListHeading("%n")
                .optionListHeading("%n")
                .sortOptions(false)
                .footer(key.equals(MAIN) ? around.messages().say("help.footer") : "");
        around.console().result(line.getUsageMessage().stripTrailing());
        return Exit.OK;
    }

    private String[] description(String key) {
        String about = around.messages().say("help." + key + ".about");
        return key.equals(MAIN)
                ? Stream.concat(
                                Stream.of(about),
                                around.messages().say("help.commands").lines())
                        .toArray(String[]::new)
                : new String[] {about};
    }

    private int refuse(FetchException.Usage usage, String... args) {
        return Session.refuse(around, OutputOptions.guessed(List.of(args)), usage);
    }

    private static FetchException.Usage usage(ParameterException e) {
        if (e.getCause() instanceof FetchException.Usage usage) {
            return usage;
        }
        return Misuse.of(e);
    }

    private static FetchException.Usage unknown(String word) {
        return new FetchException.Usage(
                Message.of("later-command", "\"fetch {0}\" is not available in this version of Modelfetch.", word),
                Hint.plain(Exit.HELP_HINT));
    }

    private static boolean takesValue(CommandLine line, String option) {
        OptionSpec spec = line.getCommandSpec().findOption(option);
        return spec != null && spec.arity().max() > 0 && !option.contains("=");
    }

    private static String version() {
        return "Modelfetch " + versionNumber();
    }

    static String versionNumber() {
        String version = Program.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
