package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code fetch cache ls | rm | prune | verify} on caches that the program itself and the Python library filled. */
class CacheCommandTest {

    private static final Repository MODEL = Samples.SMALL;
    private static final Repository POEMS = Repository.dataset("acme-lab/poems").file("poems.txt", "roses\n");
    private static final String KEY = "model/acme-lab/tiny";
    private static final String DETACHED = "d".repeat(40);

    @RegisterExtension
    final Lab lab = Lab.of(MODEL, POEMS);

    private Path folder() {
        return lab.cache().resolve("models--acme-lab--tiny");
    }

    private Path blob(String path) {
        return folder().resolve("blobs").resolve(MODEL.head().files().get(path).etag());
    }

    private Path snapshot(String commit) {
        return folder().resolve("snapshots").resolve(commit);
    }

    /** As the Python library does: blobs, links and a ref, and not one record of ours (huggingface.md 5.2). */
    private void fillAsPythonDoes() throws IOException {
        for (StoredFile file : MODEL.head().files().values()) {
            Files.createDirectories(blob(file.path()).getParent());
            Files.write(blob(file.path()), file.content().toByteArray());
            link(MODEL.head().id(), file.path(), blob(file.path()));
        }
        Files.createDirectories(folder().resolve("refs"));
        Files.writeString(folder().resolve("refs/main"), MODEL.head().id());
    }

    /** A revision to which no branch points any more; the weights are those of the current one. */
    private Path addDetachedRevision() throws IOException {
        Path old = folder().resolve("blobs").resolve("0".repeat(40));
        Files.write(old, new byte[500]);
        link(DETACHED, "config.json", old);
        link(DETACHED, "model.safetensors", blob("model.safetensors"));
        return old;
    }

    private void link(String commit, String path, Path blob) throws IOException {
        Path link = snapshot(commit).resolve(path);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, link.getParent().relativize(blob));
    }

    private static void age(Path file, Duration time) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(time)));
    }

    private static List<JsonObject> objects(JsonObject json, String key) {
        return StreamSupport.stream(json.getAsJsonArray(key).spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private Running.Ended cache(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "cache";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        // Nobody may be asked anything, so it need not be said where hubs are.
        return lab.away().run(all);
    }

    @Test
    void whatOnlyPythonStoredIsListed() throws Exception {
        fillAsPythonDoes();
        addDetachedRevision();
        Files.write(blob("config.json").resolveSibling("e".repeat(64) + ".incomplete"), new byte[4000]);

        Running.Ended table = cache("ls").exits(0);
        JsonObject json = cache("ls", "--json").exits(0).json();
        Running.Ended commits = cache("ls", "--revisions", "-q").exits(0);

        assertThat(table.out().lines().toList())
                .hasSize(3)
                .element(1)
                .asString()
                .startsWith(KEY + "  300.5 kB");
        assertThat(table.out()).contains("1 repository, 2 revisions").doesNotContain("VERIFIED");
        assertThat(table.err()).contains("1 file of unfinished downloads, 4.0 kB");
        JsonObject model = objects(json, "repositories").get(0);
        assertThat(model.get("id").getAsString()).isEqualTo(KEY);
        assertThat(model.get("size").getAsLong())
                .isEqualTo(300_500 + Files.size(blob("README.md")) + Files.size(blob("config.json")));
        assertThat(model.get("unfinished").getAsLong()).isEqualTo(4000);
        assertThat(commits.out().lines()).containsExactlyInAnyOrder(MODEL.head().id(), DETACHED);
    }

    @Test
    void whatWeStoredHasItsSourceAndWhoVouchesForIt() throws Exception {
        lab.program().run(MODEL.id(), "--source", "hf").exits(0);
        lab.program().run(POEMS.id(), "--dataset", "--source", "modelscope").exits(0);

        Running.Ended table = cache("ls", "--sort", "size").exits(0);
        JsonObject dataset = objects(
                        cache("ls", "--json", "-f", "type=dataset").exits(0).json(), "repositories")
                .get(0);

        assertThat(table.out().lines().skip(1).limit(2))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(KEY).containsPattern("main +huggingface +origin"),
                        line -> assertThat(line)
                                .startsWith("dataset/acme-lab/poems")
                                .contains("modelscope"));
        assertThat(dataset.get("id").getAsString()).isEqualTo("dataset/acme-lab/poems");
        assertThat(dataset.getAsJsonArray("sources")).hasSize(1);
    }

    @Test
    void aCacheThatIsNotThereIsEmpty() throws Exception {
        assertThat(cache("ls").exits(0).out()).contains("nothing is stored in " + lab.cache());
        assertThat(objects(cache("ls", "--json").exits(0).json(), "repositories"))
                .isEmpty();
        cache("prune", "-y").exits(0);
        cache("verify").exits(0);
        assertThat(lab.filesAtHome()).isEmpty();
    }

    @Test
    void nothingIsDeletedUnlessSomebodySaysSo() throws Exception {
        fillAsPythonDoes();
        addDetachedRevision();
        List<String> before = lab.filesAtHome();

        Running.Ended refused =
                lab.away().reading("y\n").run("cache", "rm", KEY).exits(2);
        cache("prune").exits(2);
        cache("prune", "--dry-run", "--json").exits(0);
        Running.Ended dry = cache("rm", MODEL.id(), "--dry-run").exits(0);
        cache("rm", KEY, "acme-lab/tinny", "-y").exits(8);

        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("-y", "--dry-run");
        assertThat(dry.out()).contains(KEY + "  everything");
        assertThat(lab.filesAtHome()).isEqualTo(before);
    }

    @Test
    void aRevisionGoesAndWhatAnotherSharesStays() throws Exception {
        fillAsPythonDoes();
        Path old = addDetachedRevision();

        JsonObject done = cache("rm", "dddd", "-y", "--json").exits(0).json();

        assertThat(done.get("freed").getAsLong()).isEqualTo(500);
        assertThat(snapshot(DETACHED)).doesNotExist();
        assertThat(old).doesNotExist();
        assertThat(Contents.of(snapshot(MODEL.head().id()))).isEqualTo(Contents.of(MODEL));
    }

    @Test
    void aRepositoryGoesWithEverythingAndNoOther() throws Exception {
        fillAsPythonDoes();
        lab.program().run(POEMS.id(), "--dataset").exits(0);

        cache("rm", "-y", "hf://" + MODEL.id()).exits(0);

        assertThat(folder()).doesNotExist();
        assertThat(cache("ls", "-q").exits(0).out().lines()).containsExactly("dataset/acme-lab/poems");
    }

    @Test
    void whatLsPrintsRmUnderstands() throws Exception {
        fillAsPythonDoes();
        lab.program().run(POEMS.id(), "--dataset").exits(0);

        List<String> names = cache("ls", "-q").exits(0).out().lines().toList();
        List<String> commits =
                cache("ls", "-q", "--revisions").exits(0).out().lines().toList();

        assertThat(names).hasSize(2);
        for (String name : names) {
            cache("rm", name, "--dry-run").exits(0);
        }
        cache("rm", "-y", commits.get(0), commits.get(1)).exits(0);
        assertThat(cache("ls", "-q").exits(0).out()).isEmpty();
    }

    @Test
    void whatAnotherProgramIsDownloadingIntoStaysAndThatIsAFailureOfRm() throws Exception {
        fillAsPythonDoes();
        addDetachedRevision();
        Files.write(blob("config.json").resolveSibling("e".repeat(64) + ".incomplete"), new byte[10]);

        Running.Ended named = cache("rm", KEY, "-y").exits(7);
        Running.Ended pruned = cache("prune", "-y").exits(0);

        assertThat(named.out()).isEqualTo("freed 0 B\n");
        assertThat(named.err()).contains("note: " + folder() + " stays: it is being fetched into.");
        assertThat(pruned.err()).contains("stays: it is being fetched into.");
        assertThat(snapshot(DETACHED)).exists();
    }

    @Test
    void pruneTakesDetachedRevisionsAndWhatOthersAbandoned() throws Exception {
        fillAsPythonDoes();
        addDetachedRevision();
        Path fresh = blob("config.json").resolveSibling("e".repeat(64) + ".incomplete");
        Path abandoned = blob("config.json").resolveSibling("f".repeat(64) + ".incomplete");
        Files.write(fresh, new byte[10]);
        Files.write(abandoned, new byte[4000]);
        age(fresh, Duration.ofHours(2));
        age(abandoned, Duration.ofDays(2));

        Running.Ended done = cache("prune", "-y").exits(0);

        assertThat(done.out()).isEqualTo("freed 4.5 kB\n");
        assertThat(done.err()).contains(DETACHED);
        assertThat(snapshot(DETACHED)).doesNotExist();
        assertThat(abandoned).doesNotExist();
        assertThat(fresh).exists();
        assertThat(Contents.of(snapshot(MODEL.head().id()))).isEqualTo(Contents.of(MODEL));
        assertThat(cache("prune", "-y").exits(0).out()).startsWith("nothing to delete in ");
    }

    @Test
    void pruneMakesTheCacheAsSmallAsItIsToldTo() throws Exception {
        fillAsPythonDoes();
        lab.program().run(POEMS.id(), "--dataset").exits(0);

        cache("prune", "-y", "--max-size", "10kB").exits(0);

        assertThat(cache("ls", "--json").json().get("bytes").getAsLong()).isLessThanOrEqualTo(10_000);
        assertThat(folder()).doesNotExist();
    }

    @Test
    void verifyNamesEachDamagedFileAndRepairFetchesIt() throws Exception {
        fillAsPythonDoes();
        lab.program().run(POEMS.id(), "--dataset").exits(0);
        Content weights = MODEL.head().files().get("model.safetensors").content();
        cache("verify").exits(0);
        Files.write(blob("model.safetensors"), weights.flipped(77).toByteArray());
        lab.ledger().clear();

        Running.Ended damaged = cache("verify").exits(6);
        JsonObject json = cache("verify", KEY, "--json").exits(6).json();
        cache("verify", "acme-lab/poems").exits(8);
        cache("verify", "datasets/acme-lab/poems").exits(0);

        assertThat(damaged.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("corrupt   " + KEY + "@"
                                        + MODEL.head().id().substring(0, 12) + "  model.safetensors"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "2 repositories, 2 revisions, 4 files: 3 ok, 1 corrupt, 0 missing, 0 unproved"));
        assertThat(damaged.err()).contains("--repair");
        assertThat(json.getAsJsonObject("error").get("code").getAsInt()).isEqualTo(6);
        assertThat(lab.ledger().visits()).isEmpty();

        Running.Ended repaired =
                lab.program().run("cache", "verify", "--repair").exits(0);

        assertThat(repaired.out()).contains("repaired: 1 file");
        assertThat(lab.ledger().bytesSent("model.safetensors")).isEqualTo(weights.size());
        assertThat(lab.ledger().bytesSent("config.json")).isZero();
        assertThat(Contents.of(snapshot(MODEL.head().id()))).isEqualTo(Contents.of(MODEL));
        cache("verify").exits(0);
    }

    @Test
    void aLinkWhoseContentIsGoneIsAMissingFileAndRepaired() throws Exception {
        fillAsPythonDoes();
        Files.delete(blob("config.json"));

        Running.Ended damaged = cache("verify").exits(6);
        lab.program().run("cache", "verify", "--repair").exits(0);

        assertThat(damaged.out().lines())
                .startsWith("missing   " + KEY + "@" + MODEL.head().id().substring(0, 12) + "  config.json");
        assertThat(Contents.of(snapshot(MODEL.head().id()))).isEqualTo(Contents.of(MODEL));
        cache("verify").exits(0);
    }

    @Test
    void whatWeStoredFromModelScopeIsRepairedFromThere() throws Exception {
        lab.program().run(MODEL.id(), "--source", "modelscope").exits(0);
        Path stored = lab.program().run(MODEL.id(), "--offline").path();
        Files.write(stored.resolve("model.safetensors").toRealPath(), new byte[300_000]);
        cache("verify").exits(6);

        lab.program()
                .run("cache", "verify", "--repair", "--source", "modelscope")
                .exits(0);

        assertThat(Contents.of(stored)).containsAllEntriesOf(Contents.of(MODEL));
        cache("verify").exits(0);
    }

    @Test
    void aRepairThatNobodyCanMakeSaysWhy() throws Exception {
        fillAsPythonDoes();
        Files.write(blob("model.safetensors"), new byte[300_000]);

        Running.Ended ended = lab.away()
                .with("HF_HUB_OFFLINE", "1")
                .run("cache", "verify", "--repair", "--json")
                .exits(8);

        assertThat(ended.error().get("code").getAsInt()).isEqualTo(8);
        assertThat(ended.json().get("repaired").getAsBoolean()).isFalse();
        assertThat(objects(ended.json(), "revisions")).hasSize(1);
    }
}
