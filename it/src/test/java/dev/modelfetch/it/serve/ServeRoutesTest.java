package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of the Hub find at a box: serving.md 2 and 6. */
class ServeRoutesTest {

    private static final String FILE = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;
    private static final byte[] BYTES = Samples.WEIGHTS.toByteArray();
    private static final int SIZE = BYTES.length;

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    private static String commit() {
        return Samples.MODEL.head().id();
    }

    private static byte[] bytes(int from, int to) {
        return Arrays.copyOfRange(BYTES, from, to);
    }

    // --- what is listed

    @Test
    void aRepositoryIsDescribedAsTheHubDoesWithoutAWordOfXet() throws Exception {
        Served box = boxes.box();

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
        Served box = boxes.box();
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
        Served.Got rows = boxes.box().post("/api/models/" + Samples.ID + "/paths-info/main", type, body);

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
        Served box = boxes.box();

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
        Served box = boxes.box();
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
        Served box = boxes.box();
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
        Served box = boxes.box();
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
        Served.Got empty = boxes.box().get("/" + Samples.ID + "/resolve/main/empty.txt", "Range", "bytes=0-0");

        assertThat(empty.status()).isEqualTo(200);
        assertThat(empty.header("Content-Length")).isEqualTo("0");
        assertThat(empty.header("Content-Range")).isEqualTo("bytes */0");
    }

    @Test
    void rawIsWhatGitHas() throws Exception {
        Served box = boxes.box();

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
        Served box = boxes.box();
        String blob = "/blobs/sha256/" + Samples.WEIGHTS.sha256();
        assertThat(box.get(blob).status()).isEqualTo(404);
        assertThat(box.get(FILE).status()).isEqualTo(200);

        Served.Got found = box.get(blob, "Range", "bytes=7-8");

        assertThat(found.body()).isEqualTo(bytes(7, 9));
        assertThat(found.header("Cache-Control")).contains("immutable");
    }

    @Test
    void gitLfsIsToldWhereTheFilesAre() throws Exception {
        Served box = boxes.box();
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
        Served box = boxes.box();

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
        Served box = boxes.box();
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
        Served box = boxes.box();
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
}
