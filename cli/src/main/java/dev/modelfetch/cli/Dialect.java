package dev.modelfetch.cli;

import static java.util.Map.entry;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Command lines as people know them from {@code hf}, {@code huggingface-cli}, {@code modelscope} and {@code hfd.sh}, put
 * into the words of the command that is to run. What means the same is translated, what means something else is refused
 * with the word that means it here, and what this command knows by itself is left alone.
 *
 * @param spec of the command
 * @param home what {@code ~} stands for, in places where no shell has replaced it; null if there is none
 */
record Dialect(CommandSpec spec, @Nullable String home) {

    private static final Map<String, String> SAME = Map.of(
            "--force-download", "--force",
            "--type", "--repo-type",
            "--hf-token", "--token",
            "-x", "--connections",
            "-j", "--max-workers");

    /** What is so here in any case. */
    private static final Set<String> GRANTED = Set.of("--no-force-download", "--no-dry-run", "--no-truncate");

    private static final Map<String, List<String>> FORMATS = Map.of(
            "auto", List.of(),
            "human", List.of(),
            "agent", List.of("--progress", "none"),
            "quiet", List.of("-q"),
            "json", List.of("--json"));

    private static final Map<String, String> OTHERWISE = Map.ofEntries(
            entry("-o", "Files keep their names; --local-dir DIR says where to."),
            entry("-O", "Files keep their names; --local-dir DIR says where to."),
            entry("-d", "Write --local-dir DIR."),
            entry("--dir", "Write --local-dir DIR."),
            entry("--output", "Files keep their names; --local-dir DIR says where to."),
            entry(
                    "--max-tries",
                    "Write --give-up-after TIME: how long to go on while nothing comes, for example 30s or 12h."),
            entry(
                    "--retries",
                    "Write --give-up-after TIME: how long to go on while nothing comes, for example 30s or 12h."),
            entry("--retry-failed", "Write the same command again: it goes on where the last one ended."),
            entry("--total-timeout", "Write --give-up-after TIME: how long to go on while nothing comes."),
            entry("--tracker-path", "Write --progress json for one line about each file, and --json for the result."),
            entry("--collection", "Name the repositories of the collection, one after the other."),
            entry("--hf-endpoint", "Write --endpoint mirror=URL, or set HF_ENDPOINT."));

    private static final Set<String> PATTERNS = Set.of("--include", "--exclude");

    private static final Set<String> PATHS =
            Set.of("--local-dir", "--cache-dir", "--token-file", "--ca-bundle", "--lock", "--locked", "--policy");

    private static final Pattern LONG = Pattern.compile("(--[^=]+)(?:=(.*))?", Pattern.DOTALL);
    private static final Pattern SHORT = Pattern.compile("(-[a-zA-Z])(?:=?(.+))?", Pattern.DOTALL);

    /** One option as it was written. */
    private record Written(String name, @Nullable String attached) {

        static @Nullable Written of(String word) {
            Matcher form = (word.startsWith("--") ? LONG : SHORT).matcher(word);
            return form.matches() ? new Written(form.group(1), form.group(2)) : null;
        }
    }

    /**
     * The same in our words.
     *
     * @throws FetchException.Usage if it asks for something that is done in another way here
     */
    List<String> translated(List<String> words) {
        List<String> ours = new ArrayList<>();
        boolean named = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                ours.addAll(words.subList(i, words.size()));
                break;
            }
            Written option = word.startsWith("-") && !word.equals("-") ? Written.of(word) : null;
            if (option == null) {
                named |= !word.startsWith("-") || word.equals("-");
                ours.add(word);
                continue;
            }
            String name = name(option.name());
            if (GRANTED.contains(name) && !knows(name)) {
                continue;
            }
            boolean follows = option.attached() == null && i + 1 < words.size();
            String value = follows ? words.get(i + 1) : option.attached();
            if (name.equals("--model") && !knows(name) && value != null) {
                // With it, the first word is already a file (modelscope.md 8.1).
                ours.add(0, value);
                named = true;
                i += follows ? 1 : 0;
            } else if (name.equals("--format") && !knows(name) && value != null) {
                ours.addAll(format(value));
                i += follows ? 1 : 0;
            } else if (!takesValue(name) || value == null) {
                ours.add(option.attached() == null || !knows(name) ? renamed(word, option, name) : word);
            } else {
                i += follows ? 1 : 0;
                add(ours, name, value, follows);
                // Several behind one option, as hfd.sh and modelscope have it; the repository is the first word
                // otherwise.
                while (follows
                        && PATTERNS.contains(name)
                        && i + 1 < words.size()
                        && (named ? !words.get(i + 1).startsWith("-") : isGlob(words.get(i + 1)))) {
                    add(ours, name, words.get(++i), true);
                }
            }
        }
        return ours;
    }

    private void add(List<String> ours, String name, String value, boolean apart) {
        String meant = PATHS.contains(name) ? atHome(value) : value;
        if (apart || !name.startsWith("--")) {
            ours.add(name);
            ours.add(meant);
        } else {
            ours.add(name + "=" + meant);
        }
    }

    private static String renamed(String word, Written option, String name) {
        return name + word.substring(option.name().length());
    }

    /** The name it has here; as it was written if it has none. */
    private String name(String written) {
        if (knows(written)) {
            return written;
        }
        String dashed = written.startsWith("--") ? written.replace('_', '-') : written;
        String ours = SAME.getOrDefault(dashed, dashed);
        if (OTHERWISE.containsKey(ours) && !knows(ours)) {
            throw new FetchException.Usage(
                    Message.of("no-such-option", "There is no option {0} here.", written),
                    Hint.plain(OTHERWISE.get(ours)));
        }
        return knows(ours) || GRANTED.contains(ours) ? ours : written;
    }

    private static List<String> format(String value) {
        List<String> options = FORMATS.get(value);
        if (options == null) {
            throw new FetchException.Usage(
                    Message.of("bad-format", "\"{0}\" is not a format.", value),
                    Hint.plain("Write --json for the result as JSON, or -q for the path alone."));
        }
        return options;
    }

    private boolean knows(String name) {
        return spec.findOption(name) != null;
    }

    private boolean takesValue(String name) {
        OptionSpec option = spec.findOption(name);
        return option != null && option.arity().max() > 0;
    }

    private String atHome(String path) {
        boolean begins = path.equals("~") || path.startsWith("~/") || path.startsWith("~\\");
        return home != null && begins ? home + path.substring(1) : path;
    }

    private static boolean isGlob(String word) {
        return word.matches("(?s).*[*?\\[].*");
    }
}
