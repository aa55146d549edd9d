package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that mean no good, or are broken: none of them gets what is not theirs, or keeps others from their answers. */
@Tag("serve")
class HostileClientsTest {

    private static final String FILE = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;
    private static final byte[] BYTES = Samples.WEIGHTS.toByteArray();
    private static final int MEBIBYTE = 1 << 20;
    private static final String MANY = "acme-lab/many";

    @RegisterExtension
    final Lab lab = Lab.of(
            List.of(Samples.MODEL, Samples.GATED, many()), List.of(Samples.MODEL.at("modelscope"), Samples.ELSEWHERE));

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final List<Served> boxes = new ArrayList<>();

    private static Repository many() {
        Repository many = Repository.model(MANY);
        for (int i = 0; i < 2_000; i++) {
            many = many.file("folder-" + i % 50 + "/file-" + i + ".txt", "text " + i + "\n");
        }
        return many;
    }

    @AfterEach
    void closeBoxes() throws Exception {
        clients.shutdownNow();
        for (Served box : boxes) {
            box.close();
        }
    }

    private Served box(String... options) throws IOException {
        Served box = Served.start(lab, options);
        boxes.add(box);
        return box;
    }

    private static Wire.Answer answer(Served box, String request) throws IOException {
        try (Wire wire = Wire.to(box)) {
            return wire.send(request).answer();
        }
    }

    private static void assertAlive(Served box) throws IOException {
        assertThat(answer(box, "GET /-/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    // --- what is no request

    @Test
    void floodsOfHeadersAndLinesWithoutEndAreCutOff() throws Exception {
        Served box = box();
        String many =
                IntStream.range(0, 5_000).mapToObj(i -> "X-" + i + ": 1\r\n").collect(Collectors.joining());
        for (String request : List.of(
                "GET / HTTP/1.1\r\nHost: localhost\r\n" + many + "\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(MEBIBYTE),
                "GET / HTTP/1.1\r\n" + "a".repeat(MEBIBYTE),
                "GET /" + "a".repeat(MEBIBYTE),
                "G".repeat(MEBIBYTE),
                "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + "a=b; ".repeat(200_000) + "\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000" + "\u0000".repeat(500) + "\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
            try (Wire wire = Wire.to(box)) {
                try {
                    wire.send(request);
                } catch (IOException cutOff) {
                    // As early as that.
                }
                assertThat(wire.answer().status())
                        .as(request.substring(0, Math.min(40, request.length())))
                        .isIn(0, 400, 404, 405, 413, 414, 431, 501, 505);
            }
        }
        assertAlive(box);
    }

    @Test
    void whatTwoServersWouldReadInTwoWaysIsNoRequest() throws Exception {
        Served box = box();
        String hidden = "GET /-/about HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String post = "POST /api/models/" + Samples.ID + "/paths-info/main HTTP/1.1\r\nHost: localhost\r\n";
        for (String request : List.of(
                post + "Content-Length: 0\r\nContent-Length: " + hidden.length() + "\r\n\r\n" + hidden,
                post + "Content-Length: " + hidden.length() + "\r\nContent-Length: 0\r\n\r\n" + hidden,
                post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
                post + "Transfer-Encoding: chunked\r\nContent-Length: " + (5 + hidden.length()) + "\r\n\r\n0\r\n\r\n"
                        + hidden,
                post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
                post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + hidden,
                post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + hidden,
                post + "Content-Length: -1\r\n\r\n" + hidden,
                post + "Content-Length: 0x5\r\n\r\npaths" + hidden,
                post + "Content-Length: +5\r\n\r\npaths" + hidden,
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: other.example\r\n\r\n")) {
            try (Wire wire = Wire.to(box)) {
                Wire.Answer first = wire.send(request).answer();

                assertThat(first.status()).as(request).isIn(0, 400, 501);
                assertThat(wire.answer()).as("behind " + request).isSameAs(Wire.Answer.NONE);
            }
        }
        assertAlive(box);
    }

    @Test
    void requestsInOneGoAreAnsweredInTheirOrder() throws Exception {
        Served box = box();
        try (Wire wire = Wire.to(box)) {
            for (int i = 0; i < 50; i++) {
                wire.get(FILE, "Range: bytes=" + i * 1_000 + "-" + (i * 1_000 + 99));
                wire.get("/nothing/" + i);
            }
            for (int i = 0; i < 50; i++) {
                assertThat(wire.answer().body()).isEqualTo(Arrays.copyOfRange(BYTES, i * 1_000, i * 1_000 + 100));
                assertThat(wire.answer().status()).isEqualTo(404);
            }
        }
    }

    // --- other paths, other names

    @Test
    void noSpellingLeadsOutOfARepository() throws Exception {
        Served box = box();
        for (String path : List.of(
                "../../../../etc/passwd",
                "..%2f..%2f..%2f..%2fetc%2fpasswd",
                "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
                "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd",
                "..\\..\\..\\etc\\passwd",
                "..%5c..%5c..%5cetc%5cpasswd",
                "%252e%252e%252f%252e%252e%252fetc%252fpasswd",
                "//etc/passwd",
                "/%2fetc%2fpasswd",
                "file:///etc/passwd",
                "config.json%00.txt",
                "%00",
                "%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
                "%ff%fe",
                "a%0d%0aX-Injected:%20yes",
                "....//....//etc/passwd",
                "..;/..;/etc/passwd",
                "C:%5cWindows%5cwin.ini",
                "%uff0e%uff0e/etc/passwd",
                "a".repeat(300),
                "a".repeat(5_000),
                ".")) {
            assertLeadsNowhere(box, path);
        }
        assertThat(lab.ledger().visits())
                .allSatisfy(visit -> assertThat(visit.toString()).doesNotContain("/../", "X-Injected: "));
    }

    private static void assertLeadsNowhere(Served box, String path) throws IOException {
        for (String before : List.of(
                "/" + Samples.ID + "/resolve/main/",
                "/" + Samples.ID + "/raw/main/",
                "/" + Samples.ID + "/resolve/",
                "/api/models/" + Samples.ID + "/tree/main/",
                "/api/models/" + Samples.ID + "/revision/",
                "/api/models/",
                "/blobs/sha256/",
                "/-/prefetch/",
                "/-/",
                "/")) {
            Wire.Answer answer = answer(box, "GET " + before + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(answer.status()).as(before + path).isIn(400, 404);
            assertThat(answer.text()).doesNotContain("root:", "[fonts]");
            assertThat(answer.headers()).doesNotContainKey("x-injected");
        }
    }

    @Test
    void onlyNamesOfThisMachineAreAnswered() throws Exception {
        Served box = box();
        for (String host : List.of(
                "localhost",
                "LOCALHOST:" + box.port(),
                "localhost.",
                "127.0.0.1:" + box.port(),
                "127.1.2.3",
                "[::1]:" + box.port(),
                "[0:0:0:0:0:0:0:1]")) {
            assertThat(answer(box, "GET /-/live HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .status())
                    .as(host)
                    .isEqualTo(200);
        }
        for (String host : List.of(
                "rebound.example",
                "rebound.example.",
                "rebound.example:" + box.port(),
                "localhost.rebound.example",
                "127.0.0.1.rebound.example",
                "rebound.example:80:" + box.port(),
                "z:127.0.0.1",
                "0.0.0.0",
                "192.168.1.1",
                "10.0.0.1:" + box.port(),
                "1.2.3.4.5.6",
                "999.1",
                "[::]",
                "[fe80::1]",
                "[fe80::1%25lo]",
                "[::ffff:10.0.0.1]",
                "[::1",
                "[]",
                "",
                ":" + box.port(),
                "localhost@rebound.example",
                "localhost, rebound.example",
                "rebound.example#localhost",
                "\u00b2\u00b2.example")) {
            assertThat(answer(box, "GET /-/live HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .status())
                    .as(host)
                    .isIn(400, 403);
        }
        assertThat(answer(box, "GET /-/live HTTP/1.1\r\n\r\n").status()).isIn(400, 403);
        assertThat(answer(box, "GET http://rebound.example/-/live HTTP/1.1\r\nHost: rebound.example\r\n\r\n")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void noPageOfAnotherSiteHasTheDiskFilled() throws Exception {
        Served box = box();
        String body = "{\"repo\": \"" + Samples.ID + "\"}";
        String from = "POST /-/prefetch HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: "
                + body.length() + "\r\n";

        for (String origin : List.of("https://rebound.example", "null", "http://localhost.rebound.example")) {
            assertThat(answer(box, from + "Origin: " + origin + "\r\n\r\n" + body)
                            .status())
                    .as(origin)
                    .isEqualTo(403);
        }
        // Behind a web server on the same machine everybody comes from it.
        assertThat(answer(box, from + "X-Forwarded-For: 192.0.2.1\r\n\r\n" + body)
                        .status())
                .isEqualTo(403);
        assertThat(answer(box, from + "Origin: " + box.endpoint() + "\r\n\r\n" + body)
                        .status())
                .isEqualTo(202);
    }

    // --- bodies

    @Test
    void bodiesThatAreNotWhatTheyShouldBeAreRefusedAndNothingFails() throws Exception {
        Served box = box();
        assertThat(box.get("/api/models/" + Samples.ID).status()).isEqualTo(200);
        String deep = "[".repeat(200_000);
        for (String path : List.of(
                "/api/models/" + Samples.ID + "/paths-info/main",
                "/" + Samples.ID + ".git/info/lfs/objects/batch",
                "/-/prefetch")) {
            for (String body : List.of(
                    "",
                    "{",
                    "[]",
                    "null",
                    "{}",
                    deep,
                    "{\"paths\": " + deep,
                    "{\"paths\": [null, 1, true, {\"a\": []}], \"expand\": [1]}",
                    "{\"paths\": {\"a\": 1}, \"expand\": \"perhaps\"}",
                    "{\"operation\": [], \"objects\": 1}",
                    "{\"operation\": null}",
                    "{\"operation\": {\"a\": 1}, \"objects\": []}",
                    "{\"operation\": \"download\", \"objects\": [1, null, [], \"a\"]}",
                    "{\"operation\": \"download\", \"objects\": [{\"oid\": []}, {\"oid\": null, \"size\": null}]}",
                    "{\"operation\": \"download\", \"objects\": [{\"oid\": {}, \"size\": \"many\"}, {\"size\": 1e99}]}",
                    "{\"repo\": \"" + Samples.ID + "\", \"include\": [[], {}, null]}",
                    "{\"repo\": []}",
                    "{\"repo\": {\"a\": 1}}",
                    "{\"repo\": \"../../etc\"}",
                    "{\"repo\": \"" + Samples.ID + "@..\"}",
                    "{\"repo\": \"https://rebound.example/a/b\"}",
                    "%%%&&&===",
                    "paths",
                    "\u0000\u0001\u00ff")) {
                Served.Got got = box.post(path, "application/json", body);
                assertThat(got.status())
                        .as(path + " " + body.substring(0, Math.min(80, body.length())))
                        .isIn(200, 202, 400, 403, 404, 413, 422);
                assertThat(got.text()).matches("(?s)[\\[{].*");
            }
        }
    }

    @Test
    void longBodiesAreRefusedAndThoseThatFitCostLittle() throws Exception {
        Served box = box();
        String many = "/api/models/" + MANY + "/paths-info/main";
        String strokes = "paths=" + "/".repeat(MEBIBYTE - 100) + "x";
        String unknown = "paths=" + "n/".repeat(300_000);
        String names = IntStream.range(0, 80_000).mapToObj(i -> "paths=" + i).collect(Collectors.joining("&"));

        assertThat(box.post(many, "application/x-www-form-urlencoded", "paths=" + "x".repeat(2 * MEBIBYTE))
                        .status())
                .isEqualTo(413);
        for (String body : List.of(strokes, unknown, names)) {
            Served.Got got = box.post(many, "application/x-www-form-urlencoded", body);
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.text()).isEqualTo("[]");
        }
        String objects = IntStream.range(0, 9_000)
                .mapToObj(i -> "{\"oid\": \"" + String.format("%064x", i) + "\", \"size\": 1}")
                .collect(Collectors.joining(","));
        assertThat(box.post(
                                "/" + MANY + ".git/info/lfs/objects/batch",
                                "application/json",
                                "{\"operation\": \"download\", \"objects\": [" + objects + "]}")
                        .json()
                        .getAsJsonArray("objects"))
                .hasSize(9_000);
        assertThat(box.get("/api/models/" + MANY + "/tree/main/" + "a%2f".repeat(5_000) + "b")
                        .status())
                .isEqualTo(404);
    }

    // --- ranges

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rangesByTheThousandGetWhatTheyAskFor(boolean warm) throws Exception {
        Served box = box();
        if (warm) {
            assertThat(box.get(FILE).body()).isEqualTo(BYTES);
        }
        String all = IntStream.range(0, 2_500).mapToObj(i -> i + "-" + i).collect(Collectors.joining(","));
        try (Wire wire = Wire.to(box)) {
            // As many parts would be longer than the file.
            assertThat(wire.get(FILE, "Range: bytes=" + all).answer().status()).isEqualTo(200);
        }
        List<Callable<Integer>> readers = new ArrayList<>();
        for (int reader = 0; reader < 16; reader++) {
            Random random = new Random(reader);
            readers.add(() -> {
                int right = 0;
                try (Wire wire = Wire.to(box)) {
                    for (int i = 0; i < 125; i++) {
                        int from = random.nextInt(BYTES.length - 2_000);
                        int to = from + 1 + random.nextInt(2_000);
                        Wire.Answer answer = wire.get(FILE, "Range: bytes=" + from + "-" + (to - 1))
                                .answer();
                        boolean same = Arrays.equals(answer.body(), Arrays.copyOfRange(BYTES, from, to));
                        right += answer.status() == 206 && same ? 1 : 0;
                    }
                }
                return right;
            });
        }

        for (Future<Integer> reader : clients.invokeAll(readers)) {
            assertThat(reader.get()).isEqualTo(125);
        }
    }

    @Test
    void whatIsNoRangeIsPassedOver() throws Exception {
        Served box = box();
        for (String range : List.of(
                "bytes=",
                "bytes=-",
                "bytes=5-4",
                "bytes=a-b",
                "bytes=0x0-1",
                "lines=0-1",
                "bytes 0-1",
                "bytes=--1",
                "bytes=0-1-2",
                "bytes=99999999999999999999-",
                "bytes=0-99999999999999999999")) {
            Served.Got got = box.get("/" + Samples.ID + "/resolve/main/config.json", "Range", range);

            assertThat(got.status()).as(range).isEqualTo(200);
            assertThat(got.text()).isEqualTo("{\"model_type\": \"tiny\"}\n");
        }
    }

    // --- who takes nothing, and who goes

    @Test
    void thoseWhoTakeNothingByTheHundredHoldUpNobody() throws Exception {
        Served box = box();
        assertThat(box.get(FILE).body()).isEqualTo(BYTES);
        List<Wire> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 150; i++) {
                stalled.add(Wire.narrow(box).get(i % 3 == 0 ? "/api/models/" + MANY + "/tree/main?recursive=1" : FILE));
            }

            assertThat(box.get(FILE).body()).isEqualTo(BYTES);
            assertThat(box.get("/-/status").json().get("requests").getAsLong()).isPositive();
            // They were slow, and no worse than that.
            for (Wire wire : stalled.subList(0, 6)) {
                assertThat(wire.answer().status()).isEqualTo(200);
            }
        } finally {
            for (Wire wire : stalled) {
                wire.vanish();
            }
        }
        assertAlive(box);
    }

    @Test
    void clientsThatVanishLeaveNothingBehind() throws Exception {
        Served box = box();
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(4 << 20));
        lab.hubs().mirror().dataFaults().add(Fault.totalRate(4 << 20));
        lab.hubs().modelScope().dataFaults().add(Fault.totalRate(4 << 20));
        for (int i = 0; i < 60; i++) {
            Wire wire = Wire.to(box);
            wire.get(FILE);
            if (i % 2 == 0) {
                var unused = wire.read(200);
            }
            wire.vanish();
        }
        for (int i = 0; i < 60; i++) {
            Wire wire = Wire.to(box);
            wire.send("POST /-/prefetch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
            wire.vanish();
        }

        assertThat(box.get(FILE).body()).isEqualTo(BYTES);
        Awaitility.await()
                .untilAsserted(() -> assertThat(box.get("/-/metrics").text()).contains("modelfetch_readers 0"));
    }

    // --- what is not for everybody

    private List<Served.Got> asked(Served box, String... headers) throws Exception {
        String commit = Samples.GATED.head().id();
        List<Served.Got> all = new ArrayList<>();
        for (String revision : List.of("main", commit)) {
            for (String path : List.of("weights.bin", "config.json")) {
                all.add(box.get("/acme-lab/closed/resolve/" + revision + "/" + path, headers));
                all.add(box.head("/acme-lab/closed/resolve/" + revision + "/" + path, headers));
                all.add(box.get("/acme-lab/closed/raw/" + revision + "/" + path, headers));
            }
            all.add(box.get("/api/models/acme-lab/closed/tree/" + revision + "?recursive=true", headers));
            all.add(box.get("/api/models/acme-lab/closed/revision/" + revision + "?blobs=true", headers));
        }
        all.add(box.get("/api/models/acme-lab/closed/auth-check", headers));
        return all;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void strangersGetNothingOfWhatSomebodyElseHasHadFetched(boolean filling) throws Exception {
        Content content = Content.generated(6, 300_000);
        Served box = box();
        String file = "/acme-lab/closed/resolve/main/weights.bin";
        String blob = "/blobs/sha256/" + content.sha256();
        try (Wire member = Wire.to(box)) {
            if (filling) {
                lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(20_000));
            }
            member.get(file, "Authorization: Bearer " + Samples.TOKEN);
            assertThat(member.read(12)).asString().isEqualTo("HTTP/1.1 200");
            if (!filling) {
                assertThat(box.get(file, "Authorization", "Bearer " + Samples.TOKEN)
                                .body())
                        .isEqualTo(content.toByteArray());
            }

            for (String token : List.of("", "hf_wrong", Samples.TOKEN + "0", Samples.TOKEN.toUpperCase(Locale.ROOT))) {
                String[] headers = token.isEmpty() ? new String[0] : new String[] {"Authorization", "Bearer " + token};
                assertThat(asked(box, headers)).allSatisfy(got -> {
                    assertThat(got.status()).isIn(401, 403, 404);
                    assertThat(got.header("ETag")).isEmpty();
                    assertThat(got.text()).doesNotContain(content.sha256(), "weights.bin");
                });
            }
            assertThat(box.get(blob).status()).isEqualTo(404);
            assertThat(box.head(blob).status()).isEqualTo(404);
            assertThat(box.get(blob, "Authorization", "Bearer " + Samples.TOKEN).status())
                    .isEqualTo(404);
            // Nor is it told whether a guess was right.
            assertThat(box.get(blob, "If-None-Match", "\"" + content.sha256() + "\"")
                            .status())
                    .isEqualTo(404);
            assertThat(box.get(file, "If-None-Match", "*").status()).isEqualTo(401);
            String batch = "{\"operation\": \"download\", \"objects\": [{\"oid\": \"" + content.sha256()
                    + "\", \"size\": 300000}]}";
            Served.Got lfs =
                    box.post("/acme-lab/closed.git/info/lfs/objects/batch", "application/vnd.git-lfs+json", batch);
            assertThat(lfs.status()).isEqualTo(401);
            // A repository that names the same content is another door, and not this one's.
            assertThat(box.post("/" + Samples.ID + ".git/info/lfs/objects/batch", "application/json", batch)
                            .text())
                    .doesNotContain("href");
            assertThat(box.post(
                                    "/api/models/acme-lab/closed/paths-info/main",
                                    "application/json",
                                    "{\"paths\": [\"weights.bin\"]}")
                            .status())
                    .isEqualTo(401);
            assertThat(box.post("/-/prefetch", "application/json", "{\"repo\": \"acme-lab/closed\"}")
                            .status())
                    .isEqualTo(401);
            assertThat(box.get("/-/status").text() + box.get("/-/metrics").text())
                    .doesNotContain(Samples.TOKEN);
            // Nor do they learn its name from what is being filled.
            assertThat(box.get("/-/status", "X-Forwarded-For", "192.0.2.1").text())
                    .doesNotContain("acme-lab/closed", "weights.bin");
        }
    }
}
