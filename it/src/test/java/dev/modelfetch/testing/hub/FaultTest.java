package dev.modelfetch.testing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultTest {

    private static final int SIZE = 100_000;
    private static final Content CONTENT = Content.generated(9, SIZE);
    private static final Repository MODEL = Repository.model("acme-lab/tiny")
            .file("other.bin", Content.generated(8, SIZE))
            .file("m.bin", CONTENT);

    private final MiniHubs hubs = MiniHubs.start(MODEL);
    private final MiniHub<HubFace> hub = hubs.huggingFace();
    private final Faults faults = hub.faults();
    private final Browser browser = new Browser();
    private final String api = hub.endpoint() + "/api/models/acme-lab/tiny";
    private final String file = hub.endpoint() + "/acme-lab/tiny/resolve/main/m.bin";

    FaultTest() {
        hub.face().direct();
    }

    @AfterEach
    void stop() {
        hubs.close();
        assertThat(hubs.ledger().failures()).isEmpty();
    }

    @Test
    void aBlackHoleTakesTheRequestAndSaysNothing() throws Exception {
        faults.add(Fault.blackHole());
        try (Socket socket = ask("/api/models/acme-lab/tiny")) {
            await().until(() ->
                    hubs.ledger().requests("/api/models/acme-lab/tiny").size() == 1);
            assertSilent(socket);
        }
        assertThat(hubs.ledger().connections("huggingface")).isEqualTo(1);
    }

    @Test
    void aResetBreaksTheBody() throws Exception {
        faults.add(Fault.resetAfter(1000).onFile("m.bin").times(1));

        assertThatThrownBy(() -> browser.get(file)).isInstanceOf(IOException.class);
        assertThat(browser.get(file).body()).isEqualTo(CONTENT.toByteArray());
        assertThat(hubs.ledger().bytesSent("m.bin")).isEqualTo(1000 + SIZE);
    }

    @Test
    void aStallSendsSomethingAndThenNothing() throws Exception {
        faults.add(Fault.stallAfter(1000));
        try (Socket socket = ask("/acme-lab/tiny/resolve/main/m.bin")) {
            skipHead(socket.getInputStream());

            assertThat(socket.getInputStream().readNBytes(1000)).isEqualTo(Arrays.copyOf(CONTENT.toByteArray(), 1000));
            assertSilent(socket);
        }
    }

    @Test
    void aShortBodyPromisesMoreThanItHolds() throws Exception {
        faults.add(Fault.shortBody(1000));
        try (Socket socket = ask("/acme-lab/tiny/resolve/main/m.bin")) {
            byte[] all = socket.getInputStream().readAllBytes();

            assertThat(new String(all, StandardCharsets.ISO_8859_1)).contains("Content-Length: " + SIZE + "\r\n");
            assertThat(all.length).isBetween(1000, 3000);
        }
    }

    @Test
    void aLongBodyHoldsMoreThanTheFile() throws Exception {
        faults.add(Fault.longBody(10));

        assertThat(browser.get(file).body()).hasSize(SIZE + 10).startsWith(CONTENT.toByteArray());
        assertThat(browser.get(file, "Range", "bytes=0-9").body()).hasSize(20);
    }

    @Test
    void rangesCanBeMishandledInEveryWay() throws Exception {
        faults.add(Fault.ignoreRange());
        assertThat(part().statusCode()).isEqualTo(200);
        assertThat(part().body()).hasSize(SIZE);

        faults.clear().add(Fault.wrongContentRange());
        assertThat(Browser.header(part(), "Content-Range")).isEqualTo("bytes 11-20/100000");

        faults.clear().add(Fault.wrongTotal(7));
        assertThat(Browser.header(part(), "Content-Range")).isEqualTo("bytes 10-19/7");

        faults.clear().add(Fault.noContentRange());
        assertThat(part().headers().firstValue("Content-Range")).isEmpty();
        assertThat(part().statusCode()).isEqualTo(206);

        faults.clear().add(Fault.rangeRefused());
        assertThat(part().statusCode()).isEqualTo(416);

        faults.clear();
        assertThat(part().statusCode()).isEqualTo(206);
        assertThat(browser.get(file, "Range", "bytes=100000-").statusCode()).isEqualTo(416);
    }

    @Test
    void aFlippedByteIsMetByEveryPartThatContainsIt() throws Exception {
        faults.add(Fault.flip("m.bin", 15).times(1));
        byte[] honest = Arrays.copyOfRange(CONTENT.toByteArray(), 10, 20);
        byte[] expected = honest.clone();
        expected[5] = (byte) ~expected[5];

        assertThat(browser.get(file, "Range", "bytes=20-29").body())
                .isEqualTo(Arrays.copyOfRange(CONTENT.toByteArray(), 20, 30));
        assertThat(part().body()).isEqualTo(expected);
        assertThat(part().body()).isEqualTo(honest);
    }

    @Test
    void aBurstOfErrorsEnds() throws Exception {
        faults.add(Fault.status(503).onApi().after(1).times(2));

        assertThat(browser.get(api).statusCode()).isEqualTo(200);
        assertThat(browser.get(api).statusCode()).isEqualTo(503);
        assertThat(browser.get(file).statusCode()).isEqualTo(200);
        assertThat(browser.get(api).statusCode()).isEqualTo(503);
        assertThat(browser.get(api).statusCode()).isEqualTo(200);
    }

    @Test
    void limitsComeWithAndWithoutAHint() throws Exception {
        faults.add(Fault.limited());
        assertThat(browser.get(api).headers().map()).doesNotContainKeys("retry-after", "ratelimit");
        faults.clear().add(Fault.limitedRetryAfter(3));
        assertThat(Browser.header(browser.get(api), "Retry-After")).isEqualTo("3");
        faults.clear().add(Fault.limitedWindow(55));
        assertThat(Browser.header(browser.get(api), "RateLimit")).isEqualTo("\"api\";r=0;t=55");
        assertThat(browser.get(api).statusCode()).isEqualTo(429);
    }

    @Test
    void limitsComeInOtherFormsToo() throws Exception {
        faults.add(Fault.limitedUntil(60));
        ZonedDateTime until = ZonedDateTime.parse(
                Browser.header(browser.get(api), "Retry-After"), DateTimeFormatter.RFC_1123_DATE_TIME);
        // Dates have whole seconds, and the answer took some time.
        assertThat(Duration.between(Instant.now(), until)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));

        faults.clear().add(Fault.limited("ratelimit", "\"resolvers\";r=0;t=7"));
        assertThat(browser.get(file).statusCode()).isEqualTo(429);
        assertThat(Browser.header(browser.get(file), "ratelimit")).isEqualTo("\"resolvers\";r=0;t=7");
    }

    @Test
    void aReplacedFileIsConsistentInItself() throws Exception {
        Content other = Content.generated(10, SIZE + 7);
        faults.add(Fault.replaced("m.bin", other).after(1));
        assertThat(browser.get(file).body()).isEqualTo(CONTENT.toByteArray());

        assertThat(browser.get(file).body()).isEqualTo(other.toByteArray());
        assertThat(part().body()).isEqualTo(Arrays.copyOfRange(other.toByteArray(), 10, 20));
        assertThat(Browser.header(part(), "Content-Range")).isEqualTo("bytes 10-19/100007");
        assertThat(browser.get(file.replace("m.bin", "other.bin")).body()).hasSize(SIZE);
    }

    @Test
    void webPagesAndMissingLengthsAndDelaysAreAnswersToo() throws Exception {
        faults.add(Fault.noLength()).add(Fault.delay(Duration.ofMillis(1)));
        assertThat(browser.get(file).body()).hasSize(SIZE);
        assertThat(browser.get(file).headers().firstValue("Content-Length")).isEmpty();

        faults.clear().add(Fault.webPage().onFile("m.bin"));
        assertThat(Browser.text(browser.get(file))).startsWith("<!DOCTYPE html>");
        assertThat(browser.get(file.replace("m.bin", "other.bin")).body()).hasSize(SIZE);
    }

    @Test
    void clientsThatAllowItGetCompressedAnswersWithoutALength() throws Exception {
        faults.add(Fault.gzip());
        HttpResponse<byte[]> packed = browser.get(file, "Accept-Encoding", "gzip", "Range", "bytes=5-");

        assertThat(packed.statusCode()).isEqualTo(200);
        assertThat(packed.headers().firstValue("Content-Length")).isEmpty();
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                .isEqualTo(CONTENT.toByteArray());
        assertThat(browser.get(file, "Accept-Encoding", "identity").body()).isEqualTo(CONTENT.toByteArray());
    }

    @Test
    void anyAnswerCanBeReplaced() throws Exception {
        faults.add(Fault.answer(200, "application/json", "{\"Success\":false}").onApi());
        faults.add(Fault.redirect(302, "http://192.0.2.1/").onFiles());

        assertThat(Browser.text(browser.get(api))).isEqualTo("{\"Success\":false}");
        assertThat(Browser.header(browser.get(file), "Location")).isEqualTo("http://192.0.2.1/");

        faults.clear().add(Fault.redirectLoop().onFiles());
        assertThat(Browser.header(browser.get(file), "Location")).isEqualTo("/acme-lab/tiny/resolve/main/m.bin");
    }

    @Test
    void aServerMayLiveBelowAPath() throws Exception {
        hub.server().alsoUnder("/artifactory/hub");
        hub.face().pageSize(1);
        HttpResponse<byte[]> tree = browser.get(hub.endpoint() + "/artifactory/hub/api/models/acme-lab/tiny/tree/main");

        assertThat(Browser.header(tree, "Link")).startsWith("<" + hub.endpoint() + "/artifactory/hub/api/models/");
        assertThat(browser.get(api).statusCode()).isEqualTo(200);
    }

    @Test
    void aHubMayListOtherContentUnderTheSameCommit() throws Exception {
        String commit = MODEL.head().id();
        hub.catalogue().put(MODEL.file("m.bin", "other").claiming(commit));

        assertThat(browser.json(api + "/revision/main").get("sha")).isEqualTo(commit);
        assertThat(Browser.text(browser.get(file))).isEqualTo("other");
    }

    @Test
    void requestsAtTheSameTimeAreCounted() throws Exception {
        faults.add(Fault.blackHole().on("stuck"));
        try (Socket first = ask("/stuck/1");
                Socket second = ask("/stuck/2")) {
            await().until(() -> hubs.ledger().visits("huggingface").size() == 2);
            assertThat(first.getPort()).isEqualTo(second.getPort());
        }
        assertThat(hubs.ledger().peak("huggingface")).isEqualTo(2);
        assertThat(hubs.ledger().peak("mirror")).isZero();
    }

    @Test
    void aPacedBodyIsComplete() throws Exception {
        faults.add(Fault.rate(50L << 20)).add(Fault.totalRate(20L << 20));

        assertThat(browser.get(file).body()).isEqualTo(CONTENT.toByteArray());
    }

    private HttpResponse<byte[]> part() throws Exception {
        return browser.get(file, "Range", "bytes=10-19");
    }

    private Socket ask(String target) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(hub.endpoint()).getPort());
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: hub\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void skipHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
    }

    // Silence cannot be proved, but an answer or a closed connection would show at once.
    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(50);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }
}
