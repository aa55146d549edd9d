package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Candidates.Order;
import dev.modelfetch.internal.testing.FakeSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatesTest {

    private static final Verdict NOT_HERE = new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository");

    @Test
    void theQuickestUsableSourceRanksFirst() {
        Candidates candidates = candidates(
                Order.BY_COST,
                FakeSource.huggingface().usableAfter(800),
                FakeSource.mirror().usableAfter(300),
                FakeSource.modelscope().usableAfter(100));

        assertThat(ids(candidates.ranked())).containsExactly("modelscope", "mirror", "huggingface");
    }

    @Test
    void aTieGoesToTheMoreTrusted() {
        Candidates candidates = candidates(
                Order.BY_COST,
                FakeSource.mirror().usableAfter(100),
                FakeSource.modelscope().usableAfter(110),
                FakeSource.huggingface().usableAfter(125));

        assertThat(ids(candidates.ranked())).containsExactly("huggingface", "modelscope", "mirror");
    }

    @Test
    void aQuarterMoreIsTheLimitOfATie() {
        Candidates candidates = candidates(
                Order.BY_COST,
                FakeSource.mirror().usableAfter(100),
                FakeSource.huggingface().usableAfter(126));

        assertThat(ids(candidates.ranked())).containsExactly("mirror", "huggingface");
    }

    @Test
    void answersTooQuickToMeasureAreATie() {
        Candidates candidates = candidates(
                Order.BY_COST,
                FakeSource.mirror().usableAfter(0),
                FakeSource.huggingface().usableAfter(1));

        assertThat(ids(candidates.ranked())).containsExactly("huggingface", "mirror");
    }

    @Test
    void aListKeepsItsOrderWhateverTheTimes() {
        Candidates candidates = candidates(
                Order.AS_LISTED,
                FakeSource.modelscope().usableAfter(900),
                FakeSource.huggingface().usableAfter(10));

        assertThat(ids(candidates.ranked())).containsExactly("modelscope", "huggingface");
        assertThat(ids(candidates.byManifestTrust())).containsExactly("modelscope", "huggingface");
    }

    @Test
    void theManifestIsTheOriginsWheneverItAnsweredInTime() {
        Candidates candidates = candidates(
                Order.BY_COST,
                FakeSource.modelscope().usableAfter(50),
                FakeSource.mirror().usableAfter(100),
                FakeSource.huggingface().usableAfter(900));

        assertThat(ids(candidates.byManifestTrust())).containsExactly("huggingface", "modelscope", "mirror");
    }

    @Test
    void onlyUsableSourcesAreRankedButAllAreReported() {
        Candidate pending = FakeSource.huggingface().silent();
        Candidates candidates = candidates(
                Order.BY_COST,
                pending,
                FakeSource.modelscope().refusedAfter(30, NOT_HERE),
                FakeSource.mirror().usableAfter(60),
                new FakeSource(
                                "late",
                                "late",
                                dev.modelfetch.spi.Trust.INDEPENDENT,
                                FakeSource.mirror().url(),
                                1)
                        .candidate());

        assertThat(ids(candidates.ranked())).containsExactly("mirror");
        assertThat(candidates.probes())
                .extracting(Probe::source)
                .containsExactly("huggingface", "modelscope", "mirror", "late");
        assertThat(candidates.probes())
                .extracting(probe -> probe.verdict().kind())
                .containsExactly(Verdict.Kind.DOWN, Verdict.Kind.NOT_HERE, Verdict.Kind.USABLE, Verdict.Kind.NOT_ASKED);
        assertThat(candidates.probes().get(0).verdict().detail()).isEqualTo("no answer yet, not waited for");
        assertThat(candidates.probes().get(1).millis()).isEqualTo(30);
    }

    @Test
    void whatAPendingSourceSaysLaterIsReportedFromThenOn() {
        FakeSource source = FakeSource.huggingface();
        Candidate pending = source.silent();
        Candidates candidates =
                candidates(Order.BY_COST, pending, FakeSource.mirror().usableAfter(60));
        assertThat(pending.isPending()).isTrue();

        FakeSource.complete(
                pending, new Candidate.Answer(new Verdict.Usable(FakeSource.COMMIT), 4_000, source.resolved()));

        assertThat(pending.isPending()).isFalse();
        assertThat(candidates.probes().get(0))
                .isEqualTo(new Probe(
                        "huggingface", "http://localhost:1", "direct", new Verdict.Usable(FakeSource.COMMIT), 4_000));
        assertThat(ids(candidates.byManifestTrust())).containsExactly("huggingface", "mirror");
    }

    @Test
    void oneThatIsAskedOnceMoreKeepsItsPlaceInTheUsersList() {
        Candidate limited = FakeSource.mirror().refusedAfter(10, NOT_HERE);
        Candidate second = FakeSource.modelscope().usableAfter(20);
        Candidates candidates = candidates(Order.AS_LISTED, limited, second);

        candidates.replace(limited, FakeSource.mirror().usableAfter(30));

        assertThat(ids(candidates.ranked())).containsExactly("mirror", "modelscope");
    }

    @Test
    void whoWasNotAskedIsKeptInReserveButNotWhereATokenIsInPlay() {
        Candidate asked = FakeSource.huggingface().usableAfter(10);
        Candidate spare = FakeSource.mirror().candidate();

        assertThat(candidates(Order.BY_COST, asked, spare).inReserve()).containsExactly(spare);
        assertThat(candidates(Order.STRICT, asked, spare).inReserve()).isEmpty();
    }

    private static Candidates candidates(Order order, Candidate... all) {
        return new Candidates(List.of(all), order);
    }

    private static List<String> ids(List<Candidate> candidates) {
        return candidates.stream().map(candidate -> candidate.source().id()).toList();
    }
}
