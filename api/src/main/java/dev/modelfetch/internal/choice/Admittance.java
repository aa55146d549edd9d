package dev.modelfetch.internal.choice;

import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.SourceException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether anybody who lists a file would send it. Some hubs list to everybody what they send to few (huggingface.md 3.6),
 * so that nothing but a byte of it can tell.
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
            var unused = new FirstByte(source, Endpoints.web(source.profile().endpoint()), 1, Limits.ADMITTANCE)
                    .of(offer.manifest(), offer.file());
            return new Verdict.Usable("");
        } catch (SourceException e) {
            return e.verdict();
        }
    }
}
