package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Listing;
import dev.modelfetch.LockFile;
import dev.modelfetch.Plan;
import dev.modelfetch.Selection;
import dev.modelfetch.Snapshot;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an engine answers from what is stored, and checks of it. */
@Timeout(120)
class EngineWithoutNetworkTest extends EngineBench {

    @Test
    void aSecondTimeNothingIsFetched() {
        fetch(request());
        int requests = host.requests().size();

        Snapshot again = fetch(request());

        assertThat(host.requests()).hasSize(requests);
        assertThat(origin.asked()).isEqualTo(2);
        assertThat(again.bytesFetched()).isZero();
        assertThat(again.bytesReused()).isEqualTo(TOTAL);
        assertThat(again.files()).allMatch(Snapshot.Item::reused);
        assertThat(again.files().get(2).from()).containsExactly("huggingface");
        assertThat(again.files().get(2).verified()).isEqualTo(Verification.ORIGIN);
    }

    @Test
    void offlineTheStoreAnswersAlone() {
        fetch(request());
        int requests = host.requests().size();

        Snapshot offline = fetch(request().offline(true));

        assertThat(offline.source()).isEqualTo("cache");
        assertThat(offline.commit()).isEqualTo(FakeSource.COMMIT);
        assertThat(offline.files()).hasSize(3).allMatch(Snapshot.Item::reused);
        assertThat(offline.probes()).isEmpty();
        assertThat(host.requests()).hasSize(requests);
        assertThat(origin.asked()).isOne();
    }

    @Test
    void offlineWhatIsNotStoredIsNotHad() {
        assertThatThrownBy(() -> fetch(request().offline(true)))
                .isInstanceOf(FetchException.NotStored.class)
                .satisfies(e -> assertThat(((FetchException) e).code()).isEqualTo(8));
        assertThat(origin.asked()).isZero();
        assertThat(home.resolve("hub")).doesNotExist();
    }

    @Test
    void offlineByTheEnvironmentCountsForEveryRequest() {
        environment.put("HF_HUB_OFFLINE", "1");

        assertThatThrownBy(() -> fetch(request())).isInstanceOf(FetchException.NotStored.class);
        assertThat(origin.asked()).isZero();
    }

    @Test
    void aCommitThatIsStoredNeedsNobody() {
        fetch(request());
        int requests = host.requests().size();

        Snapshot pinned = fetch(request().revision(FakeSource.COMMIT));

        assertThat(pinned.source()).isEqualTo("cache");
        assertThat(pinned.path()).isDirectory();
        assertThat(origin.asked()).isOne();
        assertThat(host.requests()).hasSize(requests);
    }

    @Test
    void whatALockFileDoesNotPinIsNotFoundWithoutAskingAnybody() {
        LockFile lock = LockFile.of(fetch(request().files("conf/config.json")));
        int asked = origin.asked();

        for (FetchRequest.Builder request : List.of(
                request().files("model.safetensors"),
                request().include("*.safetensors").offline(true))) {
            assertThatThrownBy(() -> fetch(request.locked(lock)))
                    .isInstanceOf(FetchException.NotFound.class)
                    .hasMessageStartingWith("The lock file does not pin what is asked for.");
            assertThat(engine.find(request.build())).isEmpty();
        }
        assertThat(fetch(request().locked(lock)).files()).hasSize(1);
        assertThat(origin.asked()).isEqualTo(asked);
    }

    @Test
    void aCommitThatIsStoredInPartIsCompleted() {
        fetch(request().selection(Selection.of(List.of("conf/config.json"), List.of(), List.of())));

        Snapshot all = fetch(request().revision(FakeSource.COMMIT));

        assertThat(origin.asked()).isEqualTo(2);
        assertThat(all.bytesFetched()).isEqualTo(WEIGHTS.length);
        assertThat(all.path().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void listingAndPlanningWriteNothing() throws IOException {
        Listing listing = engine(origin).list(request().build(), FetchListener.SILENT);
        Plan plan = engine.plan(request().build(), FetchListener.SILENT);

        assertThat(listing.rows())
                .extracting(row -> row.file().path())
                .containsExactly("conf/config.json", ".gitkeep", "model.safetensors");
        assertThat(listing.rows().get(0).sources()).containsExactly("huggingface");
        assertThat(plan.bytesToFetch()).isEqualTo(TOTAL);
        assertThat(plan.items()).noneMatch(item -> item.stored() && item.file().size() > 0);
        // Who lists a file need not send it.
        assertThat(host.requests()).singleElement().satisfies(request -> {
            assertThat(request.getTarget()).endsWith("/conf/config.json");
            assertThat(request.getMethod()).isEqualTo("HEAD");
        });
        assertThat(names(home)).isEmpty();
    }

    @Test
    void aPlanIsRefusedWhereEverybodyWhoListsTheFilesWouldRefuseToSendThem() throws IOException {
        host.answers("/files/conf/config.json", FileHost.status(401));

        assertThatThrownBy(() -> engine(origin).plan(request().build(), FetchListener.SILENT))
                .isInstanceOf(FetchException.AccessDenied.class)
                .hasMessageStartingWith(FakeSource.REPO + " needs permission");
        assertThat(names(home)).isEmpty();
    }

    @Test
    void aPlanIsMadeWhereTheHostThatWouldSendIsAway() {
        host.close();

        assertThat(engine(origin).plan(request().build(), FetchListener.SILENT).bytesToFetch())
                .isEqualTo(TOTAL);
    }

    @Test
    void aPlanKnowsWhatIsStored() {
        fetch(request());

        Plan plan = engine.plan(request().build(), FetchListener.SILENT);
        Plan forced = engine.plan(request().force(true).build(), FetchListener.SILENT);

        assertThat(plan.bytesToFetch()).isZero();
        assertThat(plan.bytesPresent()).isEqualTo(TOTAL);
        assertThat(forced.bytesToFetch()).isEqualTo(TOTAL);
    }

    @Test
    void checkingFindsAFileThatWasChanged() throws IOException {
        Snapshot result = fetch(request());
        assertThat(engine.verify(request().build()).ok()).isTrue();
        Files.write(result.path().resolve("model.safetensors").toRealPath(), Bytes.flipped(WEIGHTS, 9));

        StoredCheck check = engine.verify(request().build());

        assertThat(check.ok()).isFalse();
        assertThat(check.files())
                .filteredOn(item -> item.state() == StoredCheck.State.CORRUPT)
                .extracting(StoredCheck.Item::path)
                .containsExactly("model.safetensors");
        assertThat(fetch(request()).bytesFetched()).isEqualTo(WEIGHTS.length);
        assertThat(engine.verify(request().build()).ok()).isTrue();
    }

    @Test
    void whereNobodyLeftAManifestAFreshOneIsAskedFor() throws IOException {
        Path snapshot = fetch(request()).path();
        deleted(repoFolder().resolve(".modelfetch"));
        deleted(repoFolder().resolve("trees"));
        Files.delete(snapshot.resolve("conf/config.json"));
        int listed = origin.listed();

        StoredCheck check = engine.verify(request().build());
        StoredCheck offline = engine.verify(request().offline(true).build());

        assertThat(check.against()).isEqualTo("a fresh listing of huggingface");
        assertThat(check.files()).extracting(StoredCheck.Item::path).contains("model.safetensors");
        assertThat(offline.against()).isEqualTo("the names of the stored blobs");
        assertThat(origin.listed()).isEqualTo(listed + 1);
    }

    @Test
    void whereAManifestIsStoredCheckingAsksNobody() {
        fetch(request());
        int asked = origin.asked();

        assertThat(engine.verify(request().build()).against()).isEqualTo("the stored listing of huggingface");
        assertThat(origin.asked()).isEqualTo(asked);
    }

    @Test
    void adviceIsAboutWhatWasAskedAndOfNothingElse() throws IOException {
        Path empty = Files.createDirectories(home.resolve("empty"));

        assertThatThrownBy(() -> engine(origin).verify(request().build()))
                .isInstanceOf(FetchException.NotStored.class)
                .satisfies(e -> assertThat(((FetchException) e).hints())
                        .containsExactly(Hint.of("fetch-first", "Fetch it first.", "demo-lab/tiny-gpt")));
        assertThatThrownBy(() -> engine.verify(empty))
                .isInstanceOf(FetchException.NotStored.class)
                .hasMessageContaining(empty.toString())
                .hasMessageNotContaining("Qwen");
    }
}
