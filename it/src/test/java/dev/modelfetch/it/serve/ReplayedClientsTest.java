package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.modelfetch.it.e2e.Lab;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The requests of clients that cannot be had in a test, one after the other, with what each of them looks at (serving.md 3). */
class ReplayedClientsTest {

    private static final byte[] BYTES = Samples.WEIGHTS.toByteArray();

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    private static String header(Served.Got got, String name) {
        assertThat(got.header(name)).as(name).isNotEmpty();
        return got.header(name);
    }

    @Test
    void llamaCpp() throws Exception {
        Served box = boxes.box();

        // Only a commit of forty digits will do, and only the first page is read.
        JsonObject main = StreamSupport.stream(
                        box.get("/api/models/" + Samples.ID + "/refs")
                                .json()
                                .getAsJsonArray("branches")
                                .spliterator(),
                        false)
                .map(JsonElement::getAsJsonObject)
                .filter(branch -> branch.get("name").getAsString().equals("main"))
                .findFirst()
                .orElseThrow();
        String commit = main.get("targetCommit").getAsString();
        assertThat(commit).matches("[0-9a-f]{40}");
        Served.Got tree = box.get("/api/models/" + Samples.ID + "/tree/" + commit + "?recursive=true");
        assertThat(tree.header("Link")).isEmpty();
        List<String> files = new ArrayList<>();
        for (JsonElement each : tree.rows()) {
            JsonObject row = each.getAsJsonObject();
            if (row.get("type").getAsString().equals("file")) {
                JsonElement oid = row.has("lfs") ? row.getAsJsonObject("lfs").get("oid") : row.get("oid");
                assertThat(oid.getAsString()).matches("[0-9a-f]{40}|[0-9a-f]{64}");
                files.add(row.get("path").getAsString());
            }
        }
        assertThat(files).contains("a folder/with #1.txt", Samples.BIG);
        String file = "/" + Samples.ID + "/resolve/" + commit + "/" + Samples.BIG;
        Served.Got head = box.head(file);
        assertThat(head.status()).isEqualTo(200);
        assertThat(header(head, "ETag")).isNotEmpty();
        assertThat(header(head, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(head, "Content-Length")).isEqualTo(String.valueOf(BYTES.length));
        Served.Got rest = box.get(file, "Range", "bytes=1000000-");
        assertThat(rest.status()).isEqualTo(206);
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(BYTES, 1_000_000, BYTES.length));
    }

    @Test
    void vllmAndTransformers() throws Exception {
        Served box = boxes.box();

        String commit = box.get("/api/models/" + Samples.ID + "/revision/main")
                .json()
                .get("sha")
                .getAsString();
        assertThat(box.get("/api/models/" + Samples.ID + "/tree/" + commit + "?recursive=true&expand=false")
                        .each("path"))
                .contains("config.json", Samples.BIG);
        for (String optional : List.of("generation_config.json", "adapter_config.json", "chat_template.jinja")) {
            Served.Got none = box.head("/" + Samples.ID + "/resolve/" + commit + "/" + optional);
            // Only then is it written down that there is none, and not asked for again.
            assertThat(none.status()).isEqualTo(404);
            assertThat(header(none, "X-Error-Code")).isEqualTo("EntryNotFound");
            assertThat(header(none, "X-Repo-Commit")).isEqualTo(commit);
        }
        Served.Got templates = box.get("/api/models/" + Samples.ID + "/tree/" + commit
                + "/additional_chat_templates?recursive=false&expand=false");
        assertThat(templates.status()).isEqualTo(404);
        assertThat(header(templates, "X-Error-Code")).isEqualTo("EntryNotFound");
        String file = "/" + Samples.ID + "/resolve/" + commit + "/" + Samples.BIG;
        Served.Got head = box.head(file);
        assertThat(header(head, "X-Repo-Commit")).isEqualTo(commit);
        assertThat(box.get(file).body()).isEqualTo(BYTES);
    }

    @Test
    void rustClientsOfOld() throws Exception {
        Served box = boxes.box();
        String file = "/" + Samples.ID + "/resolve/main/" + Samples.BIG;

        Served.Got first = box.get(file, "Range", "bytes=0-0");

        assertThat(first.status()).isEqualTo(206);
        assertThat(header(first, "X-Repo-Commit")).hasSize(40);
        assertThat(header(first, "ETag")).startsWith("\"");
        assertThat(header(first, "Content-Range")).isEqualTo("bytes 0-0/" + BYTES.length);
        assertThat(box.get("/api/models/" + Samples.ID).json().getAsJsonArray("siblings"))
                .isNotEmpty();
        assertThat(box.get("/" + Samples.ID + "/resolve/main/empty.txt", "Range", "bytes=0-0")
                        .header("Content-Range"))
                .isEqualTo("bytes */0");
    }
}
