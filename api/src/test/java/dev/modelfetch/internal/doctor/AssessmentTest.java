package dev.modelfetch.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Finding;
import dev.modelfetch.Finding.Check;
import dev.modelfetch.Finding.State;
import dev.modelfetch.Hint;
import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.doctor.Seen.Data;
import dev.modelfetch.internal.doctor.Seen.Token;
import dev.modelfetch.internal.net.Routes;
import dev.modelfetch.internal.net.Sighting;
import dev.modelfetch.internal.net.Sighting.Authority;
import dev.modelfetch.internal.net.Sighting.Named;
import dev.modelfetch.internal.net.Sighting.Place;
import dev.modelfetch.internal.net.Sighting.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AssessmentTest {

    private static final Routes.Reason DIRECT = new Routes.Reason("direct", "default", false);
    private static final Verdict USABLE = new Verdict.Usable("a".repeat(40));
    private static final Verdict SILENT = new Verdict.Down("connect timed out (hub.test)", false);
    private static final Optional<Trouble> STUCK =
            Optional.of(new Trouble(Place.CONNECTION, "connect timed out", Optional.empty()));
    private static final Optional<Authority> PUBLIC = Optional.of(new Authority("ISRG Root X1", true));

    private static Sighting way(Named named, Optional<Authority> authority, Optional<Trouble> trouble) {
        return new Sighting(DIRECT, named, List.of("192.0.2.1"), authority, Optional.<Duration>empty(), trouble);
    }

    private static Seen seen(Sighting way, Verdict said, Token token, Data data) {
        return new Seen(
                Optional.ofNullable(way), new Probe("hub", "https://hub.test", "direct", said, 231), token, data);
    }

    private static Seen seen(Sighting way, Verdict said) {
        return seen(way, said, new Token.None(), new Data.Unasked());
    }

    private static Finding of(Check check, Seen seen) {
        return Assessment.of(seen).stream()
                .filter(finding -> finding.check() == check)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> hints(Finding finding) {
        return finding.hints().stream().map(Hint::code).toList();
    }

    @Test
    void nothingIsToBeDoneWhereAllIsWell() {
        Seen seen = seen(
                way(Named.FOUND, PUBLIC, Optional.empty()),
                USABLE,
                new Token.Accepted("HF_TOKEN"),
                new Data.From("cdn.test", "direct"));

        assertThat(seen.works()).isTrue();
        assertThat(Assessment.of(seen))
                .allSatisfy(finding -> assertThat(finding.hints()).isEmpty())
                .extracting(finding -> finding.state().word() + ": " + finding.text())
                .containsExactly(
                        "ok: direct",
                        "ok: leads to 192.0.2.1",
                        "ok: certificate vouched for by ISRG Root X1",
                        "ok: answers after 231 ms",
                        "ok: cdn.test sends, direct",
                        "ok: accepted, from HF_TOKEN");
    }

    @Test
    void anAddressOfAProxyToolIsInNobodysWay() {
        Finding name = of(Check.NAME, seen(way(Named.FAKE, PUBLIC, Optional.empty()), USABLE));

        assertThat(name.state()).isEqualTo(State.NOTE);
        assertThat(name.text()).contains("behind a TUN/fake-ip proxy");
    }

    @Test
    void whereNothingComesThroughTheProxyToolIsToBeMended() {
        Seen seen = seen(way(Named.FAKE, Optional.empty(), STUCK), SILENT);

        assertThat(hints(of(Check.TLS, seen))).containsExactly("fake-ip");
        assertThat(seen.works()).isFalse();
    }

    @Test
    void aPoisonedNameIsTheProblemUnlessTheHubAnswersThere() {
        Finding poisoned = of(Check.NAME, seen(way(Named.NO_PUBLIC, Optional.empty(), STUCK), SILENT));
        Finding inside = of(Check.NAME, seen(way(Named.NO_PUBLIC, PUBLIC, Optional.empty()), USABLE));

        assertThat(poisoned.code()).isEqualTo("name-poisoned");
        assertThat(poisoned.state()).isEqualTo(State.PROBLEM);
        assertThat(hints(poisoned)).containsExactly("other-dns");
        assertThat(inside.code()).isEqualTo("name-inside");
        assertThat(inside.state()).isEqualTo(State.NOTE);
    }

    @Test
    void anAddedAuthorityIsNotedAndAnUnknownOneIsAProblem() {
        Finding added = of(
                Check.TLS,
                seen(way(Named.FOUND, Optional.of(new Authority("Company", false)), Optional.empty()), USABLE));
        Finding unknown = of(
                Check.TLS,
                seen(
                        way(
                                Named.FOUND,
                                Optional.empty(),
                                Optional.of(new Trouble(
                                        Place.UNTRUSTED, "Company", Optional.of("SSL_CERT_FILE is unreadable.")))),
                        SILENT));

        assertThat(added.state()).isEqualTo(State.NOTE);
        assertThat(added.values()).containsExactly("Company");
        assertThat(unknown.state()).isEqualTo(State.PROBLEM);
        assertThat(unknown.values()).containsExactly("Company");
        assertThat(unknown.hints()).first().isEqualTo(Hint.plain("SSL_CERT_FILE is unreadable."));
        assertThat(hints(unknown)).last().isEqualTo("trust-authority");
    }

    @ParameterizedTest
    @CsvSource({
        "NAME, NAME, name-unknown, check-dns",
        "OTHER_HOST, TLS, tls-other-host, other-host",
        "TIME, TLS, tls-time, set-clock",
        "CONNECTION, TLS, tls-unreached, blocked-way"
    })
    void whereverTheWayEndsIsSaidWithWhatToDo(Place place, Check check, String code, String hint) {
        Optional<Trouble> trouble = Optional.of(new Trouble(place, "words", Optional.empty()));

        Finding finding = of(check, seen(way(Named.FOUND, Optional.empty(), trouble), SILENT));

        assertThat(finding.code()).isEqualTo(code);
        assertThat(finding.state()).isEqualTo(State.PROBLEM);
        assertThat(hints(finding)).containsExactly(hint);
    }

    @Test
    void whateverWentWrongOnTheWayIsInNobodysWayOnceTheHubAnswers() {
        Finding connection = of(Check.TLS, seen(way(Named.FOUND, Optional.empty(), STUCK), USABLE));

        assertThat(connection.state()).isEqualTo(State.NOTE);
        assertThat(connection.hints()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"PROXY", "NAME"})
    void whatNothingHasReachedIsNotBlamed(Place place) {
        Optional<Trouble> trouble = Optional.of(new Trouble(place, "words", Optional.empty()));

        assertThat(of(Check.TLS, seen(way(Named.NOTHING, Optional.empty(), trouble), SILENT))
                        .state())
                .isEqualTo(State.UNKNOWN);
    }

    @Test
    void aProxyThatDoesNotWorkIsNamedWithItsSetting() {
        Sighting way = new Sighting(
                new Routes.Reason("http://127.0.0.1:7890", "HTTPS_PROXY", true),
                Named.BY_PROXY,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Trouble(Place.PROXY, "connection refused", Optional.empty())));

        Finding route = of(Check.ROUTE, seen(way, SILENT));

        assertThat(route.text())
                .isEqualTo("the proxy http://127.0.0.1:7890, set by HTTPS_PROXY, does not work: connection refused");
        assertThat(route.hints()).singleElement().satisfies(hint -> {
            assertThat(hint.code()).isEqualTo("start-proxy");
            assertThat(hint.values()).containsExactly("HTTPS_PROXY");
        });
    }

    @Test
    void aHubThatRefusesTheTokenForEverythingServesNobody() {
        Verdict refusal = new Verdict.NeedsAuth("the token is not valid", Verdict.Missing.VALID_TOKEN);
        Seen seen = seen(
                way(Named.FOUND, PUBLIC, Optional.empty()), refusal, new Token.Refused("HF_TOKEN"), new Data.Unasked());

        assertThat(seen.works()).isFalse();
        assertThat(of(Check.API, seen).state()).isEqualTo(State.PROBLEM);
        assertThat(of(Check.TOKEN, seen).state()).isEqualTo(State.PROBLEM);
        assertThat(of(Check.TOKEN, seen).hints()).isNotEmpty();
    }

    @Test
    void aHubThatSaysInItsOwnWordsWhatItHasNotAnswers() {
        Verdict absent = new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository");

        assertThat(seen(way(Named.FOUND, PUBLIC, Optional.empty()), absent).works())
                .isTrue();
        assertThat(seen(way(Named.FOUND, PUBLIC, Optional.empty()), new Verdict.Blocked("a web page"))
                        .works())
                .isFalse();
    }

    @Test
    void aSilentDataHostIsInTheWayOfAFetch() {
        Seen seen = seen(
                way(Named.FOUND, PUBLIC, Optional.empty()),
                USABLE,
                new Token.None(),
                new Data.Fails("connection reset (cdn.test)"));

        assertThat(seen.works()).isFalse();
        assertThat(hints(of(Check.DATA, seen))).containsExactly("data-host");
    }

    @Test
    void ofASourceThatIsNotOfTheWebOnlyItsAnswerCounts() {
        Seen seen = seen(null, USABLE, new Token.None(), new Data.None());

        assertThat(Assessment.of(seen)).extracting(Finding::check).containsExactly(Check.API, Check.TOKEN);
    }

    @Test
    void everyProblemOfTheWayOrTheAnswerIsSaidOnceWithWhatToDo() {
        List<Verdict> refusals = List.of(
                new Verdict.Alias("https://origin.test"),
                new Verdict.Blocked("a web page"),
                new Verdict.Limited(Duration.ofSeconds(40), "too many"),
                new Verdict.Down("HTTP 503", true),
                SILENT,
                new Verdict.Broken("null"));

        assertThat(refusals)
                .allSatisfy(said -> assertThat(of(Check.API, seen(way(Named.FOUND, PUBLIC, Optional.empty()), said))
                                .hints())
                        .isNotEmpty());
        assertThat(of(Check.API, seen(way(Named.FOUND, Optional.empty(), STUCK), SILENT))
                        .hints())
                .isEmpty();
    }
}
