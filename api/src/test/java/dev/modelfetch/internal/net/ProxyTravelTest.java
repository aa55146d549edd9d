package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.Verdict;
import dev.modelfetch.spi.CommonVerdicts;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mockwebserver3.RecordedRequest;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario 17 of mirrors.md 7: the clients of the product on their way through proxies. */
class ProxyTravelTest {

    private static final HttpUrl HUB = HttpUrl.get("https://hub.test/");
    private static final Duration SOON = Duration.ofSeconds(15);

    /** Answers inside the tunnel too, with a certificate for every {@code .test} name. */
    private final FakeHub proxy = FakeHub.secure("localhost");

    @AfterEach
    void stop() {
        proxy.close();
    }

    private static HttpClients clients(String source, String proxyAddress) {
        return new HttpClients(
                "test", new Routes(Map.of(source, proxyAddress), Map.of()), HttpClients.Timeouts.DEFAULT);
    }

    private String address() {
        return "localhost:" + proxy.server().getPort();
    }

    private static Response get(OkHttpClient client, HttpUrl url) throws IOException {
        return client.newCall(new Request.Builder().url(url).build()).execute();
    }

    private static OkHttpClient trusting(OkHttpClient client) {
        return FakeHub.reaching(client.newBuilder()).build();
    }

    @Test
    void httpsIsTunnelledAndTheProxySeesNoToken() throws Exception {
        proxy.answers(FakeHub.response(200).inTunnel().build()).answers(204);
        try (HttpClients clients = clients("hub", "http://" + address());
                Response response = get(trusting(clients.probes("hub", HUB, new Secret("t"))), HUB)) {
            assertThat(response.code()).isEqualTo(204);
        }

        List<RecordedRequest> requests = proxy.requests();
        RecordedRequest connect = requests.get(0);
        assertThat(connect.getMethod()).isEqualTo("CONNECT");
        assertThat(connect.getTarget()).isEqualTo("hub.test:443");
        assertThat(connect.getHeaders().get("Authorization")).isNull();
        assertThat(connect.getHeaders().get("Proxy-Authorization")).isNull();
        assertThat(requests.get(1).getTarget()).isEqualTo("/");
        assertThat(requests.get(1).getHeaders().get("Authorization")).isEqualTo("Bearer t");
    }

    @Test
    void credentialsGoToTheProxyBeforeItAsksAndNotIntoTheTunnel() throws Exception {
        proxy.answers(FakeHub.response(200).inTunnel().build()).answers(204);
        try (HttpClients clients = clients("hub", "http://me:p%40ss@" + address());
                Response response = get(trusting(clients.calls("hub", HUB, null)), HUB)) {
            assertThat(response.code()).isEqualTo(204);
        }

        assertThat(proxy.seen("Proxy-Authorization")).containsExactly(Credentials.basic("me", "p@ss"), null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void aProxyThatIsNotThereIsBlamedByNameAndNotTheHub(String scheme) throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0)) {
            port = gone.getLocalPort();
        }
        String address = scheme + "://127.0.0.1:" + port;
        try (HttpClients clients = clients("hub", address)) {
            IOException e = failure(clients.probes("hub", HUB, null));

            assertThat(CommonVerdicts.ofFailure(e, HUB).detail())
                    .isEqualTo("connection refused (the proxy " + address + ", set by --proxy hub)");
        }
    }

    @Test
    void aProxyThatCannotBeFoundIsBlamedByName() throws Exception {
        try (HttpClients clients = clients("hub", "http://no.proxy.test:1")) {
            IOException e = failure(clients.probes("hub", HUB, null));

            assertThat(CommonVerdicts.ofFailure(e, HUB).detail())
                    .isEqualTo("name not found (the proxy http://no.proxy.test:1, set by --proxy hub)");
        }
    }

    @Test
    void aProxyThatCannotReachTheHubSaysSoItself() throws Exception {
        proxy.answers(FakeHub.response(502).inTunnel().build());
        try (HttpClients clients = clients("hub", "http://" + address())) {
            IOException e = failure(clients.probes("hub", HUB, null));

            assertThat(CommonVerdicts.ofFailure(e, HUB))
                    .isEqualTo(new Verdict.Down(
                            "HTTP 502 (the proxy http://" + address() + ", set by --proxy hub)", false));
        }
    }

    @Test
    void whatFailsBehindTheProxyIsToldWithBoth() throws Exception {
        // The tunnel is there, and nobody in it is trusted.
        proxy.answers(FakeHub.response(200).inTunnel().build());
        try (HttpClients clients = clients("hub", "http://" + address())) {
            IOException e = failure(clients.probes("hub", HUB, null));

            assertThat(CommonVerdicts.ofFailure(e, HUB).detail())
                    .endsWith("(hub.test, through the proxy http://" + address() + ")");
        }
    }

    @Test
    void aWayThatCannotBeReadIsTheSettingsFaultAndLasts() throws Exception {
        Routes routes = new Routes(Map.of(), Map.of("HTTPS_PROXY", "http://user:1/mark@a:1"));
        try (HttpClients clients = new HttpClients("test", routes, HttpClients.Timeouts.DEFAULT)) {
            IOException e = failure(clients.probes("hub", HUB, null));

            assertThat(CommonVerdicts.ofFailure(e, HUB)).isInstanceOfSatisfying(Verdict.Down.class, down -> {
                assertThat(down.detail()).startsWith("HTTPS_PROXY").doesNotContain("mark");
                assertThat(down.retryable()).isFalse();
            });
        }
    }

    private static IOException failure(OkHttpClient client) {
        return catchThrowableOfType(IOException.class, () -> get(client, HUB).close());
    }

    @Test
    void aProxyThatRefusesTheCredentialsIsNotAskedForEver() throws Exception {
        for (int i = 0; i < 5; i++) {
            proxy.answers(FakeHub.response(407, "Proxy-Authenticate", "Basic realm=\"office\"")
                    .inTunnel()
                    .build());
        }
        try (HttpClients clients = clients("hub", "http://me:wrong@" + address())) {
            assertThatIOException()
                    .isThrownBy(() -> get(trusting(clients.probes("hub", HUB, null)), HUB))
                    .withMessageContaining("proxy");
        }

        assertThat(proxy.requests()).hasSize(1);
    }

    @Test
    void aProxyThatWantsCredentialsNobodyHasEndsTheCall() throws Exception {
        proxy.answers(FakeHub.response(407, "Proxy-Authenticate", "Basic realm=\"office\"")
                .inTunnel()
                .build());
        try (HttpClients clients = clients("hub", "http://" + address())) {
            assertThatIOException()
                    .isThrownBy(() -> get(trusting(clients.probes("hub", HUB, null)), HUB))
                    .withMessageContaining("proxy");
        }

        assertThat(proxy.requests()).hasSize(1);
    }

    @Test
    void aClearTextHubIsAskedByItsFullAddressAndA407IsAnsweredOnce() throws Exception {
        try (FakeHub office = FakeHub.plain("localhost")) {
            office.answers(407, "Proxy-Authenticate", "Basic realm=\"office\"").answers(204);
            HttpUrl hub = HttpUrl.get("http://hub.internal/");
            String route = "http://me:pw@localhost:" + office.server().getPort();
            try (HttpClients clients = clients("hub", route);
                    Response response = get(clients.probes("hub", hub, null), hub)) {
                assertThat(response.code()).isEqualTo(204);
            }

            List<RecordedRequest> requests = office.requests();
            assertThat(requests)
                    .hasSize(2)
                    .allMatch(request -> request.getTarget().equals("http://hub.internal/"));
            assertThat(requests.get(1).getHeaders().get("Proxy-Authorization"))
                    .isEqualTo(Credentials.basic("me", "pw"));
        }
    }

    @Test
    void inClearTextTooAProxyThatWantsCredentialsIsBlamedAndNotTheHub() throws Exception {
        try (FakeHub office = FakeHub.plain("localhost")) {
            office.answers(407, "Proxy-Authenticate", "Basic realm=\"office\"");
            HttpUrl hub = HttpUrl.get("http://hub.internal/");
            String route = "http://localhost:" + office.server().getPort();
            try (HttpClients clients = clients("hub", route)) {
                IOException e = catchThrowableOfType(
                        IOException.class,
                        () -> get(clients.probes("hub", hub, null), hub).close());

                assertThat(CommonVerdicts.ofFailure(e, hub).detail())
                        .isEqualTo("user name or password missing or refused (the proxy " + route
                                + ", set by --proxy hub)");
            }
        }
    }

    @Test
    void filesOfAPublicHubTravelThroughAProxyInsideThePrivateNetwork() throws Exception {
        proxy.answers(FakeHub.response(407).inTunnel().build());
        try (HttpClients clients = clients("hub", "http://" + address())) {
            assertThatIOException().isThrownBy(() -> get(clients.data("hub", HUB, null, Set.of(), SOON), HUB));
        }

        // It refused, but it was reached: the guard against private data hosts does not apply to it.
        assertThat(proxy.requests()).extracting(RecordedRequest::getTarget).containsExactly("hub.test:443");
    }

    @Test
    void aSocksProxyGetsTheNameAndLooksItUpItself() throws Exception {
        HttpUrl hub = HttpUrl.get("http://hub.internal:8090/");
        try (FakeSocksProxy socks = new FakeSocksProxy();
                HttpClients clients = clients("hub", "socks5://" + socks.address());
                Response response = get(clients.probes("hub", hub, null), hub)) {
            assertThat(response.body().string()).isEqualTo("hi");
            assertThat(socks.wish()).isEqualTo(new FakeSocksProxy.Wish(3, "hub.internal", 8090));
        }
    }

    @Test
    void filesOfAPublicHubReachASocksProxyByNameToo() throws Exception {
        try (FakeSocksProxy socks = new FakeSocksProxy();
                HttpClients clients = clients("hub", "socks5h://" + socks.address())) {
            // What the stub sends is no TLS.
            assertThatIOException().isThrownBy(() -> get(clients.data("hub", HUB, null, Set.of(), SOON), HUB));

            assertThat(socks.wish()).isEqualTo(new FakeSocksProxy.Wish(3, "hub.test", 443));
        }
    }
}
