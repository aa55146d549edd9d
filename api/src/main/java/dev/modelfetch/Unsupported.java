package dev.modelfetch;

import java.util.Map;
import java.util.Set;

/** First words of addresses that look like an owner and are none (huggingface.md 1.2, 1.11). */
final class Unsupported {

    /** What they are, for people. */
    private static final Map<String, String> KINDS = Map.of(
            "buckets", "a bucket",
            "kernels", "a kernel",
            "collections", "a collection",
            "papers", "a paper",
            "studios", "a studio",
            "organization", "an organization's page",
            "organizations", "an organization's page");

    private static final Set<String> PAGES = Set.of(
            "docs",
            "blog",
            "posts",
            "tasks",
            "storage",
            "settings",
            "new",
            "new-dataset",
            "new-space",
            "learn",
            "join",
            "login",
            "pricing");

    private Unsupported() {}

    /**
     * @throws FetchException.Usage if that word says that a hub's repository is not what is meant
     */
    static void check(String text, String word) {
        String kind = PAGES.contains(word) ? "a page" : KINDS.get(word);
        if (kind != null) {
            throw new FetchException.Usage(
                    Message.of(
                            "unsupported-kind",
                            "{0} is {1}, which is not supported.",
                            Address.shown(text),
                            new Phrase.Clause(kind)),
                    Hint.plain(
                            "Models, datasets and spaces can be fetched: owner/name, datasets/owner/name, spaces/owner/name."));
        }
    }
}
