package dev.modelfetch.source.mirror;

import dev.modelfetch.Verdict;
import dev.modelfetch.source.huggingface.HubErrors;
import dev.modelfetch.source.huggingface.HubRules;
import dev.modelfetch.source.huggingface.Refusal;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * What is believed of a mirror's answers. Nothing that it says chooses a host (M4), and a refusal is a statement about
 * the mirror, not about the repository (M8). Redirects to the Hub, web pages and wrong commits are the same affair at
 * every endpoint and are dealt with before.
 */
final class MirrorRules implements HubRules {

    /** Access to a gated repository is granted there and nowhere else. */
    private static final HttpUrl HUB_PAGES = HttpUrl.get("https://huggingface.co/");

    private final HttpUrl endpoint;
    private final HubErrors hub = new HubErrors(HUB_PAGES);

    MirrorRules(HttpUrl endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * The first page's own path, at our endpoint, with the query of the next one. Mirrors pass on the Hub's link, which names the Hub's
     * host and lacks our path prefix; all that may differ behind those is the query.
     */
    @Override
    public Optional<HttpUrl> nextPage(HttpUrl first, HttpUrl next) {
        String prefix = endpoint.encodedPath();
        String path = first.encodedPath();
        String behind = path.startsWith(prefix) ? path.substring(prefix.length()) : path;
        if (!next.encodedPath().endsWith("/" + behind)) {
            return Optional.empty();
        }
        return Optional.of(endpoint.newBuilder()
                .encodedPath(path)
                .encodedQuery(next.encodedQuery())
                .build());
    }

    @Override
    public Verdict refused(Refusal refusal) {
        if (refusal.code().equals("GatedRepo") && !refusal.hasToken()) {
            return new Verdict.NeedsAuth(
                    "gated; ask for access at "
                            + HUB_PAGES
                                    .newBuilder()
                                    .addPathSegments(refusal.repo())
                                    .build()
                            + "; no token is shown to a mirror unasked, and a fine-grained read-only"
                            + " one of its own would be seen by the operator of " + refusal.host(),
                    Verdict.Missing.TOKEN);
        }
        if (refusal.status() == 403 && refusal.code().isEmpty() && !refusal.disabled()) {
            return new Verdict.Blocked("filtered by the mirror: " + refusal.words());
        }
        Verdict verdict = hub.verdict(refusal);
        return refusal.code().equals("RepoNotFound")
                ? new Verdict.NotHere(Verdict.What.REPOSITORY, "this mirror has no such repository, or cannot show it")
                : verdict;
    }
}
