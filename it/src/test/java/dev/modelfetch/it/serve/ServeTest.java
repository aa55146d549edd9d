package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.it.e2e.Running;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Outage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of the Hub find at a box: serving.md, and sections 4 to 6 of what it promises. */
class ServeTest {

    private static final String FILE = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;
    private static final byte[] BYTES = Samples.WEIGHTS.toByteArray();
    private static final int SIZE = BYTES.length;

    /** What a hub may have sent in vain when the end of a file was shared out anew. */
    private static final long UNDER_WAY = 2 << 20;

    @RegisterExtension
    final Lab lab = Lab.of(
            List.of(Samples.MODEL, Samples.DATASET, Samples.GATED),
            List.of(Samples.MODEL.at("modelscope"), Samples.ELSEWHERE));

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final List<Served> boxes = new ArrayList<>();

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

    private static String commit() {
        return Samples.MODEL.head().id();
    }

    private static byte[] bytes(int from, int to) {
        return Arrays.copyOfRange(BYTES, from, to);
    }

    // --- what is listed

    @Test
    void aRepositoryIsDescribedAsTheHubDoesWithoutAWordOfXet() throws Exception {
        Served box = box();

        Served.Got info = box.get("/api/models/" + Samples.ID + "/revision/main?blobs=true");

        assertThat(info.status()).isEqualTo(200);
        assertThat(info.json().get("id").getAsString()).isEqualTo(Samples.ID);
        assertThat(info.json().get("sha").getAsString()).isEqualTo(commit());
        assertThat(info.header("X-Repo-Commit")).isEqualTo(commit());
        assertThat(info.text().toLowerCase(java.util.Locale.ROOT)).doesNotContain("xet");
        assertThat(box.get("/api/models/" + Samples.ID + "/revision/HEAD")
                        .json()
                        .get("sha"))
                .isEqualTo(info.json().get("sha"));
        assertThat(box.get("/api/datasets/acme-lab/rows").json().get("id").getAsString())
                .isEqualTo("acme-lab/rows");
        JsonObject branch = box.get("/api/models/" + Samples.ID + "/refs")
                .json()
                .getAsJsonArray("branches")
                .get(0)
                .getAsJsonObject();
        assertThat(branch.get("name").getAsString()).isEqualTo("main");
        assertThat(branch.get("targetCommit").getAsString()).isEqualTo(commit());
    }

    @Test
    void aTreeHasFoldersAndFilesInOnePageUnlessPagesAreAskedFor() throws Exception {
        Served box = box();
        String tree = "/api/models/" + Samples.ID + "/tree/main";

        assertThat(box.get(tree + "?recursive=true").each("path"))
                .containsExactlyInAnyOrder("a folder", "a folder/with #1.txt", "config.json", "empty.txt", Samples.BIG);
        assertThat(box.get(tree).each("path"))
                .containsExactlyInAnyOrder("a folder", "config.json", "empty.txt", Samples.BIG);
        assertThat(box.get(tree + "/a%20folder").each("path")).containsExactly("a folder/with #1.txt");
        Served.Got missing = box.get(tree + "/nowhere");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.header("X-Error-Code")).isEqualTo("EntryNotFound");
        assertThat(missing.header("X-Repo-Commit")).isEqualTo(commit());
        Served.Got page = box.get(tree + "?recursive=true&limit=2");
        assertThat(page.rows()).hasSize(2);
        assertThat(page.header("Link"))
                .isEqualTo("<" + box.endpoint() + tree + "?recursive=true&limit=2&cursor=2>; rel=\"next\"");
        assertThat(box.get(tree + "?recursive=true&limit=2&cursor=4").rows()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/x-www-form-urlencoded | paths=config.json&paths=a%20folder&paths=none&expand=true",
                "application/json | {\"paths\": [\"config.json\", \"a folder\", \"none\"], \"expand\": true}"
            })
    void pathsAreDescribedOnesThatAreThere(String type, String body) throws Exception {
        Served.Got rows = box().post("/api/models/" + Samples.ID + "/paths-info/main", type, body);

        assertThat(rows.each("path")).containsExactlyInAnyOrder("config.json", "a folder");
        assertThat(rows.rows()
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonObject("lastCommit")
                        .get("id")
                        .getAsString())
                .isEqualTo(commit());
    }

    // --- files

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void aFileHasTheSameHeadersWhoeverAsksHow(String method) throws Exception {
        Served box = box();

        Served.Got file = method.equals("GET") ? box.get(FILE) : box.head(FILE);

        String sha256 = Samples.WEIGHTS.sha256();
        assertThat(file.status()).isEqualTo(200);
        assertThat(file.header("ETag")).isEqualTo("\"" + sha256 + "\"");
        assertThat(file.header("X-Linked-Etag")).isEqualTo("\"" + sha256 + "\"");
        assertThat(file.header("X-Linked-Size")).isEqualTo(String.valueOf(SIZE));
        assertThat(file.header("Content-Length")).isEqualTo(String.valueOf(SIZE));
        assertThat(file.header("X-Repo-Commit")).isEqualTo(commit());
        assertThat(file.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(file.header("Repr-Digest")).startsWith("sha-256=:");
        assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(file.body()).isEqualTo(method.equals("GET") ? BYTES : new byte[0]);
    }

    @Test
    void whatIsStoredAtACommitIsAnsweredWithoutAskingAnybody() throws Exception {
        Served box = box();
        assertThat(box.get(FILE).body()).isEqualTo(BYTES);
        lab.ledger().clear();

        String atCommit = FILE.replace("/main/", "/" + commit() + "/");
        assertThat(box.get(atCommit).body()).isEqualTo(BYTES);
        assertThat(box.head("/" + Samples.ID + "/resolve/" + commit() + "/config.json")
                        .status())
                .isEqualTo(200);
        assertThat(box.get("/api/models/" + Samples.ID + "/tree/" + commit()).status())
                .isEqualTo(200);

        assertThat(lab.ledger().visits()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rangesAreServedColdAndWarm(boolean warm) throws Exception {
        Served box = box();
        if (warm) {
            assertThat(box.get(FILE).status()).isEqualTo(200);
        }
        Served.Got middle = box.get(FILE, "Range", "bytes=1000000-1000999");
        assertThat(middle.status()).isEqualTo(206);
        assertThat(middle.header("Content-Range")).isEqualTo("bytes 1000000-1000999/" + SIZE);
        assertThat(middle.body()).isEqualTo(bytes(1_000_000, 1_001_000));
        assertThat(box.get(FILE, "Range", "bytes=" + (SIZE - 10) + "-").body()).isEqualTo(bytes(SIZE - 10, SIZE));
        assertThat(box.get(FILE, "Range", "bytes=-10").body()).isEqualTo(bytes(SIZE - 10, SIZE));
        assertThat(box.get(FILE, "Range", "bytes=5-" + SIZE * 2L).body()).isEqualTo(bytes(5, SIZE));
        assertThat(box.get(FILE, "Range", "bytes=0-1,5-6").status()).isEqualTo(200);
        Served.Got beyond = box.get(FILE, "Range", "bytes=" + SIZE + "-");
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(beyond.header("Content-Range")).isEqualTo("bytes */" + SIZE);
    }

    @Test
    void aRangeOfAnotherVersionIsAllOfThisOneAndWhatIsKnownIsNotSentAgain() throws Exception {
        Served box = box();
        String etag = box.head(FILE).header("ETag");

        assertThat(box.get(FILE, "Range", "bytes=5-6", "If-Range", etag).status())
                .isEqualTo(206);
        assertThat(box.get(FILE, "Range", "bytes=5-6", "If-Range", "\"other\"").body())
                .isEqualTo(BYTES);
        Served.Got known = box.get(FILE, "If-None-Match", "W/\"other\", " + etag);
        assertThat(known.status()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
        assertThat(box.head(FILE, "If-None-Match", "\"other\"").status()).isEqualTo(200);
    }

    @Test
    void ofAnEmptyFileEveryRangeIsAllOfIt() throws Exception {
        Served.Got empty = box().get("/" + Samples.ID + "/resolve/main/empty.txt", "Range", "bytes=0-0");

        assertThat(empty.status()).isEqualTo(200);
        assertThat(empty.header("Content-Length")).isEqualTo("0");
        assertThat(empty.header("Content-Range")).isEqualTo("bytes */0");
    }

    @Test
    void rawIsWhatGitHas() throws Exception {
        Served box = box();

        assertThat(box.get("/" + Samples.ID + "/raw/main/" + Samples.BIG).text())
                .startsWith("version https://git-lfs")
                .contains("oid sha256:" + Samples.WEIGHTS.sha256(), "size " + SIZE);
        assertThat(box.get("/" + Samples.ID + "/raw/main/a%20folder/with%20%231.txt")
                        .text())
                .isEqualTo("hello\n");
        assertThat(box.head("/" + Samples.ID + "/raw/main/none").status()).isEqualTo(404);
    }

    @Test
    void aStoredFileIsFoundByItsDigest() throws Exception {
        Served box = box();
        String blob = "/blobs/sha256/" + Samples.WEIGHTS.sha256();
        assertThat(box.get(blob).status()).isEqualTo(404);
        assertThat(box.get(FILE).status()).isEqualTo(200);

        Served.Got found = box.get(blob, "Range", "bytes=7-8");

        assertThat(found.body()).isEqualTo(bytes(7, 9));
        assertThat(found.header("Cache-Control")).contains("immutable");
    }

    @Test
    void gitLfsIsToldWhereTheFilesAre() throws Exception {
        Served box = box();
        String batch = "{\"operation\": \"download\", \"objects\": [{\"oid\": \"" + Samples.WEIGHTS.sha256()
                + "\", \"size\": " + SIZE + "}, {\"oid\": \"" + "0".repeat(64) + "\", \"size\": 1}]}";

        JsonObject answer = box.post(
                        "/" + Samples.ID + ".git/info/lfs/objects/batch", "application/vnd.git-lfs+json", batch)
                .json();

        JsonObject first = answer.getAsJsonArray("objects").get(0).getAsJsonObject();
        String link = first.getAsJsonObject("actions")
                .getAsJsonObject("download")
                .get("href")
                .getAsString();
        assertThat(link).startsWith(box.endpoint());
        assertThat(box.get(link.substring(box.endpoint().length())).body()).isEqualTo(BYTES);
        assertThat(answer.getAsJsonArray("objects")
                        .get(1)
                        .getAsJsonObject()
                        .getAsJsonObject("error")
                        .get("code")
                        .getAsInt())
                .isEqualTo(404);
    }

    @Test
    void aRepositoryThatModelScopeAloneHasIsServedUnderItsName() throws Exception {
        Served box = box();

        Served.Got tree = box.get("/api/models/mo-lab/only/tree/main?recursive=true");
        Served.Got file = box.get("/mo-lab/only/resolve/main/model.safetensors");

        assertThat(tree.each("path")).contains("config.json", "model.safetensors");
        Content weights = Content.generated(7, 200_000);
        assertThat(file.body()).isEqualTo(weights.toByteArray());
        assertThat(file.header("ETag")).isEqualTo("\"" + weights.sha256() + "\"");
        // Without a git of its own every file is shown as a large one, whose digest is known.
        assertThat(tree.rows()).allMatch(row -> row.getAsJsonObject().has("lfs"));
    }

    // --- what is not there

    @Test
    void whatIsMissingSaysOfWhichKindItIs() throws Exception {
        Served box = box();
        for (String line : List.of(
                "/acme-lab/served/resolve/main/none.txt 404 EntryNotFound",
                "/acme-lab/none/resolve/main/config.json 404 RepoNotFound",
                "/acme-lab/served/resolve/none/config.json 404 RevisionNotFound",
                "/api/models/acme-lab/none 404 RepoNotFound",
                "/api/models/acme-lab/served/revision/none 404 RevisionNotFound",
                "/api/models/acme-lab/served/xet-read-token/main 404 -",
                "/api/agent-harnesses 404 -",
                "/acme-lab/served/resolve/main/..%2f..%2fetc/passwd 404 -",
                "/acme-lab/served.git/info/refs?service=git-upload-pack 404 -",
                "/-/nothing 404 -",
                "/ 404 -",
                "/api/whoami-v2 401 -")) {
            String[] words = line.split(" ");

            Served.Got missing = box.get(words[0]);

            assertThat(String.valueOf(missing.status())).as(line).isEqualTo(words[1]);
            String code = missing.header("X-Error-Code");
            assertThat(code.isEmpty() ? "-" : code).as(line).isEqualTo(words[2]);
            assertThat(missing.json().get("error").getAsString()).as(line).isNotEmpty();
        }
    }

    @Test
    void whoComesByAnotherNameIsNotLetIn() throws Exception {
        Served box = box();
        Process curl = new ProcessBuilder(
                        "curl",
                        "-s",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code}",
                        "-H",
                        "Host: rebound.example",
                        box.endpoint() + FILE)
                .start();

        assertThat(new String(curl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("403");
    }

    // --- while it is filled

    private void slowDown(long rate) {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(rate));
        lab.hubs().mirror().dataFaults().add(Fault.totalRate(rate));
        lab.hubs().modelScope().dataFaults().add(Fault.totalRate(rate));
    }

    @Test
    void manyReadersOfAColdFileCostItsBytesOnce() throws Exception {
        slowDown(8 << 20);
        Served box = box();
        // All of their bytes together would be more than this process has room for.
        List<Callable<byte[]>> readers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            readers.add(() -> sha256(box.client()
                    .send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream())
                    .body()));
        }

        byte[] expected = sha256(new ByteArrayInputStream(BYTES));
        for (Future<byte[]> reader : clients.invokeAll(readers)) {
            assertThat(reader.get()).isEqualTo(expected);
        }

        assertThat(lab.ledger().bytesSent(Samples.BIG)).isLessThan(SIZE + UNDER_WAY);
    }

    private static byte[] sha256(InputStream body) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[64 << 10];
        try (body) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return digest.digest();
    }

    @Test
    void aReaderThatGoesAwayAndOneThatTakesNothingHoldUpNobody() throws Exception {
        slowDown(16 << 20);
        Served box = box();
        HttpResponse<InputStream> stalled =
                box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());
        HttpResponse<InputStream> gone =
                box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(gone.body().read()).isEqualTo(BYTES[0] & 0xff);
        gone.body().close();

        assertThat(box.get(FILE).body()).isEqualTo(BYTES);

        assertThat(stalled.body().readAllBytes()).isEqualTo(BYTES);
    }

    @Test
    void killedOutrightItGoesOnAndReadersComeBackForTheRest() throws Exception {
        slowDown(4 << 20);
        Served first = box("--source", "huggingface");
        HttpResponse<InputStream> begun =
                first.client().send(first.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());
        byte[] had = begun.body().readNBytes(8 << 20);
        first.kill();
        assertThat(had).isEqualTo(bytes(0, had.length));
        lab.ledger().clear();

        Served second = box("--source", "huggingface");
        Served.Got rest = second.get(FILE, "Range", "bytes=" + had.length + "-");

        assertThat(rest.status()).isEqualTo(206);
        assertThat(rest.body()).isEqualTo(bytes(had.length, SIZE));
        // Each writer may lose the last of what it had; what the reader had been sent had long been written.
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isLessThan(SIZE - (had.length >> 1));
        assertThat(second.get(FILE).body()).isEqualTo(BYTES);
    }

    @Test
    void anOriginThatDiesInMidFileIsWaitedForOrReplaced() throws Exception {
        slowDown(4 << 20);
        Served box = box();
        HttpResponse<InputStream> begun =
                box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());
        byte[] had = begun.body().readNBytes(2 << 20);
        lab.hubs().huggingFace().away(Outage.refused());
        lab.hubs().mirror().away(Outage.refused());
        lab.hubs().modelScope().away(Outage.refused());
        Future<byte[]> rest = clients.submit(() -> begun.body().readAllBytes());
        lab.hubs().mirror().back();

        assertThat(rest.get()).isEqualTo(bytes(had.length, SIZE));
    }

    // --- wrong bytes

    @Test
    void wrongBytesEndShortAndTheResumeIsAnsweredWithAllOfIt() throws Exception {
        lab.hubs()
                .huggingFace()
                .dataFaults()
                .add(Fault.flip(Samples.BIG, 1_000_000).times(1));
        slowDown(16 << 20);
        Served box = box("--source", "huggingface");
        HttpResponse<InputStream> wrong =
                box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());

        byte[] had = wrong.body().readNBytes(2 << 20);
        assertThatThrownBy(() -> wrong.body().readAllBytes()).isInstanceOf(IOException.class);

        assertThat(had[1_000_000]).isNotEqualTo(BYTES[1_000_000]);
        Served.Got resumed = box.get(FILE, "Range", "bytes=" + had.length + "-");
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.body()).isEqualTo(BYTES);
        // This one takes no answer but 206 for what it asks, and would put all of it behind what it has.
        assertThat(box.get(FILE, "Range", "bytes=" + had.length + "-", "User-Agent", "Wget/1.21.3")
                        .status())
                .isEqualTo(409);
        assertThat(box.get("/-/metrics").text()).contains("modelfetch_tainted_readers_total 1");
    }

    @Test
    void nobodyGetsTheEndOfAFileThatNobodyHasRight() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.flip(Samples.BIG, SIZE - 100_000));
        Served box = box("--source", "huggingface");
        HttpResponse<InputStream> wrong =
                box.client().send(box.request(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());

        assertThatThrownBy(() -> wrong.body().readAllBytes()).isInstanceOf(IOException.class);
        assertThat(blobs()).isEmpty();
    }

    private List<Path> blobs() throws IOException {
        Path blobs = lab.cache().resolve("models--acme-lab--served/blobs");
        try (var files = Files.list(blobs)) {
            return files.toList();
        }
    }

    // --- hubs away

    @Test
    void withTheHubsAwayWhatIsStoredIsServedAndWhatIsNotIsNoMissingFile() throws Exception {
        Served box = box();
        assertThat(box.get(FILE).status()).isEqualTo(200);
        lab.hubs().huggingFace().away(Outage.refused());
        lab.hubs().mirror().away(Outage.refused());
        lab.hubs().modelScope().away(Outage.refused());

        assertThat(box.get(FILE).body()).isEqualTo(BYTES);
        assertThat(box.get("/" + Samples.ID + "/resolve/main/none.txt").header("X-Error-Code"))
                .isEqualTo("EntryNotFound");
        assertThat(box.get("/acme-lab/other/resolve/main/config.json").status()).isEqualTo(504);
        box.kill();

        Served offline = box("--offline");
        assertThat(offline.get(FILE).body()).isEqualTo(BYTES);
        assertThat(offline.get("/acme-lab/other/resolve/main/config.json").status())
                .isEqualTo(504);
    }

    // --- gated

    @Test
    void aGatedFileIsForThoseAloneToWhomTheHubShowsIt() throws Exception {
        Served box = box();
        String file = "/acme-lab/closed/resolve/main/weights.bin";
        byte[] content = Content.generated(6, 300_000).toByteArray();

        assertThat(box.get(file).status()).isEqualTo(401);
        assertThat(box.get(file).header("X-Error-Code")).isEqualTo("GatedRepo");
        assertThat(box.get(file, "Authorization", "Bearer " + Samples.TOKEN).body())
                .isEqualTo(content);
        assertThat(box.get(file).status()).isEqualTo(401);
        assertThat(box.head(file).header("ETag")).isEmpty();
        assertThat(box.get(file, "Authorization", "Bearer hf_wrong").status()).isIn(401, 403);
        assertThat(box.get("/blobs/sha256/" + Content.generated(6, 300_000).sha256())
                        .status())
                .isEqualTo(404);
        assertThat(lab.ledger().hostsThatSaw(Samples.TOKEN)).containsExactly("huggingface");
        assertThat(Files.readString(lab.cache().resolve("models--acme-lab--closed/.modelfetch/bindings.json")))
                .doesNotContain(Samples.TOKEN);
        box.kill();

        // Nobody can be asked, so nobody is believed.
        Served offline = box("--offline");
        assertThat(offline.get(file).status()).isEqualTo(401);
        assertThat(offline.get(file, "Authorization", "Bearer " + Samples.TOKEN).status())
                .isEqualTo(403);
    }

    // --- the operator's

    @Test
    void theOperatorSeesWhatGoesOn() throws Exception {
        Served box = box();
        assertThat(box.get("/-/live").status()).isEqualTo(200);
        assertThat(box.get("/-/ready").status()).isEqualTo(200);
        assertThat(box.get("/-/about").json().get("name").getAsString()).isEqualTo("modelfetch");
        assertThat(box.get(FILE).status()).isEqualTo(200);

        assertThat(box.get("/-/metrics").text())
                .contains("modelfetch_served_bytes_total{from=\"filling\"} " + SIZE)
                .contains("# TYPE modelfetch_fillings gauge");
        assertThat(box.get("/-/status").json().get("bytesServed").getAsLong()).isEqualTo(SIZE);
        assertThat(box.get("/-/status", "Accept", "text/html").text()).startsWith("<!doctype html>");
    }

    @Test
    void aPrefetchFillsWhatLaterReadersWant() throws Exception {
        Served box = box();
        Served.Got accepted = box.post(
                "/-/prefetch", "application/json", "{\"repo\": \"" + Samples.ID + "\", \"exclude\": [\"*.txt\"]}");
        assertThat(accepted.status()).isEqualTo(202);
        String id = accepted.json().get("id").getAsString();

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> box.get("/-/prefetch/" + id)
                        .json()
                        .get("state")
                        .getAsString()
                        .equals("done"));
        lab.ledger().clear();

        assertThat(box.get(FILE.replace("/main/", "/" + commit() + "/")).body()).isEqualTo(BYTES);
        assertThat(lab.ledger().visits()).isEmpty();
        assertThat(box.post("/-/prefetch", "application/json", "[]").status()).isEqualTo(400);
        assertThat(box.get("/-/prefetch/none").status()).isEqualTo(404);
    }

    @Test
    void aPolicyRefusesWithItsReason() throws Exception {
        Path policy = lab.home().resolve("policy.json");
        Files.writeString(
                policy,
                "{\"v\": 1, \"rules\": [{\"deny\": {\"path\": \"*.bin\"}, \"because\": \"pickles run code\"},"
                        + " {\"deny\": {\"id\": \"acme-lab/rows\"}}]}");
        Served box = box("--policy", policy.toString());

        Served.Got refused = box.get(FILE);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("X-Error-Message")).isEqualTo("pickles run code");
        assertThat(box.get("/" + Samples.ID + "/resolve/main/config.json").status())
                .isEqualTo(200);
        assertThat(box.get("/api/datasets/acme-lab/rows").status()).isEqualTo(403);
    }

    @Test
    void aTermSignalIsItsRegularEnd() throws Exception {
        Served box = box();
        assertThat(box.get(FILE).status()).isEqualTo(200);

        Running.Ended ended = box.running().signal("TERM").end().exits(143);

        assertThat(ended.err()).doesNotContain("rror", "nterrupted");
    }

    @Test
    void twoBoxesInARowAndOurOwnProgramBehindThem() throws Exception {
        Served far = box();
        Served near = Served.start(
                lab,
                "--source",
                "mirror",
                "--cache-dir",
                lab.home().resolve("near").toString(),
                "--endpoint",
                "mirror=" + far.endpoint());
        boxes.add(near);

        assertThat(near.get(FILE).body()).isEqualTo(BYTES);
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isLessThan(SIZE + UNDER_WAY);
        Path fetched = lab.program()
                .start(
                        Samples.ID,
                        "--source",
                        "mirror",
                        "--endpoint",
                        "mirror=" + near.endpoint(),
                        "--cache-dir",
                        lab.home().resolve("own").toString())
                .end()
                .path();
        assertThat(Files.readAllBytes(fetched.resolve(Samples.BIG))).isEqualTo(BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", Samples.ID, "--help"})
    void nothingOfTheServerIsLoadedByAnybodyElse(String word) throws Exception {
        Path classes = lab.home().resolve("classes.txt");

        lab.program()
                .with("JAVA_TOOL_OPTIONS", "-Xlog:class+load=info:file=" + classes)
                .start(word)
                .end()
                .exits(0);

        assertThat(Files.readString(classes))
                .contains("dev.modelfetch.cli.Main")
                .doesNotContain("io.undertow", "org.xnio", "dev.modelfetch.serve.");
    }
}
