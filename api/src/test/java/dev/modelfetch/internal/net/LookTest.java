package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.internal.net.Sighting.Authority;
import dev.modelfetch.internal.net.Sighting.Named;
import dev.modelfetch.internal.net.Sighting.Place;
import dev.modelfetch.internal.net.Sighting.Trouble;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockWebServer;
import okhttp3.HttpUrl;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LookTest {

    private static final Duration AMPLE = Duration.ofSeconds(15);
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    private final FakeHub hub = FakeHub.plain("localhost");

    @AfterEach
    void stop() {
        hub.close();
    }

    private static Sighting look(HttpUrl endpoint, Map<String, String> routes, Tls tls, Duration most)
            throws InterruptedException {
        Routes ways = new Routes(routes, Map.of());
        try (HttpClients clients = new HttpClients("test", ways, () -> HttpClients.Timeouts.DEFAULT, () -> tls)) {
            return Look.begin(clients, ways.asSet("hub", endpoint), endpoint, CLOCK, most)
                    .await(most);
        }
    }

    private static Sighting look(HttpUrl endpoint) throws InterruptedException {
        return look(endpoint, Map.of(), Tls.of(new Trust(List.of())), AMPLE);
    }

    @Test
    void itTellsTheAddressesOfTheName() throws Exception {
        hub.answers(404);

        Sighting seen = look(hub.url("/"));

        assertThat(seen.named()).isEqualTo(Named.FOUND);
        assertThat(seen.addresses()).contains("127.0.0.1");
        assertThat(seen.trouble()).isEmpty();
        assertThat(seen.authority()).isEmpty();
    }

    @Test
    void anAddressNeedsNoLookingUp() throws Exception {
        hub.answers(200);

        assertThat(look(hub.at("127.0.0.1", "/")).named()).isEqualTo(Named.NOTHING);
    }

    @Test
    void itFollowsNothingAndShowsNoToken() throws Exception {
        hub.answers(308, "Location", "http://localhost:1/elsewhere");

        assertThat(look(hub.url("/prefix/")).trouble()).isEmpty();
        assertThat(hub.requests()).singleElement().satisfies(request -> {
            assertThat(request.getMethod()).isEqualTo("HEAD");
            assertThat(request.getHeaders().get("Authorization")).isNull();
        });
    }

    @Test
    void clocksAreComparedWithTheTimeThatAnAnswerHasLainInACache() throws Exception {
        hub.answers(200, "Date", "Thu, 26 Nov 2026 11:30:00 GMT", "Age", "600");

        assertThat(look(hub.url("/")).clockAhead()).contains(Duration.ofMinutes(20));
    }

    @Test
    void whoeverSaysNoTimeIsNotComparedWith() throws Exception {
        hub.answers(200, "Date", "yesterday");

        assertThat(look(hub.url("/")).clockAhead()).isEmpty();
    }

    @Test
    void anAuthorityThatWasAddedIsToldFromThoseOfJava() throws Exception {
        HeldCertificate company = new HeldCertificate.Builder()
                .certificateAuthority(0)
                .commonName("Company Root")
                .build();
        HeldCertificate server = new HeldCertificate.Builder()
                .signedBy(company)
                .addSubjectAlternativeName("localhost")
                .build();
        HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(company.certificate())
                .build();
        try (MockWebServer secured = secured(server)) {
            HttpUrl url = secured.url("/");

            assertThat(look(url, Map.of(), new Tls(trusting.sslSocketFactory(), trusting.trustManager()), AMPLE)
                            .authority())
                    .contains(new Authority("Company Root", false));
            assertThat(look(url).trouble()).contains(new Trouble(Place.UNTRUSTED, "Company Root"));
        }
    }

    @Test
    void aCertificateOfAnotherHostIsTold() throws Exception {
        HeldCertificate server = new HeldCertificate.Builder()
                .addSubjectAlternativeName("other.test")
                .build();
        HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(server.certificate())
                .build();
        try (MockWebServer secured = secured(server)) {
            Tls tls = new Tls(trusting.sslSocketFactory(), trusting.trustManager());

            assertThat(look(secured.url("/"), Map.of(), tls, AMPLE).trouble())
                    .map(Trouble::place)
                    .contains(Place.OTHER_HOST);
        }
    }

    @Test
    void aCertificateOfAnotherTimeIsTold() throws Exception {
        HeldCertificate authority =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate server = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName("localhost")
                .validityInterval(0, 1_000_000)
                .build();
        HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(authority.certificate())
                .build();
        try (MockWebServer secured = secured(server)) {
            Tls tls = new Tls(trusting.sslSocketFactory(), trusting.trustManager());

            assertThat(look(secured.url("/"), Map.of(), tls, AMPLE).trouble())
                    .map(Trouble::place)
                    .contains(Place.TIME);
        }
    }

    private static MockWebServer secured(HeldCertificate certificate) throws Exception {
        MockWebServer server = new MockWebServer();
        server.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslSocketFactory());
        server.enqueue(FakeHub.response(200).build());
        server.enqueue(FakeHub.response(200).build());
        server.start(InetAddress.getByName("localhost"), 0);
        return server;
    }

    @Test
    void aProxyThatRefusesIsToldFromTheHubBehindIt() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }

        Sighting seen = look(
                HttpUrl.get("https://hub.test/"),
                Map.of("hub", "http://wang:secret@127.0.0.1:" + closed),
                Tls.of(new Trust(List.of())),
                AMPLE);

        assertThat(seen.named()).isEqualTo(Named.BY_PROXY);
        assertThat(seen.trouble()).map(Trouble::place).contains(Place.PROXY);
        assertThat(seen.toString()).doesNotContain("wang").doesNotContain("secret");
    }

    @Test
    void whoeverAcceptsAndHangsIsNotWaitedForLongerThanSaid() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            HttpUrl url = HttpUrl.get("https://localhost:" + silent.getLocalPort() + "/");

            Sighting seen = look(url, Map.of(), Tls.of(new Trust(List.of())), Duration.ofMillis(300));

            assertThat(seen.trouble()).contains(new Trouble(Place.CONNECTION, "no answer in time"));
        }
    }
}
