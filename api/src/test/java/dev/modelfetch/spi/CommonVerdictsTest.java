package dev.modelfetch.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.modelfetch.Verdict;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommonVerdictsTest {

    private static final HttpUrl URL = HttpUrl.get("https://hub.test/api/models/acme/tiny?token=marker");
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static Response answer(int status, String... headers) {
        return new Response.Builder()
                .request(new Request.Builder().url(URL).build())
                .protocol(Protocol.HTTP_1_1)
                .code(status)
                .message("")
                .headers(Headers.of(headers))
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1000",
        "' 42 ', 42000",
        "0.5, 500",
        "1.25, 1250",
        "299.999, 299999",
        "300, 300000",
        "301, 300000",
        "86400, 300000",
    })
    void retryAfterIsReadAsSecondsAndCapped(String value, long millis) {
        assertThat(CommonVerdicts.waitOf(Headers.of("Retry-After", value))).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1", "-0.5", "soon", "NaN", "Infinity", "1,5", "12 s", "Wed, 21 Oct"})
    void rubbishAndNegativeValuesCountAsNothingSaid(String value) {
        assertThat(CommonVerdicts.waitOf(Headers.of("Retry-After", value))).isEmpty();
    }

    @Test
    void aRetryAfterDateInThePastMeansNow() {
        assertThat(CommonVerdicts.waitOf(Headers.of("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")))
                .contains(Duration.ZERO);
    }

    @Test
    void aRetryAfterDateFarAwayIsCapped() {
        String tomorrow = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusDays(1));

        assertThat(CommonVerdicts.waitOf(Headers.of("Retry-After", tomorrow))).contains(LONGEST);
    }

    @Test
    void aRetryAfterDateSoonIsThatFarAway() {
        String soon = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(4));

        assertThat(CommonVerdicts.waitOf(Headers.of("Retry-After", soon)))
                .hasValueSatisfying(wait -> assertThat(wait).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(4)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"api\";r=0;t=42                   | 43",
                "\"resolvers\";r=0;t=55             | 56",
                "\"api\" ; r = 0 ; t = 7            | 8",
                "\"api\";r=0;t=0                    | 1",
                "\"api\";r=0;t=4000                 | 300",
            })
    void aUsedUpWindowIsWaitedOutAndOneSecondMore(String value, long seconds) {
        assertThat(CommonVerdicts.waitOf(Headers.of("RateLimit", value))).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rubbish",
                "\"api\";r=3;t=42",
                "r=0;t=42",
                "\"api\";r=0",
                "\"api\";r=0;t=99999999999999999999"
            })
    void aWindowThatIsOpenOrUnreadableAsksForNoWait(String value) {
        assertThat(CommonVerdicts.waitOf(Headers.of("RateLimit", value))).isEmpty();
    }

    @Test
    void retryAfterIsTheMoreSpecificOfTheTwo() {
        assertThat(CommonVerdicts.waitOf(Headers.of("ratelimit", "\"api\";r=0;t=42", "retry-after", "7")))
                .contains(Duration.ofSeconds(7));
        assertThat(CommonVerdicts.waitOf(Headers.of("RateLimit", "\"api\";r=0;t=42", "Retry-After", "soon")))
                .contains(Duration.ofSeconds(43));
        assertThat(CommonVerdicts.waitOf(Headers.of())).isEmpty();
    }

    @Test
    void tooManyRequestsIsALimitWithItsEnd() {
        assertThat(CommonVerdicts.ofStatus(answer(429, "Retry-After", "12")))
                .contains(new Verdict.Limited(
                        Duration.ofSeconds(12), "too many requests at hub.test, free again in 12 s"));
    }

    @Test
    void aLimitWithoutAnEndIsAssumedToLastHalfAMinute() {
        assertThat(CommonVerdicts.ofStatus(answer(429)))
                .containsInstanceOf(Verdict.Limited.class)
                .hasValueSatisfying(verdict ->
                        assertThat(((Verdict.Limited) verdict).pause()).isEqualTo(Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504, 522, 599})
    void serverTroubleIsAnAnsweredOutage(int status) {
        assertThat(CommonVerdicts.ofStatus(answer(status, "Content-Type", "text/html")))
                .contains(new Verdict.Down("HTTP " + status + " from hub.test", true));
    }

    @ParameterizedTest
    @CsvSource({
        "301, https://origin.test/x, https://origin.test",
        "302, https://cdn.test:8443/x?sig=1, https://cdn.test:8443",
        "307, //origin.test/x, https://origin.test",
        "308, http://hub.test/x, http://hub.test",
        "308, https://hub.test:444/x, https://hub.test:444",
    })
    void aRedirectToAnotherOriginMakesAnAlias(int status, String location, String origin) {
        assertThat(CommonVerdicts.ofStatus(answer(status, "Location", location)))
                .contains(new Verdict.Alias(origin));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/elsewhere", "https://hub.test/loop", "https://[broken", "mailto:someone"})
    void aRedirectThatWasNotFollowedAndLeadsNowhereElseIsABlock(String location) {
        assertThat(CommonVerdicts.ofStatus(answer(302, "Location", location)))
                .contains(new Verdict.Blocked("HTTP 302 with an unusable redirect from hub.test"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 403, 404})
    void aWebPageIsABlockWhateverItsStatus(int status) {
        assertThat(CommonVerdicts.ofStatus(answer(status, "Content-Type", "Text/HTML; charset=utf-8")))
                .contains(new Verdict.Blocked("a web page instead of data (HTTP " + status + ", hub.test)"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 206, 304, 400, 401, 403, 404, 410, 416})
    void theRestIsForTheHubsOwnTable(int status) {
        assertThat(CommonVerdicts.ofStatus(answer(status, "Content-Type", "application/json")))
                .isEmpty();
        assertThat(CommonVerdicts.ofStatus(answer(status))).isEmpty();
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new UnknownHostException("hub.test: Name or service not known"), "name not found"),
                arguments(new SocketTimeoutException("Connect timed out"), "connect timed out"),
                arguments(
                        new SocketTimeoutException("failed to connect to hub.test/192.0.2.1 (port 443) after 2500ms"),
                        "connect timed out"),
                arguments(new SocketTimeoutException("Read timed out"), "no answer in time"),
                arguments(new SocketTimeoutException(), "no answer in time"),
                arguments(new InterruptedIOException("timeout"), "no answer in time"),
                arguments(new ConnectException("Connection refused"), "connection refused"),
                arguments(new ConnectException("Network is unreachable"), "cannot connect"),
                arguments(new NoRouteToHostException("No route to host"), "cannot connect"),
                arguments(new SocketException("Connection reset"), "connection reset"),
                arguments(new SSLException("Connection reset"), "connection reset"),
                arguments(new SocketException("Broken pipe"), "connection reset"),
                arguments(
                        new IOException("unexpected end of stream on https://hub.test/..."), "connection closed early"),
                arguments(
                        new EOFException("\\n not found: limit=0 content=…: end of input"), "connection closed early"),
                arguments(
                        new SSLPeerUnverifiedException("Hostname hub.test not verified"),
                        "the certificate is another host's"),
                arguments(
                        handshake(new CertificateExpiredException("NotAfter")),
                        "the certificate is not valid at this time; is the clock right?"),
                arguments(
                        new SSLHandshakeException("PKIX path building failed: unable to find valid path"),
                        "certificate not trusted"),
                arguments(
                        new SSLHandshakeException("Received fatal alert: handshake_failure"),
                        "TLS failed: Received fatal alert: handshake_failure"),
                arguments(new IOException("something new"), "something new"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsToldInPlainWordsWithTheHost(IOException failure, String words) {
        Verdict verdict = CommonVerdicts.ofFailure(failure, URL);

        assertThat(verdict).isInstanceOf(Verdict.Down.class);
        assertThat(verdict.detail()).isEqualTo(words + " (hub.test)");
    }

    static Stream<Arguments> causes() {
        SSLHandshakeException cut = new SSLHandshakeException("Remote host terminated the handshake");
        cut.initCause(new EOFException("SSL peer shut down incorrectly"));
        SSLHandshakeException untrusted = new SSLHandshakeException("PKIX path building failed");
        untrusted.initCause(new CertPathBuilderException("unable to find valid path"));
        return Stream.of(
                arguments(new ConnectException("Connection refused"), true),
                arguments(new NoRouteToHostException("No route to host"), true),
                arguments(new SocketException("Connection reset"), true),
                arguments(new SocketTimeoutException("Read timed out"), true),
                arguments(new UnknownHostException("hub.test"), true),
                arguments(new EOFException("\\n not found"), true),
                arguments(cut, true),
                arguments(new SSLException("Connection reset"), true),
                arguments(new IOException("Unexpected response code for CONNECT: 503"), true),
                arguments(untrusted, false),
                arguments(new SSLPeerUnverifiedException("Hostname hub.test not verified"), false),
                arguments(new SSLHandshakeException("Received fatal alert: handshake_failure"), false),
                arguments(new SSLHandshakeException("Received fatal alert: protocol_version"), false),
                arguments(new IOException("Failed to authenticate with proxy"), false),
                arguments(new UnknownHostException("cdn.test leads into a private network"), false),
                arguments(new AnswerTooLong("the answer of hub.test has no end"), false));
    }

    /** One table says what is worth another attempt, for listings as for bytes. */
    @ParameterizedTest
    @MethodSource("causes")
    void whatPassesIsDecidedByItsCause(IOException failure, boolean passes) {
        assertThat(CommonVerdicts.ofFailure(failure, URL).retryable()).isEqualTo(passes);
    }

    static Stream<Arguments> failuresThatNameAHost() {
        return Stream.of(
                arguments(
                        new IOException("unexpected end of stream on https://certificate.test/...", new EOFException()),
                        "connection closed early"),
                arguments(
                        new IOException("unexpected end of stream on https://reset.test/..."),
                        "connection closed early"),
                arguments(
                        new ConnectException("Failed to connect to certificate.test/192.0.2.1:443"), "cannot connect"),
                arguments(
                        new ConnectException("Failed to connect to refused.test/192.0.2.1:443")
                                .initCause(new ConnectException("Network is unreachable")),
                        "cannot connect"),
                arguments(new ProtocolException("Unexpected status line: PKIX"), "Unexpected status line: PKIX"));
    }

    @ParameterizedTest
    @MethodSource("failuresThatNameAHost")
    void whatAHostIsCalledOrSaysDoesNotDecide(Throwable failure, String words) {
        assertThat(CommonVerdicts.ofFailure((IOException) failure, URL).detail())
                .isEqualTo(words + " (hub.test)");
    }

    @Test
    void anUntrustedChainIsToldByItsTypeInAnyLanguage() {
        SSLHandshakeException failure = new SSLHandshakeException("证书路径");
        failure.initCause(new CertPathBuilderException("路径"));

        assertThat(CommonVerdicts.ofFailure(failure, URL).detail()).isEqualTo("certificate not trusted (hub.test)");
    }

    @Test
    void anAnswerWithoutEndIsNotAnOutage() {
        assertThat(CommonVerdicts.ofFailure(new AnswerTooLong("too long (hub.test)"), URL))
                .isEqualTo(new Verdict.Blocked("too long (hub.test)"));
    }

    @Test
    void aRefusalByOurOwnNameLookupIsNotMistakenForAMissingName() {
        UnknownHostException refused = new UnknownHostException("cdn.test leads into a private network");

        assertThat(CommonVerdicts.ofFailure(refused, URL).detail())
                .isEqualTo("cdn.test leads into a private network (hub.test)");
    }

    @Test
    void theCertificateInACauseIsEnoughToNameIt() {
        SSLHandshakeException failure = new SSLHandshakeException("(certificate_unknown) no trust anchor");
        failure.initCause(new CertificateException("no trust anchor"));

        assertThat(CommonVerdicts.ofFailure(failure, URL).detail()).isEqualTo("certificate not trusted (hub.test)");
    }

    @Test
    void noVerdictShowsTheQueryOfTheAddress() {
        assertThat(Stream.of(429, 500, 302, 200)
                        .map(status -> CommonVerdicts.ofStatus(answer(
                                status, "Location", "https://cdn.test/?sig=marker", "Content-Type", "text/html")))
                        .map(verdict -> verdict.orElseThrow().detail()))
                .allSatisfy(detail -> assertThat(detail).doesNotContain("marker"));
        assertThat(CommonVerdicts.ofFailure(new IOException("x"), URL).detail()).doesNotContain("marker");
    }

    private static SSLHandshakeException handshake(Throwable cause) {
        SSLHandshakeException failure = new SSLHandshakeException("PKIX path validation failed");
        failure.initCause(cause);
        return failure;
    }
}
