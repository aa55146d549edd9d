package dev.modelfetch.internal.choice;

import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Response;

/**
 * Whether anybody who lists a file would send it. Some hubs list to everybody what they send to few (huggingface.md 3.6),
 * so that only asking for a file can tell.
 */
public final class Admittance {

    private Admittance() {}

    /**
     * Asks one after the other, until somebody would.
     *
     * @param offers of one file with anything in it
     * @return why each of them would not; empty if somebody would, or cannot be asked
     */
    public static List<Probe> refusals(List<Offer> offers) throws InterruptedException {
        List<Probe> refusals = new ArrayList<>();
        for (Offer offer : offers) {
            Source source = offer.source();
            Verdict verdict = verdict(offer);
            if (verdict.kind() != Verdict.Kind.NEEDS_AUTH) {
                return List.of();
            }
            if (refusals.stream().noneMatch(probe -> probe.source().equals(source.id()))) {
                refusals.add(new Probe(
                        source.id(), Redact.url(source.profile().endpoint()), source.route(), source.told(verdict), 0));
            }
        }
        return refusals;
    }

    private static Verdict verdict(Offer offer) throws InterruptedException {
        Source source = offer.source();
        try {
            return source.call("the way to a file", () -> said(offer)).await(Limits.ADMITTANCE);
        } catch (SourceException e) {
            // Handing out bytes itself, or away: then it is not this that keeps a job from its files.
            return e.verdict();
        }
    }

    private static Verdict said(Offer offer) throws SourceException, IOException {
        Source source = offer.source();
        Call call = source.small()
                .newCall(source.backend()
                        .request(offer.manifest(), offer.file())
                        .newBuilder()
                        .head()
                        .header("Accept-Encoding", "identity")
                        .build());
        call.timeout().timeout(Limits.ADMITTANCE.toMillis(), TimeUnit.MILLISECONDS);
        try (Response response = call.execute()) {
            boolean own = Endpoints.sameOrigin(
                    response.request().url(), Endpoints.web(source.profile().endpoint()));
            return own && !response.isSuccessful() ? source.backend().explain(response) : new Verdict.Usable("");
        }
    }
}
