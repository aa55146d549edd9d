package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.modelfetch.Destination;
import dev.modelfetch.FetchException;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Selection;
import dev.modelfetch.Snapshot;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is stored and right is not fetched again, and can be used without any network. */
class SecondRunTest {

    private static final Repository MODEL = Samples.SMALL;

    @RegisterExtension
    final Lab lab = Lab.of(MODEL);

    @Test
    void aCompleteSnapshotIsNotFetchedAgain() {
        Snapshot first = lab.fetch(MODEL.id());
        lab.ledger().clear();
        Snapshot second = lab.fetch(MODEL.id());

        assertThat(second.path()).isEqualTo(first.path());
        assertThat(second.bytesFetched()).isZero();
        assertThat(second.bytesReused()).isEqualTo(first.bytesFetched());
        assertThat(second.files()).allMatch(Snapshot.Item::reused);
        assertThat(second.files().get(0).from()).isEqualTo(first.files().get(0).from());
        assertNoBytes();
    }

    @Test
    void aPinnedCommitThatIsCompleteNeedsNoRequestAtAll() {
        Snapshot first = lab.fetch(MODEL.id());
        lab.ledger().clear();
        Snapshot second = lab.fetch(MODEL.id(), request -> request.revision(first.commit()));

        assertThat(second.path()).isEqualTo(first.path());
        assertThat(second.source()).isEqualTo("cache");
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void onlyWhatHasChangedIsFetched() throws IOException {
        Snapshot first = lab.fetch(MODEL.id(), "huggingface");
        Repository changed = MODEL.file("README.md", "# Tiny, second edition\n");
        lab.hubs().huggingFace().catalogue().put(changed);
        lab.ledger().clear();
        Snapshot second = lab.fetch(MODEL.id(), "huggingface");

        assertThat(second.commit()).isNotEqualTo(first.commit());
        assertThat(Contents.of(second.path())).isEqualTo(Contents.of(changed));
        assertThat(Contents.of(first.path())).isEqualTo(Contents.of(MODEL));
        assertThat(lab.ledger().bytesSent("model.safetensors")).isZero();
        assertThat(lab.ledger().bytesSent("config.json")).isZero();
    }

    @Test
    void offlineTheStoredSnapshotIsFoundAndNothingElse() throws Exception {
        lab.program().run(MODEL.id(), "--offline", "--json").exits(8);
        Path stored = lab.program().run(MODEL.id()).path();
        lab.ledger().clear();

        assertThat(lab.program().run(MODEL.id(), "--offline").path()).isEqualTo(stored);
        assertThat(lab.program().with("HF_HUB_OFFLINE", "1").run(MODEL.id()).path())
                .isEqualTo(stored);
        Running.Ended missing = lab.program()
                .run(MODEL.id(), "--offline", "--revision", "v9", "--json")
                .exits(8);
        assertThat(missing.error().get("kind").getAsString()).isEqualTo("not-stored");
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void offlineAFileThatWasNotAskedForIsNotThere() {
        lab.fetch(MODEL.id(), request -> request.selection(Selection.of(List.of("config.json"), List.of(), List.of())));

        lab.failure(FetchException.NotStored.class, MODEL.id(), request -> request.offline(true));
        lab.fetch(
                MODEL.id(),
                request -> request.offline(true).selection(Selection.of(List.of("config.json"), List.of(), List.of())));
    }

    @Test
    void forceFetchesAgain() throws IOException {
        lab.fetch(MODEL.id());
        lab.ledger().clear();
        Snapshot again = lab.fetch(MODEL.id(), request -> request.force(true));

        assertThat(again.files()).noneMatch(Snapshot.Item::reused);
        assertThat(lab.ledger().bytesSent("model.safetensors")).isEqualTo(300_000);
        assertThat(Contents.of(again.path())).isEqualTo(Contents.of(MODEL));
    }

    @Test
    void aStoredFileThatWasDamagedSinceIsFetchedAgain() throws IOException {
        Snapshot first = lab.fetch(MODEL.id());
        Path blob = first.path().resolve("model.safetensors").toRealPath();
        byte[] bytes = Files.readAllBytes(blob);
        bytes[1000] ^= 1;
        Files.write(blob, bytes);
        try (Modelfetch modelfetch = lab.open()) {
            StoredCheck check = modelfetch.verify(modelfetch.request(MODEL.id()).build());
            assertThat(check.ok()).isFalse();
        }

        Snapshot second = lab.fetch(MODEL.id());

        assertThat(Contents.of(second.path())).isEqualTo(Contents.of(MODEL));
    }

    @Test
    void aDryRunTellsAndWritesNothing() throws Exception {
        Running.Ended ended =
                lab.program().run(MODEL.id(), "--dry-run", "--json").exits(0);

        JsonObject plan = ended.json();
        assertThat(plan.get("commit").getAsString()).isEqualTo(MODEL.head().id());
        assertThat(plan.getAsJsonArray("files")).hasSize(3);
        assertThat(plan.get("bytesToFetch").getAsLong())
                .isEqualTo(MODEL.head().files().values().stream()
                        .mapToLong(file -> file.content().size())
                        .sum());
        assertThat(lab.filesAtHome()).isEmpty();
        assertNoBytes();
    }

    @Test
    void aLocalDirectoryIsRecognisedAndForeignFilesInItAreLeftAlone() throws Exception {
        Path directory = Files.createDirectories(lab.home().resolve("plain"));
        Files.writeString(directory.resolve("notes.txt"), "mine\n");
        // ModelScope has a file more, and may be the quicker the second time.
        Destination there = new Destination.Directory(directory);
        lab.fetch(
                MODEL.id(),
                request -> Lab.from("huggingface", "mirror").apply(request).destination(there));
        lab.ledger().clear();

        Snapshot second = lab.fetch(
                MODEL.id(),
                request -> Lab.from("huggingface", "mirror").apply(request).destination(there));

        assertThat(second.bytesFetched()).isZero();
        assertNoBytes();
        assertThat(directory.resolve("notes.txt")).hasContent("mine\n");
    }

    @Test
    void aLocalFileOfAnotherOriginIsNotOverwritten() throws Exception {
        Path directory = Files.createDirectories(lab.home().resolve("plain"));
        Files.writeString(directory.resolve("config.json"), "{\"mine\": true}\n");

        Running.Ended ended = lab.program()
                .run(MODEL.id(), "--local-dir", directory.toString(), "--json")
                .exits(7);

        assertThat(ended.error().get("message").getAsString()).contains("config.json");
        assertThat(directory.resolve("config.json")).hasContent("{\"mine\": true}\n");
    }

    private void assertNoBytes() {
        MODEL.head()
                .files()
                .keySet()
                .forEach(path ->
                        assertThat(lab.ledger().bytesSent(path)).as(path).isZero());
    }
}
