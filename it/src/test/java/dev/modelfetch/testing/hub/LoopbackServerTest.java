package dev.modelfetch.testing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that go away and come back. */
class LoopbackServerTest {

    private static final int SIZE = 1 << 20;
    private static final Content CONTENT = Content.generated(9, SIZE);
    private static final String FILE = "/acme-lab/tiny/resolve/main/m.bin";
    private static final String API = "/api/models/acme-lab/tiny";

    private final MiniHubs hubs =
            MiniHubs.start(Repository.model("acme-lab/tiny").file("m.bin", CONTENT));
    private final MiniHub<HubFace> hub = hubs.huggingFace();
    private final LoopbackServer server = hub.server();
    private final Browser browser = new Browser();

    /** Half a second for the file: to go away in the middle of it. */
    @BeforeEach
    void slowDown() {
        hub.face().direct();
        hub.faults().add(Fault.rate(2 * SIZE).onFiles());
    }

    @AfterEach
    void stop() {
        hubs.close();
        assertThat(hubs.ledger().failures()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.modelfetch.testing.hub.Outage#ofEveryKind")
    void everybodyCanComeBackOnTheSamePort(Outage outage) throws Exception {
        server.away(outage);
        server.back();

        assertThat(browser.get(hub.endpoint() + FILE).body()).isEqualTo(CONTENT.toByteArray());
    }

    @ParameterizedTest
    @MethodSource("dev.modelfetch.testing.hub.Outage#ofEveryKind")
    void oneOutageMayFollowAnother(Outage outage) throws Exception {
        server.away(Outage.silent());
        server.away(Outage.refused());
        server.away(outage);
        server.away(Outage.unavailable());

        assertThat(browser.get(hub.endpoint() + API).statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @MethodSource("dev.modelfetch.testing.hub.Outage#ofEveryKind")
    void theDataHostGoesAwayByItself(Outage outage) throws Exception {
        hub.storage().away(outage);

        assertThat(browser.get(hub.endpoint() + API).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("dev.modelfetch.testing.hub.Outage#ofEveryKind")
    void afterItsEndAServerStaysAway(Outage outage) {
        server.close();
        server.away(outage);
        server.back();

        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    }

    @Test
    void whereNobodyListensOpenConnectionsAreResetAndNewOnesRefused() throws Exception {
        try (Socket open = inMidFile()) {
            server.away(Outage.refused());

            assertThatThrownBy(() -> rest(open)).isInstanceOf(SocketException.class);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void resetsComeToOpenAndToNewConnections() throws Exception {
        try (Socket open = inMidFile()) {
            server.away(Outage.reset());

            assertThatThrownBy(() -> rest(open)).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> {
                        try (Socket socket = connect()) {
                            socket.getInputStream().read();
                        }
                    })
                    .isInstanceOf(SocketException.class)
                    .isNotInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aHangUpIsInGoodOrder() throws Exception {
        try (Socket open = inMidFile()) {
            server.away(Outage.hungUp());

            assertThat(rest(open)).isLessThan(SIZE);
            try (Socket socket = connect()) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
        assertThat(hubs.ledger().connections("huggingface")).isEqualTo(2);
    }

    @Test
    void silenceIsKeptInMidFileAndTowardsNewRequestsAndThenEverythingGoesOn() throws Exception {
        try (Socket open = inMidFile()) {
            server.away(Outage.silent());
            try (Socket socket = ask(API)) {
                await().until(() -> hubs.ledger().requests(API).size() == 1);
                assertSilent(socket);
                long sent = hubs.ledger().bytesSent("m.bin");

                server.back();

                assertThat(socket.getInputStream().read()).isEqualTo('H');
                assertThat(sent).isLessThan(SIZE);
            }
            assertThat(rest(open)).isGreaterThanOrEqualTo(SIZE);
        }
        assertThat(hubs.ledger().bytesSent("m.bin")).isEqualTo(SIZE);
    }

    @Test
    void anUnavailableServerSaysSoAndCutsWhatIsUnderWay() throws Exception {
        try (Socket open = inMidFile()) {
            server.away(Outage.unavailable());

            assertThat(rest(open)).isLessThan(SIZE);
            assertThat(browser.get(hub.endpoint() + FILE).statusCode()).isEqualTo(503);
            assertThat(browser.get(hub.endpoint() + API).statusCode()).isEqualTo(503);
        }
    }

    @Test
    void aLimitIsForWhoeverAsksAnew() throws Exception {
        try (Socket open = inMidFile()) {
            server.away(Outage.limited(3));
            HttpResponse<byte[]> refused = browser.get(hub.endpoint() + API);

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(Browser.header(refused, "Retry-After")).isEqualTo("3");
            assertThat(rest(open)).isGreaterThanOrEqualTo(SIZE);
        }
    }

    @Test
    void bothServersOfAHubGoTogether() throws Exception {
        hub.away(Outage.unavailable());

        assertThat(browser.get(hub.endpoint() + API).statusCode()).isEqualTo(503);
        assertThat(browser.get(hub.storage().endpoint()).statusCode()).isEqualTo(503);

        hub.back();
        assertThat(browser.get(hub.endpoint() + API).statusCode()).isEqualTo(200);
    }

    private Socket inMidFile() throws IOException {
        Socket socket = ask(FILE);
        await().until(() -> hubs.ledger().bytesSent("m.bin") > 0);
        return socket;
    }

    private Socket ask(String target) throws IOException {
        Socket socket = connect();
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private Socket connect() throws IOException {
        return new Socket(
                InetAddress.getLoopbackAddress(), URI.create(hub.endpoint()).getPort());
    }

    /** Bytes until the connection ends. */
    private static long rest(Socket socket) throws IOException {
        return socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    // Silence cannot be proved, but an answer or a closed connection would show at once.
    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(50);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(0);
    }
}
