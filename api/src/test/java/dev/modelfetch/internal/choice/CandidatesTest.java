package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.testing.FakeSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CandidatesTest {

    private static final Verdict NOT_HERE = new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository");

    @Test
    void theQuickestUsableSourceRanksFirst() {
        Candidates field = field(
                Race.Order.BY_COST,
                FakeSource.huggingface().usableAfter(800),
                FakeSource.mirror().usableAfter(300),
                FakeSource.modelscope().usableAfter(100));

        assertThat(ids(field.ranked())).containsExactly("modelscope", "mirror", "huggingface");
    }

    @Test
    void aTieGoesToTheMoreTrusted() {
        Candidates field = field(
                Race.Order.BY_COST,
                FakeSource.mirror().usableAfter(100),
                FakeSource.modelscope().usableAfter(110),
                FakeSource.huggingface().usableAfter(125));

        assertThat(ids(field.ranked())).containsExactly("huggingface", "modelscope", "mirror");
    }

    @Test
    void aQuarterMoreIsTheLimitOfATie() {
        Candidates field = field(
                Race.Order.BY_COST,
                FakeSource.mirror().usableAfter(100),
                FakeSource.huggingface().usableAfter(126));

        assertThat(ids(field.ranked())).containsExactly("mirror", "huggingface");
    }

    @Test
    void answersTooQuickToMeasureAreATie() {
        Candidates field = field(
                Race.Order.BY_COST,
                FakeSource.mirror().usableAfter(0),
                FakeSource.huggingface().usableAfter(1));

        assertThat(ids(field.ranked())).containsExactly("huggingface", "mirror");
    }

    @Test
    void aListKeepsItsOrderWhateverTheTimes() {
        Candidates field = field(
                Race.Order.AS_LISTED,
                FakeSource.modelscope().usableAfter(900),
                FakeSource.huggingface().usableAfter(10));

        assertThat(ids(field.ranked())).containsExactly("modelscope", "huggingface");
        assertThat(ids(field.byManifestTrust())).containsExactly("modelscope", "huggingface");
    }

    @Test
    void theManifestIsTheOriginsWheneverItAnsweredInTime() {
        Candidates field = field(
                Race.Order.BY_COST,
                FakeSource.modelscope().usableAfter(50),
                FakeSource.mirror().usableAfter(100),
                FakeSource.huggingface().usableAfter(900));

        assertThat(ids(field.byManifestTrust())).containsExactly("huggingface", "modelscope", "mirror");
    }

    @Test
    void onlyUsableSourcesAreRankedButAllAskedAreReported() {
        Candidate pending = FakeSource.huggingface().silent();
        Candidates field = field(
                Race.Order.BY_COST,
                pending,
                FakeSource.modelscope().refusedAfter(30, NOT_HERE),
                FakeSource.mirror().usableAfter(60),
                new FakeSource(
                                "late",
                                "late",
                                dev.modelfetch.spi.Trust.INDEPENDENT,
                                FakeSource.mirror().profile().endpoint(),
                                1)
                        .entrant());

        assertThat(ids(field.ranked())).containsExactly("mirror");
        assertThat(field.probes()).extracting(Probe::source).containsExactly("huggingface", "modelscope", "mirror");
        assertThat(field.probes())
                .extracting(probe -> probe.verdict().kind())
                .containsExactly(Verdict.Kind.DOWN, Verdict.Kind.NOT_HERE, Verdict.Kind.USABLE);
        assertThat(field.probes().get(0).verdict().detail()).isEqualTo("no answer yet, not waited for");
        assertThat(field.probes().get(1).millis()).isEqualTo(30);
    }

    @Test
    void whatAPendingSourceSaysLaterIsReportedFromThenOn() {
        FakeSource source = FakeSource.huggingface();
        Candidate pending = source.silent();
        Candidates field =
                field(Race.Order.BY_COST, pending, FakeSource.mirror().usableAfter(60));
        assertThat(pending.isPending()).isTrue();

        FakeSource.complete(
                pending, new Candidate.Answer(new Verdict.Usable(FakeSource.COMMIT), 4_000, source.resolved()));

        assertThat(pending.isPending()).isFalse();
        assertThat(field.probes().get(0))
                .isEqualTo(new Probe(
                        "huggingface", "http://localhost:1", "direct", new Verdict.Usable(FakeSource.COMMIT), 4_000));
        assertThat(ids(field.byManifestTrust())).containsExactly("huggingface", "mirror");
    }

    @Test
    void hubsThatHaveAnsweredWellOrMayStillDoSoAreWitnesses() {
        Candidates field = field(
                Race.Order.BY_COST,
                FakeSource.huggingface().silent(),
                FakeSource.mirror().refusedAfter(10, NOT_HERE),
                FakeSource.modelscope().usableAfter(20));

        assertThat(ids(field.hubsThatMayWitness())).containsExactly("huggingface");
    }

    @Test
    void sourcesThatShareAVersionAreExcludedTogether() {
        FakeSource origin = FakeSource.huggingface();
        Candidate same = FakeSource.mirror().usableAfter(20);
        Candidate other = FakeSource.modelscope().usableAfter(30);
        Candidates field = field(Race.Order.BY_COST, origin.usableAfter(10), same, other);
        Set<Source> excluded = new HashSet<>();

        field.excludeVersion(origin.manifest(), excluded);

        assertThat(excluded).extracting(Source::id).containsExactlyInAnyOrder("huggingface", "mirror");
        assertThat(field.hasOthers(excluded)).isTrue();
        field.excludeVersion(FakeSource.modelscope().manifest(), excluded);
        assertThat(field.hasOthers(excluded)).isFalse();
    }

    @Test
    void aMirrorAtAnotherCommitIsAnotherVersion() {
        FakeSource origin = FakeSource.huggingface();
        Candidate behind = FakeSource.mirror().at(FakeSource.OTHER_COMMIT).usableAfter(20);
        Candidates field = field(Race.Order.BY_COST, origin.usableAfter(10), behind);
        Set<Source> excluded = new HashSet<>();

        field.excludeVersion(origin.manifest(), excluded);

        assertThat(field.hasOthers(excluded)).isTrue();
    }

    @Test
    void whereATokenIsInPlayTheJobIsNotBoundToAnotherSource() {
        Candidates field = field(
                Race.Order.STRICT,
                FakeSource.huggingface().usableAfter(10),
                FakeSource.mirror().at(FakeSource.OTHER_COMMIT).usableAfter(20));

        assertThat(field.hasOthers(Set.of())).isFalse();
    }

    @Test
    void whoWasNotAskedIsKeptInReserveButNotWhereATokenIsInPlay() {
        Candidate asked = FakeSource.huggingface().usableAfter(10);
        Candidate spare = FakeSource.mirror().entrant();

        assertThat(field(Race.Order.BY_COST, asked, spare).notAsked()).containsExactly(spare);
        assertThat(field(Race.Order.STRICT, asked, spare).notAsked()).isEmpty();
    }

    private static Candidates field(Race.Order order, Candidate... entrants) {
        return new Candidates(List.of(entrants), order);
    }

    private static List<String> ids(List<Candidate> entrants) {
        return entrants.stream().map(entrant -> entrant.hub().id()).toList();
    }
}
