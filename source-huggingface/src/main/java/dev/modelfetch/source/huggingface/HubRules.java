package dev.modelfetch.source.huggingface;

import dev.modelfetch.Verdict;
import java.util.Optional;
import okhttp3.HttpUrl;

/** How far the answers of an endpoint are believed. The protocol is the same everywhere; this is what differs. */
public interface HubRules {

    /**
     * Where the page that {@code rel="next"} names is to be fetched.
     *
     * @param first address that answered with the first page
     * @param next address as the endpoint names it
     * @return empty when that address is not to be followed
     */
    Optional<HttpUrl> nextPage(HttpUrl first, HttpUrl next);

    /** What an answer in the 4xx range means, once those that mean the same at every hub are sorted out. */
    Verdict refused(Refusal refusal);
}
