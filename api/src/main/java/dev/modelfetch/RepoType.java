package dev.modelfetch;

import java.util.Locale;

/** What kind of repository an id names. The same id may exist once per type. */
public enum RepoType {
    MODEL,
    DATASET,
    SPACE;

    /** The word people type: {@code model}, {@code dataset}, {@code space}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The plural used in addresses and cache folders: {@code models}, {@code datasets}, {@code spaces}. */
    public String plural() {
        return word() + "s";
    }

    /**
     * Reads the singular or plural word, in any case.
     *
     * @throws FetchException.Usage if it is none of them
     */
    public static RepoType parse(String text) {
        String word = text.trim().toLowerCase(Locale.ROOT);
        for (RepoType type : values()) {
            if (word.equals(type.word()) || word.equals(type.plural())) {
                return type;
            }
        }
        throw new FetchException.Usage(
                Message.of("bad-type", "\"{0}\" is not a repository type.", text),
                Hint.plain("Use model, dataset or space."));
    }
}
