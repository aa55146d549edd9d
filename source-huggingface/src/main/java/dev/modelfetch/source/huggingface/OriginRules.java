package dev.modelfetch.source.huggingface;

import dev.modelfetch.Verdict;
import java.util.Optional;
import okhttp3.HttpUrl;

/** The Hub may say anything, except send us to another host: a {@code next} link is followed with the token. */
final class OriginRules implements HubRules {

    private final HttpUrl endpoint;
    private final HubErrors errors;

    OriginRules(HttpUrl endpoint) {
        this.endpoint = endpoint;
        this.errors = new HubErrors(endpoint);
    }

    @Override
    public Optional<HttpUrl> nextPage(HttpUrl first, HttpUrl next) {
        boolean ours = next.scheme().equals(endpoint.scheme())
                && next.host().equals(endpoint.host())
                && next.port() == endpoint.port();
        return ours ? Optional.of(next) : Optional.empty();
    }

    @Override
    public Verdict refused(Refusal refusal) {
        return errors.verdict(refusal);
    }
}
