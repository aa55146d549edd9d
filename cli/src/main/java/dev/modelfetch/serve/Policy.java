package dev.modelfetch.serve;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.modelfetch.FetchException;
import dev.modelfetch.Identity;
import dev.modelfetch.Pinned;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rules of the operator, the first of which that fits decides. What no rule is about is allowed. Immutable. */
public final class Policy {

    /** Without a rule. */
    public static final Policy NONE = new Policy(List.of(), List.of(), false);

    private static final Gson GSON = new Gson();
    private static final Set<String> WORDS = Arrays.stream(Match.class.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toUnmodifiableSet());

    /** What one is about; what is left out fits everything. */
    private record Match(
            @Nullable String type,
            @Nullable String id,
            @Nullable String revision,
            @Nullable String path,
            @Nullable Long minBytes,
            @Nullable String licence,
            @Nullable String source,
            @Nullable String identity,
            @Nullable String below) {

        boolean fits(Pinned pinned, @Nullable RepoFile row, Facts facts) {
            return is(type, pinned.repo().type().word())
                    && like(id, pinned.repo().id())
                    && (like(revision, pinned.manifest().revision()) || like(revision, pinned.commit()))
                    && (path == null || (row != null && like(path, row.path())))
                    && (minBytes == null || (row != null && row.size() >= minBytes))
                    && is(source, pinned.source())
                    && is(identity, word(pinned.identity()))
                    && (licence == null || facts.licences(pinned).stream().anyMatch(each -> like(licence, each)))
                    && (below == null || (row != null && !level().isMetBy(facts.level(pinned, row))));
        }

        /** @throws JsonParseException if there is no such level */
        private Verification level() {
            return Arrays.stream(Verification.values())
                    .filter(level -> level.word().equals(below))
                    .findFirst()
                    .orElseThrow(() -> new JsonParseException("\"" + below + "\" is no level of verification"));
        }

        void check() {
            if (below != null) {
                var unused = level();
            }
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
    }

    private record Rule(
            @Nullable Match deny,
            @Nullable Match allow,
            @Nullable String because) {

        @Nullable
        Match match() {
            return deny != null ? deny : allow;
        }
    }

    /** What rules may ask that is not in a listing. */
    interface Facts {
        /** As its card names them in lower case; {@code unknown} where there is none. */
        List<String> licences(Pinned pinned);

        /** Who vouches for it: for what is stored, as it turned out; else as its listing alone is worth. */
        Verification level(Pinned pinned, RepoFile row);
    }

    private record Document(
            int v,
            @Nullable List<Rule> rules,
            @Nullable List<String> pins,
            @Nullable String offlineGated) {}

    private final List<Rule> rules;
    private final List<String> pins;
    private final boolean remembersCallers;

    private Policy(List<Rule> rules, List<String> pins, boolean remembersCallers) {
        this.remembersCallers = remembersCallers;
        this.rules = List.copyOf(rules);
        this.pins = List.copyOf(pins);
    }

    /** Whether what is not for everybody is shown, while nobody can be asked, to those who were shown it before. */
    public boolean remembersCallers() {
        return remembersCallers;
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
            checkWords(JsonParser.parseString(text));
            Document document = GSON.fromJson(text, Document.class);
            if (document == null || document.v() != 1) {
                throw new JsonParseException("\"v\" is not 1");
            }
            List<Rule> rules = document.rules() == null ? List.of() : document.rules();
            if (rules.stream().anyMatch(rule -> (rule.deny() == null) == (rule.allow() == null))) {
                throw new JsonParseException("a rule has to have either \"deny\" or \"allow\"");
            }
            for (Rule rule : rules) {
                Objects.requireNonNull(rule.match()).check();
            }
            String gated = document.offlineGated();
            if (gated != null && !gated.equals("known") && !gated.equals("deny")) {
                throw new JsonParseException("\"offlineGated\" is neither \"known\" nor \"deny\"");
            }
            return new Policy(rules, document.pins() == null ? List.of() : document.pins(), "known".equals(gated));
        } catch (JsonParseException e) {
            throw new FetchException.Usage(
                    name + " is not a policy: " + e.getMessage() + ".",
                    "Write {\"v\": 1, \"rules\": [{\"deny\": {\"path\": \"*.pkl\"}, \"because\": \"text\"}]}.",
                    e);
        }
    }

    /** A word that nobody knows would be left out, and what is left out fits everything. */
    private static void checkWords(JsonElement policy) {
        JsonElement rules = policy.isJsonObject() ? policy.getAsJsonObject().get("rules") : null;
        for (JsonElement rule : rules != null && rules.isJsonArray() ? rules.getAsJsonArray() : new JsonArray()) {
            for (String kind : List.of("deny", "allow")) {
                JsonElement match = rule.isJsonObject() ? rule.getAsJsonObject().get(kind) : null;
                Set<String> words = match != null && match.isJsonObject()
                        ? match.getAsJsonObject().keySet()
                        : Set.of();
                words.stream().filter(word -> !WORDS.contains(word)).forEach(word -> {
                    throw new JsonParseException("no rule can be about \"" + word + "\"");
                });
            }
        }
    }

    static Pattern pattern(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /**
     * Why it is refused.
     *
     * @param row null if all of it is meant: rules about files say nothing of that
     */
    Optional<String> refusal(Pinned pinned, @Nullable RepoFile row, Facts facts) {
        for (Rule rule : rules) {
            Match match = rule.match();
            if (match != null && match.fits(pinned, row, facts)) {
                return rule.deny() == null
                        ? Optional.empty()
                        : Optional.of(
                                rule.because() == null ? "refused by the policy of this service" : rule.because());
            }
        }
        return Optional.empty();
    }
}
