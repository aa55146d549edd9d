package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Identity;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Probe;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verdict;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MirrorFace.Quirk;
import dev.modelfetch.testing.hub.Outage;
import dev.modelfetch.testing.hub.Repository;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The cases that mirrors.md 5.10 works out, on hubs whose answers take as long as there. Who is taken and who is not waited for
 * is told by events.
 */
class WorkedCasesTest {

    private static final String REPO = Samples.SMALL.id();
    private static final Repository ONLY_AT_THE_HUB =
            Repository.model("acme-lab/rare").file("config.json", "{}\n");

    @RegisterExtension
    final Lab lab = Lab.of(List.of(Samples.SMALL, ONLY_AT_THE_HUB), List.of(Samples.SMALL.at("modelscope")));

    @Test
    void inChinaABlackHoleAtTheOriginIsNotWaitedFor() {
        origin(Outage.silent());
        inChina();

        Snapshot snapshot = fetch(REPO, true);

        assertThat(snapshot.source()).isEqualTo("modelscope");
        assertThat(snapshot.identity()).isEqualTo(Identity.PROVED);
        assertThat(probe(snapshot, "huggingface").verdict().detail()).contains("not waited for");
    }

    @Test
    void inChinaAResetAtTheOriginCostsEvenLess() {
        origin(Outage.reset());
        inChina();

        Snapshot snapshot = fetch(REPO, true);

        assertThat(snapshot.source()).isEqualTo("modelscope");
    }

    @Test
    void inChinaWhatModelScopeLacksComesFromTheMirror() {
        origin(Outage.silent());
        inChina();

        Snapshot snapshot = fetch(ONLY_AT_THE_HUB.id(), true);

        assertThat(snapshot.source()).isEqualTo("mirror");
        assertThat(probe(snapshot, "modelscope").verdict().kind()).isEqualTo(Verdict.Kind.NOT_HERE);
        assertThat(probe(snapshot, "huggingface").verdict().detail()).contains("not waited for");
    }

    @Test
    void behindFakeIpsOnlyAnAnswerCounts() {
        // Connected at once, answered late: as through a proxy tool that completes every handshake itself.
        lab.hubs().huggingFace().faults().add(Fault.delay(Duration.ofMillis(700)));
        inChina();

        Snapshot snapshot = fetch(REPO, true);

        assertThat(snapshot.source()).isEqualTo("modelscope");
    }

    @Test
    void inEuropeTheMirrorIsAnAliasAndTheOriginIsTaken() {
        lab.hubs()
                .huggingFace()
                .faults()
                .add(Fault.delay(Duration.ofMillis(160)).onApi());
        lab.hubs().mirror().face().quirks(Quirk.MOVED_TO_ORIGIN);
        lab.hubs().modelScope().faults().add(Fault.delay(Duration.ofMillis(800)));

        Snapshot snapshot = fetch(REPO, false);

        assertThat(snapshot.source()).isEqualTo("huggingface");
        assertThat(snapshot.files()).allMatch(file -> file.from().equals(List.of("huggingface")));
        assertThat(lab.events().all(FetchEvent.Probed.class))
                .filteredOn(event -> event.probe().source().equals("mirror"))
                .allMatch(event -> event.probe().verdict().kind() == Verdict.Kind.ALIAS);
    }

    @Test
    void aCorporateMirrorAloneIsWaitedForThoughItIsSlow() {
        lab.hubs().mirror().faults().add(Fault.delay(Duration.ofMillis(1_500)).onApi());

        Snapshot snapshot = lab.fetch(REPO, "mirror");

        assertThat(snapshot.source()).isEqualTo("mirror");
        assertThat(lab.ledger().visits("huggingface")).isEmpty();
        assertThat(lab.ledger().visits("modelscope")).isEmpty();
    }

    /** As far as each is away: ModelScope answers in 0.23 s, the mirror in 0.6 s. */
    private void inChina() {
        lab.hubs().mirror().faults().add(Fault.delay(Duration.ofMillis(450)).onApi());
        lab.hubs().modelScope().faults().add(Fault.delay(Duration.ofMillis(100)).onApi());
    }

    private void origin(Outage manner) {
        lab.hubs().huggingFace().away(manner);
    }

    private Snapshot fetch(String repo, boolean china) {
        lab.with("TZ", china ? "Asia/Shanghai" : "Europe/Berlin");
        try (Modelfetch modelfetch = lab.open()) {
            return modelfetch.fetch(FetchRequest.of(repo), lab.events());
        }
    }

    private static Probe probe(Snapshot snapshot, String source) {
        return snapshot.probes().stream()
                .filter(probe -> probe.source().equals(source))
                .findFirst()
                .orElseThrow();
    }
}
