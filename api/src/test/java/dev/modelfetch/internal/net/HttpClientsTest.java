package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.Verdict;
import dev.modelfetch.spi.AnswerTooLong;
import dev.modelfetch.spi.CommonVerdicts;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import mockwebserver3.SocketEffect;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpClientsTest {

    private static final HttpUrl PUBLIC = HttpUrl.get("https://hub.test/");

    private static final Duration SOON = Duration.ofSeconds(15);

    private final FakeHub hub = FakeHub.plain("localhost");
    private final HttpUrl endpoint = hub.url("/");
    private final HttpClients clients = clients(Duration.ofMinutes(1), Duration.ofMinutes(1));
    private final HttpClients impatient = clients(Duration.ofMillis(200), Duration.ofMillis(200));

    @AfterEach
    void stop() {
        clients.close();
        impatient.close();
        hub.close();
    }

    private static HttpClients clients(Duration probe, Duration silence) {
        return new HttpClients(
                "modelfetch/test",
                new Routes(Map.of(), Map.of()),
                new HttpClients.Timeouts(probe, Optional.of(silence)));
    }

    private static Request get(HttpUrl url) {
        return new Request.Builder().url(url).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void aProbeOfAHostThatAcceptsAndHangsEndsWithTheWholeCallsTime(String scheme) throws IOException {
        // Nobody accepts, but the system completes the handshake, as a proxy tool with fake addresses does.
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            HttpUrl url = HttpUrl.get(scheme + "://localhost:" + silent.getLocalPort() + "/");
            OkHttpClient probes = impatient.probes("hub", url, null);

            // Not the SocketTimeoutException of a read, which would come much later.
            assertThatThrownBy(() -> probes.newCall(get(url)).execute())
                    .isExactlyInstanceOf(InterruptedIOException.class)
                    .satisfies(e -> assertThat(CommonVerdicts.ofFailure((IOException) e, url))
                            .isEqualTo(new Verdict.Down("no answer in time (localhost)", false)));
        }
    }

    @Test
    void aProbeThroughAProxyGetsThreeSecondsMore() {
        Routes routes = new Routes(Map.of("mirror", "http://proxy.test:1"), Map.of());
        HttpClients proxied = new HttpClients("test", routes, HttpClients.Timeouts.DEFAULT);

        assertThat(proxied.probes("mirror", PUBLIC, null).callTimeoutMillis()).isEqualTo(8000);
        assertThat(proxied.probes("hub", endpoint, null).callTimeoutMillis()).isEqualTo(5000);
    }

    @Test
    void aListingThatOnlyDripsEndsWithTheDeadlineOfAQuestion() {
        hub.answers(FakeHub.response(200)
                .body("x".repeat(500))
                .throttleBody(1, 20, TimeUnit.MILLISECONDS)
                .build());
        HttpClients hurried = new HttpClients(
                "test",
                new Routes(Map.of(), Map.of()),
                new HttpClients.Timeouts(Optional.of(Duration.ofMinutes(1)), Duration.ofMillis(300), Optional.empty()));
        OkHttpClient calls = hurried.calls("hub", endpoint, null);

        assertThatThrownBy(() -> {
                    try (Response response = calls.newCall(get(endpoint)).execute()) {
                        response.body().string();
                    }
                })
                .isInstanceOfSatisfying(
                        IOException.class,
                        e -> assertThat(CommonVerdicts.ofFailure(e, endpoint))
                                .isEqualTo(new Verdict.Down("no answer in time (localhost)", false)));
        hurried.close();
    }

    @Test
    void aQuestionHasTimeForASlowLineAndALongPause() {
        assertThat(clients.calls("hub", endpoint, null).callTimeoutMillis()).isEqualTo(180_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"probe", "call"})
    void anErrorIsReadNoFurtherThanItExplainsItself(String kind) throws IOException {
        hub.answers(FakeHub.response(404).body("x".repeat(1 << 20)).build());

        try (Response response = api(kind).newCall(get(endpoint)).execute()) {
            assertThat(response.body().bytes()).hasSize(AnswerLimit.LONGEST_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"probe", "call"})
    void anAnswerThatUnpacksWithoutEndIsRefused(String kind) throws IOException {
        Buffer bomb = new Buffer();
        try (BufferedSink gzip = Okio.buffer(new GzipSink(bomb))) {
            for (int written = 0; written <= AnswerLimit.LONGEST_ANSWER; written += 1 << 20) {
                gzip.write(new byte[1 << 20]);
            }
        }
        hub.answers(FakeHub.response(200, "Content-Encoding", "gzip").body(bomb).build());

        try (Response response = api(kind).newCall(get(endpoint)).execute()) {
            assertThatExceptionOfType(AnswerTooLong.class)
                    .isThrownBy(() -> response.body().bytes())
                    .withMessageContaining("localhost");
        }
    }

    @Test
    void theLongestHonestAnswerIsReadWhole() throws IOException {
        hub.answers(FakeHub.response(200)
                .body("x".repeat(AnswerLimit.LONGEST_ANSWER))
                .build());

        try (Response response = api("call").newCall(get(endpoint)).execute()) {
            assertThat(response.body().bytes()).hasSize(AnswerLimit.LONGEST_ANSWER);
        }
    }

    private OkHttpClient api(String kind) {
        return kind.equals("probe") ? clients.probes("hub", endpoint, null) : clients.calls("hub", endpoint, null);
    }

    @Test
    void aTransferHasNoDeadlineButEndsWhenNothingArrives() {
        OkHttpClient data = impatient.data("hub", endpoint, null, Set.of(), SOON);
        hub.answers(FakeHub.response(200)
                .body("x".repeat(100_000))
                .onResponseBody(SocketEffect.Stall.INSTANCE)
                .build());

        assertThat(data.callTimeoutMillis()).isZero();
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> {
            try (Response response = data.newCall(get(endpoint)).execute()) {
                response.body().bytes();
            }
        });
    }

    @Test
    void aRequestMayBeLessPatient() {
        hub.answers(FakeHub.response(200)
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        Request request = get(endpoint)
                .newBuilder()
                .tag(HttpClients.Silence.class, new HttpClients.Silence(Duration.ofMillis(200)))
                .build();
        OkHttpClient data = clients.data("hub", endpoint, null, Set.of(), SOON);

        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> data.newCall(request).execute());
    }

    @Test
    void silenceIsThirtySecondsUnlessTheUserOrASlowStarterSaysOtherwise() {
        Duration probe = Duration.ofSeconds(5);
        HttpClients.Timeouts unsaid = new HttpClients.Timeouts(probe, Optional.empty());
        HttpClients.Timeouts said = new HttpClients.Timeouts(probe, Optional.of(Duration.ofSeconds(7)));

        assertThat(unsaid.silence(Duration.ofSeconds(15))).isEqualTo(Duration.ofSeconds(30));
        assertThat(unsaid.silence(Duration.ofMinutes(2))).isEqualTo(Duration.ofMinutes(2));
        assertThat(said.silence(Duration.ofMinutes(2))).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void everyClientNamesTheProgram() throws Exception {
        hub.answers(200).answers(200).answers(200);
        clients.probes("hub", endpoint, null).newCall(get(endpoint)).execute().close();
        clients.calls("hub", endpoint, null).newCall(get(endpoint)).execute().close();
        clients.data("hub", endpoint, null, Set.of(), SOON)
                .newCall(get(endpoint))
                .execute()
                .close();

        assertThat(hub.seen("User-Agent")).containsOnly("modelfetch/test").hasSize(3);
    }

    @Test
    void noClientFollowsARedirectBehindOurBack() throws Exception {
        try (FakeHub elsewhere = FakeHub.plain("127.0.0.1")) {
            hub.redirects(302, elsewhere.url("/")).redirects(302, elsewhere.url("/"));

            for (OkHttpClient client :
                    new OkHttpClient[] {clients.probes("hub", endpoint, null), clients.calls("hub", endpoint, null)}) {
                try (Response response = client.newCall(get(endpoint)).execute()) {
                    assertThat(response.code()).isEqualTo(302);
                }
            }

            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void fileBodiesUseConnectionsOfTheirOwn() {
        assertThat(clients.data("hub", endpoint, null, Set.of(), SOON).protocols())
                .containsExactly(Protocol.HTTP_1_1);
    }

    @Test
    void smallFilesShareOneConnectionWhereTheHostSpeaksHttp2() throws IOException {
        try (FakeHub secure = FakeHub.secure("hub.test")) {
            OkHttpClient data = clients.data("hub", secure.url("/"), null, Set.of(), SOON);
            OkHttpClient small = HttpClients.small(data);

            assertThat(spoken(small, secure)).isEqualTo(Protocol.HTTP_2);
            assertThat(spoken(data, secure)).isEqualTo(Protocol.HTTP_1_1);
        }
    }

    private static Protocol spoken(OkHttpClient client, FakeHub hub) throws IOException {
        hub.answers(200);
        OkHttpClient reaching = FakeHub.reaching(client.newBuilder()).build();
        try (Response response = reaching.newCall(get(hub.url("/file"))).execute()) {
            return response.protocol();
        }
    }

    @Test
    void smallFilesAreGuardedAsLargeOnesAre() {
        OkHttpClient data = clients.data("hub", PUBLIC, null, Set.of(), SOON);
        OkHttpClient small = HttpClients.small(data);

        assertThat(small.dns()).isSameAs(data.dns());
        assertThat(small.interceptors()).isEqualTo(data.interceptors());
        assertThat(small.followRedirects()).isFalse();
    }

    @Test
    void onlyPublicHubsAreGuardedAgainstPrivateDataHosts() throws Exception {
        assertThatThrownBy(() ->
                        clients.data("hub", PUBLIC, null, Set.of(), SOON).dns().lookup("localhost"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("private network");
        assertThat(clients.data("hub", endpoint, null, Set.of(), SOON).dns().lookup("localhost"))
                .isNotEmpty();
    }

    @Test
    void whatOneClientOfALineHasOpenedTheNextUses() throws Exception {
        Line line = new Routes(Map.of(), Map.of()).asSet("hub", endpoint);
        hub.answers(200).answers(200);

        for (OkHttpClient client : List.of(clients.probes(line, endpoint, null), clients.calls(line, endpoint, null))) {
            try (Response response = client.newCall(get(endpoint)).execute()) {
                assertThat(response.body().bytes()).isEmpty();
            }
        }

        assertThat(clients.calls(line, endpoint, null).connectionPool().connectionCount())
                .isOne();
    }

    @Test
    void theClientsOfASourceShareConnections() {
        assertThat(clients.calls("hub", endpoint, null).connectionPool())
                .isSameAs(clients.data("mirror", PUBLIC, null, Set.of(), SOON).connectionPool());
    }

    @Test
    void closingEndsTheThreadsAndIsHarmlessWhenNothingWasUsed() {
        OkHttpClient probes = clients.probes("hub", endpoint, null);
        clients.close();
        clients.close();
        clients(Duration.ofSeconds(1), Duration.ofSeconds(1)).close();

        assertThat(probes.dispatcher().executorService().isShutdown()).isTrue();
    }
}
