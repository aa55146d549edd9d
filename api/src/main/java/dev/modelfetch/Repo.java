package dev.modelfetch;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A repository as a person names it: its type and {@code owner/name}, or a bare {@code name} for the Hub's legacy ids.
 *
 * @param type model, dataset or space
 * @param id one or two parts, letter case as typed
 * @param family the hub family whose spelling the id follows, for example {@code modelscope}; null for the common
 *     (Hugging Face) spelling, which other hubs translate
 */
public record Repo(RepoType type, String id, @Nullable String family) {

    // Each part begins and ends with a word character (huggingface.md 1.2, kept to ASCII).
    private static final Pattern ID =
            Pattern.compile("(?:PART/)?PART".replace("PART", "[A-Za-z0-9_](?:[\\w.-]*[A-Za-z0-9_])?"));

    private static final int LONGEST_NAME = 96;

    /** @throws FetchException.Usage if the id cannot name a repository on any hub */
    public Repo {
        if (!ID.matcher(id).matches() || id.contains("--") || id.contains("..") || id.endsWith(".git")) {
            throw new FetchException.Usage(
                    Message.of("bad-id", "\"{0}\" is not a repository id.", id),
                    Hint.plain("Write it as owner/name, for example deepseek-ai/DeepSeek-R1."));
        }
        if (id.length() - id.indexOf('/') - 1 > LONGEST_NAME) {
            throw new FetchException.Usage(
                    Message.of("long-id", "The name in \"{0}\" is longer than {1} characters.", id, LONGEST_NAME),
                    Hint.plain("Check the id."));
        }
    }

    /** A repository in the common spelling. */
    public static Repo of(RepoType type, String id) {
        return new Repo(type, id, null);
    }

    /** The part before the slash; empty for a legacy id such as {@code gpt2}. */
    public Optional<String> owner() {
        int slash = id.indexOf('/');
        return slash < 0 ? Optional.empty() : Optional.of(id.substring(0, slash));
    }

    /** The part after the slash, or the whole legacy id. */
    public String name() {
        return id.substring(id.indexOf('/') + 1);
    }

    /** The same type under another id, as one family spells it. */
    public Repo renamed(String newId, String itsFamily) {
        return new Repo(type, newId, itsFamily);
    }

    @Override
    public String toString() {
        return type == RepoType.MODEL ? id : type.plural() + "/" + id;
    }
}
