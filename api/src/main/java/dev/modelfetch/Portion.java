package dev.modelfetch;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The part of a model that is wanted, decided in view of its listing. Values: equal if they decide alike. */
interface Portion {

    /** All of it. */
    Portion WHOLE = new Whole();

    /** What is needed to look at a model without loading it. */
    Portion CONFIGURATION = new Configuration();

    /**
     * The rows to be taken.
     *
     * @param offered rows of the listing that the other rules of the selection allow
     * @param manifest the whole listing: a set of weights is complete or not, whatever was excluded by intent
     * @throws FetchException.NotFound if that part, or a piece of it, is not there
     * @throws FetchException.Usage if several could be meant
     */
    List<RepoFile> of(List<RepoFile> offered, Manifest manifest);

    /** Where something was looked for, in words that follow "in". */
    static Message place(List<RepoFile> offered, Manifest manifest) {
        Phrase lister = new Phrase.Clause(manifest.source());
        return offered.size() < manifest.files().size()
                ? Message.of(
                        "as-listed-selected",
                        "what is selected of {0} as {1} lists it (revision {2})",
                        manifest.repo(),
                        lister,
                        manifest.revision())
                : Message.of(
                        "as-listed",
                        "{0} as {1} lists it (revision {2})",
                        manifest.repo(),
                        lister,
                        manifest.revision());
    }

    /** No choice at all. */
    record Whole() implements Portion {
        @Override
        public List<RepoFile> of(List<RepoFile> offered, Manifest manifest) {
            return offered;
        }
    }

    /** Texts of moderate length, tokenizers among them. */
    record Configuration() implements Portion {

        /** The largest tokenizers have some 35 MB. */
        private static final long LARGEST = 64 << 20;

        private static final Pattern TEXT = Pattern.compile(
                ".+\\.(json|txt|md|rst|ya?ml|toml|cfg|ini|py|jinja2?|model|tiktoken|vocab|bpe|spm|codes)"
                        + "|(tokenizer|vocab)\\..+"
                        + "|(licen[sc]e|notice|copying|readme|use_policy)([-_.].*)?");

        @Override
        public List<RepoFile> of(List<RepoFile> offered, Manifest manifest) {
            return offered.stream()
                    .filter(file -> file.size() <= LARGEST && isText(file.path()))
                    .toList();
        }

        private static boolean isText(String path) {
            String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
            return TEXT.matcher(name).matches();
        }

        @Override
        public String toString() {
            return "the configuration";
        }
    }
}
