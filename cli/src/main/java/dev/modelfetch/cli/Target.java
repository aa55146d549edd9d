package dev.modelfetch.cli;

import dev.modelfetch.Address;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Selection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which files of which repository the words of a command line mean together.
 *
 * @param revision null for the default branch
 */
record Target(Repo repo, @Nullable String revision, Selection selection) {

    /** As llama.cpp and ollama name one quantisation. */
    private static final Pattern QUANTISED = Pattern.compile("(?:hf\\.co/)?([\\w.-]+/[\\w.-]+):(\\w+)");

    /**
     * @param text what was typed or pasted
     * @param type said by an option, null when none was given
     * @param revision said by an option, null when none was given
     * @param selection said by everything else
     * @throws FetchException.Usage if the address cannot be read or an option says otherwise than the address
     */
    static Target of(String text, @Nullable RepoType type, @Nullable String revision, Selection selection) {
        Address address = parse(text);
        Repo repo = address.repo();
        if (type != null && type != repo.type()) {
            if (address.typed()) {
                throw new FetchException.Usage(
                        Message.of(
                                "other-type",
                                "\"{0}\" names a {1}, but the options ask for a {2}.",
                                text,
                                repo.type().word(),
                                type.word()),
                        Hint.plain("Leave out --repo-type and --dataset, or write only owner/name."));
            }
            repo = new Repo(type, repo.id(), repo.family());
        }
        if (revision != null && address.revision() != null && !revision.equals(address.revision())) {
            throw new FetchException.Usage(
                    Message.of(
                            "other-revision",
                            "\"{0}\" names revision {1}, but --revision asks for {2}.",
                            text,
                            address.revision(),
                            revision),
                    Hint.plain("Name the revision once."));
        }
        return new Target(
                repo,
                revision == null ? address.revision() : revision,
                address.file() == null ? selection : selection.files(address.file()));
    }

    private static Address parse(String text) {
        try {
            return Address.parse(text);
        } catch (FetchException.Usage e) {
            Matcher tagged = QUANTISED.matcher(text);
            throw tagged.matches()
                    ? new FetchException.Usage(
                            e.message(),
                            Hint.of(
                                    "write-gguf",
                                    "Write fetch " + tagged.group(1) + " --gguf " + tagged.group(2) + ".",
                                    tagged.group(1),
                                    tagged.group(2)))
                    : e;
        }
    }

    /** The repository in a form that {@link Address#parse} reads back to the same type, id and family. */
    String address() {
        String scheme = repo.family() == null ? "" : repo.family() + "://";
        return scheme + (repo.type() == RepoType.MODEL ? "" : repo.type().plural() + "/") + repo.id();
    }

    @Override
    public String toString() {
        return repo + (revision == null ? "" : " at revision " + revision);
    }
}
