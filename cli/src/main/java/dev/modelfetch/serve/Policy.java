package dev.modelfetch.serve;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.modelfetch.FetchException;
import dev.modelfetch.Identity;
import dev.modelfetch.Pinned;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rules of the operator, the first of which that fits decides. What no rule is about is allowed. Immutable. */
public final class Policy {

    /** Without a rule. */
    public static final Policy NONE = new Policy(List.of(), List.of());

    /** What one is about; what is left out fits everything. */
    private record Match(
            @Nullable String type,
            @Nullable String id,
            @Nullable String path,
            @Nullable Long minBytes,
            @Nullable String source,
            @Nullable String identity) {

        boolean fits(Pinned pinned, @Nullable RepoFile row) {
            return is(type, pinned.repo().type().word())
                    && like(id, pinned.repo().id())
                    && (path == null || (row != null && like(path, row.path())))
                    && (minBytes == null || (row != null && row.size() >= minBytes))
                    && is(source, pinned.source())
                    && is(identity, word(pinned.identity()));
        }

        private static String word(Identity identity) {
            return identity.name().toLowerCase(Locale.ROOT);
        }

        private static boolean is(@Nullable String wanted, String actual) {
            return wanted == null || wanted.equals(actual);
        }

        /** {@code *} stands for anything, {@code ?} for one character, as in the names of files that people exclude. */
        private static boolean like(@Nullable String glob, String actual) {
            return glob == null || pattern(glob).matcher(actual).matches();
        }

        private static Pattern pattern(String glob) {
            StringBuilder regex = new StringBuilder();
            for (int i = 0; i < glob.length(); i++) {
                char c = glob.charAt(i);
                regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
            return Pattern.compile(regex.toString(), Pattern.DOTALL);
        }
    }

    private record Rule(
            @Nullable Match deny,
            @Nullable Match allow,
            @Nullable String because) {}

    private record Document(
            int v, @Nullable List<Rule> rules, @Nullable List<String> pins) {}

    private final List<Rule> rules;
    private final List<String> pins;

    private Policy(List<Rule> rules, List<String> pins) {
        this.rules = List.copyOf(rules);
        this.pins = List.copyOf(pins);
    }

    /** Whether what is stored of it never goes for something else. */
    public boolean keeps(Repo repo) {
        return pins.stream().anyMatch(pin -> pin.equals(repo.toString()));
    }

    /** @throws FetchException.Usage if it cannot be read, or is not a policy */
    public static Policy read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new FetchException.Usage(
                    "The policy " + file + " cannot be read.", "Check the path and its permissions.", e);
        }
    }

    static Policy parse(String text, String name) {
        try {
            Document document = new Gson().fromJson(text, Document.class);
            if (document == null || document.v() != 1) {
                throw new JsonParseException("\"v\" is not 1");
            }
            List<Rule> rules = document.rules() == null ? List.of() : document.rules();
            if (rules.stream().anyMatch(rule -> (rule.deny() == null) == (rule.allow() == null))) {
                throw new JsonParseException("a rule has to have either \"deny\" or \"allow\"");
            }
            return new Policy(rules, document.pins() == null ? List.of() : document.pins());
        } catch (JsonParseException e) {
            throw new FetchException.Usage(
                    name + " is not a policy: " + e.getMessage() + ".",
                    "Write {\"v\": 1, \"rules\": [{\"deny\": {\"path\": \"*.pkl\"}, \"because\": \"text\"}]}.",
                    e);
        }
    }

    /**
     * Why it is refused.
     *
     * @param row null if all of it is meant: rules about files say nothing of that
     */
    Optional<String> refusal(Pinned pinned, @Nullable RepoFile row) {
        for (Rule rule : rules) {
            Match match = rule.deny() != null ? rule.deny() : rule.allow();
            if (match != null && match.fits(pinned, row)) {
                return rule.deny() == null
                        ? Optional.empty()
                        : Optional.of(
                                rule.because() == null ? "refused by the policy of this service" : rule.because());
            }
        }
        return Optional.empty();
    }
}
