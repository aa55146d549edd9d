package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NoSourceTest {

    private static final Verdict NOT_HERE = new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository");
    private static final Verdict IMPOSSIBLE =
            new Verdict.NotHere(Verdict.What.REPOSITORY, "no ids without an owner here", false);
    private static final Verdict SILENT = new Verdict.Down("connect timed out", false);
    private static final Verdict FIVE_HUNDRED = new Verdict.Down("HTTP 503 from hub", true);
    private static final Verdict GATED = new Verdict.NeedsAuth("access must be requested");
    private static final Verdict BLOCKED = new Verdict.Blocked("a web page instead of data");
    private static final Verdict LIMITED = new Verdict.Limited(Duration.ofSeconds(30), "too many requests");
    private static final Verdict ALIAS = new Verdict.Alias("https://origin.test");

    record Case(int code, List<Verdict> said) {}

    static List<Case> cases() {
        return List.of(
                new Case(4, List.of(GATED)),
                new Case(4, List.of(NOT_HERE, SILENT, GATED)),
                new Case(4, List.of(GATED, BLOCKED, LIMITED)),
                new Case(3, List.of(NOT_HERE)),
                new Case(3, List.of(NOT_HERE, NOT_HERE)),
                new Case(3, List.of(SILENT, NOT_HERE, SILENT)),
                new Case(3, List.of(ALIAS, NOT_HERE)),
                new Case(3, List.of(IMPOSSIBLE)),
                new Case(3, List.of(IMPOSSIBLE, IMPOSSIBLE)),
                new Case(3, List.of(IMPOSSIBLE, NOT_HERE)),
                new Case(3, List.of(IMPOSSIBLE, NOT_HERE, SILENT)),
                new Case(5, List.of(IMPOSSIBLE, SILENT)),
                new Case(5, List.of(SILENT, IMPOSSIBLE, ALIAS)),
                new Case(5, List.of(FIVE_HUNDRED, NOT_HERE)),
                new Case(5, List.of(NOT_HERE, BLOCKED)),
                new Case(5, List.of(LIMITED, NOT_HERE)),
                new Case(5, List.of(SILENT)),
                new Case(5, List.of(SILENT, FIVE_HUNDRED, BLOCKED)),
                new Case(5, List.of(ALIAS)),
                new Case(5, List.of()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theMostActionableCauseDecidesTheExitCode(Case of) {
        FetchException e = explain(of.said().toArray(Verdict[]::new));

        assertThat(e.code()).isEqualTo(of.code());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everySourceIsNamedWithItsCause(Case of) {
        List<Probe> probes = probes(of.said().toArray(Verdict[]::new));

        FetchException e = NoSource.explain(new Phrase.Text("demo-lab/tiny-gpt"), probes);

        assertThat(e.getMessage()).startsWith("demo-lab/tiny-gpt ");
        for (Probe probe : probes) {
            assertThat(e.getMessage())
                    .contains(probe.source() + ": " + probe.verdict().detail());
        }
        assertThat(e.probes()).isEqualTo(probes);
        assertThat(e.hint()).isNotBlank();
    }

    @Test
    void absenceAtOneSourceBesideSilenceOfAnotherIsNotCalledNonExistence() {
        FetchException e = explain(SILENT, NOT_HERE);

        assertThat(e.getMessage())
                .contains("was not found: source-1: no such repository.")
                .contains("It may exist at a source that did not answer: source-0: connect timed out.");
    }

    @Test
    void absenceEverywhereIsSaidWithoutDoubt() {
        assertThat(explain(NOT_HERE, NOT_HERE).getMessage()).doesNotContain("It may exist");
    }

    @Test
    void aMirrorThatSendsThisNetworkAwayMakesTheHintNameTheOrigin() {
        FetchException e = explain(ALIAS);

        assertThat(e.getMessage()).contains("redirects this network to https://origin.test");
        assertThat(e.hint()).contains("allow huggingface");
    }

    @Test
    void onlyTheNetworkMayBeBetterLater() {
        assertThat(explain(SILENT).retryable()).isTrue();
        assertThat(explain(NOT_HERE).retryable()).isFalse();
        assertThat(explain(GATED).retryable()).isFalse();
    }

    private static FetchException explain(Verdict... said) {
        return NoSource.explain(new Phrase.Text("demo-lab/tiny-gpt"), probes(said));
    }

    private static List<Probe> probes(Verdict... said) {
        List<Probe> probes = new java.util.ArrayList<>();
        for (Verdict verdict : said) {
            String source = "source-" + probes.size();
            probes.add(new Probe(source, "https://" + source + ".test", "direct", verdict, 12));
        }
        return probes;
    }

    @Test
    void theHintIsAboutWhatStandsInTheWay() {
        assertThat(explain(new Verdict.NeedsAuth("bad", Verdict.Missing.VALID_TOKEN), GATED)
                        .hint())
                .contains("valid token")
                .doesNotContain("Ask for access");
        assertThat(explain(GATED).hint()).contains("Ask for access");
        assertThat(explain(new Verdict.NeedsAuth("none", Verdict.Missing.TOKEN)).hint())
                .contains("Give the source a token");
        for (Verdict no : List.of(LIMITED, BLOCKED, FIVE_HUNDRED)) {
            assertThat(explain(no).hint()).contains("another source").doesNotContain("network");
        }
        assertThat(explain(LIMITED).hint()).contains("Wait");
        assertThat(explain(SILENT, LIMITED).hint()).contains("network");
        assertThat(explain(SILENT, new Verdict.Down("certificate not trusted", false, false))
                        .hint())
                .contains("trust its authority");
    }

    @Test
    void whatASourceCannotHaveIsNoMatterOfSpelling() {
        assertThat(explain(IMPOSSIBLE).hint()).contains("another source").doesNotContain("spelling");
        assertThat(explain(IMPOSSIBLE, NOT_HERE).hint()).contains("spelling");
    }
}
