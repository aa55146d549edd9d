package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.Destination;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Identity;
import dev.modelfetch.Listing;
import dev.modelfetch.LockFile;
import dev.modelfetch.Plan;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Selection;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is stored answers as a source would: with events, listings and plans, and for locks whoever had delivered. */
@Timeout(120)
class StoredAnswersTest extends EngineBench {

    private static final Selection CONFIG_ONLY = Selection.of(List.of("conf/config.json"), List.of(), List.of());

    private final FakeSource modelscope = FakeSource.modelscope(host.url())
            .at(FakeSource.OTHER_COMMIT)
            .listing(
                    Bytes.hashed("conf/config.json", CONFIG),
                    Bytes.hashed(".gitkeep", new byte[0]),
                    Bytes.hashed("model.safetensors", WEIGHTS));

    private final Recorder recorder = new Recorder();

    @Test
    void aLockThatAnotherHubHasSatisfiedHoldsOffline() {
        LockFile lock = lockOfTheHub();
        Snapshot delivered = fetch(fromModelScope(lock));
        int requests = host.requests().size();

        Snapshot offline = fetch(request().locked(lock).offline(true));

        assertThat(offline.root()).isEqualTo(delivered.root());
        assertThat(offline.commit()).isEqualTo(FakeSource.OTHER_COMMIT);
        assertThat(offline.files())
                .hasSize(3)
                .allMatch(file -> file.reused() && file.verified() == Verification.PINNED);
        assertThat(host.requests()).hasSize(requests);
    }

    @Test
    void aLockThatAnotherHubHasSatisfiedNeedsNobodyTheSecondTime() {
        LockFile lock = lockOfTheHub();
        fetch(fromModelScope(lock));
        int asked = modelscope.asked();

        Snapshot again = fetch(fromModelScope(lock));

        assertThat(again.source()).isEqualTo("cache");
        assertThat(modelscope.asked()).isEqualTo(asked);
    }

    @Test
    void aLockThatAnotherHubHasSatisfiedIsWhatIsChecked() throws IOException {
        LockFile lock = lockOfTheHub();
        Snapshot delivered = fetch(fromModelScope(lock));

        StoredCheck check = engine.verify(request().locked(lock).build());
        assertThat(check.path()).isEqualTo(delivered.root());
        assertThat(check.against()).isEqualTo("the lock file");
        assertThat(check.files()).hasSize(3).allMatch(file -> file.state() == StoredCheck.State.OK);

        Files.write(delivered.file("model.safetensors").toRealPath(), Bytes.flipped(WEIGHTS, 9));
        assertThat(engine.verify(request().locked(lock).build()).ok()).isFalse();
    }

    /** The Hub was asked first, sent one file and failed; ModelScope then delivered all of it. */
    @Test
    void aCommitOfWhichLittleIsStoredDoesNotHideAnotherThatHasAll() {
        LockFile lock = lockOfTheHub();
        fetch(request().source(SourceChoice.only("huggingface")).selection(CONFIG_ONLY));
        Snapshot delivered = fetch(fromModelScope(lock));

        StoredCheck check = engine.verify(request().locked(lock).build());
        assertThat(check.ok()).isTrue();
        assertThat(check.path()).isEqualTo(delivered.root());
        assertThat(fetch(request().locked(lock).offline(true)).files()).hasSize(3);
    }

    @Test
    void inADirectoryALockHoldsWhoeverDelivered() {
        LockFile lock = lockOfTheHub();
        Destination directory = new Destination.Directory(home.resolve("plain"));
        fetch(fromModelScope(lock).destination(directory));

        assertThat(fetch(request().locked(lock).destination(directory).offline(true))
                        .files())
                .hasSize(3);
        assertThat(engine.verify(request().locked(lock).destination(directory).build())
                        .ok())
                .isTrue();
    }

    @Test
    void whatIsStoredOfOtherContentSatisfiesNoLock() {
        LockFile lock = lockOfTheHub();
        byte[] other = Bytes.flipped(WEIGHTS, 5);
        modelscope.listing(
                Bytes.hashed("conf/config.json", CONFIG),
                Bytes.hashed(".gitkeep", new byte[0]),
                Bytes.hashed("model.safetensors", other));
        host.holds("model.safetensors", other);
        fetch(request().source(SourceChoice.only("modelscope")));

        assertThatThrownBy(() -> fetch(request().locked(lock).offline(true)))
                .isInstanceOf(FetchException.NotStored.class)
                .hasMessageContaining(FakeSource.COMMIT);
        assertThatThrownBy(() -> engine.verify(request().locked(lock).build()))
                .isInstanceOf(FetchException.NotStored.class);
    }

    @Test
    void offlineAndPinnedAnswersTellTheirStory() {
        fetch(request());
        for (FetchRequest.Builder asked : List.of(
                request().offline(true),
                request().revision(FakeSource.COMMIT),
                request().selection(CONFIG_ONLY).offline(true))) {
            Recorder heard = new Recorder();

            Snapshot result = engine.fetch(asked.build(), heard);

            assertThat(heard.words())
                    .isEqualTo("resolved " + "file-done ".repeat(result.files().size()) + "done");
            FetchEvent.Resolved resolved = heard.all(FetchEvent.Resolved.class).get(0);
            assertThat(resolved.manifest().source()).isEqualTo("cache");
            assertThat(resolved.manifest().commit()).isEqualTo(FakeSource.COMMIT);
            assertThat(resolved.identity()).isEqualTo(Identity.SAME);
            assertThat(resolved.files()).isEqualTo(result.files().size());
            assertThat(resolved.bytes()).isEqualTo(result.bytesReused());
            assertThat(heard.all(FetchEvent.FileDone.class))
                    .extracting(FetchEvent.FileDone::file)
                    .isEqualTo(result.files());
        }
    }

    /** A story that breaks off would leave files done that a source then brings once more. */
    @Test
    void whatThePinnedStoreLacksIsToldByTheSourceAlone() throws IOException {
        Snapshot stored = fetch(request());
        Files.delete(stored.file("model.safetensors").toRealPath());

        engine.fetch(request().revision(FakeSource.COMMIT).build(), recorder);

        assertThat(recorder.words()).startsWith("probe ").endsWith(" done");
        assertThat(recorder.all(FetchEvent.Resolved.class)).hasSize(1);
        assertThat(recorder.all(FetchEvent.FileDone.class)).hasSize(3);
    }

    @Test
    void offlineAFailureIsToldWithoutAStory() {
        engine(origin);

        assertThatThrownBy(() -> engine.fetch(request().offline(true).build(), recorder))
                .isInstanceOf(FetchException.NotStored.class);
        assertThat(recorder.words()).isEqualTo("error");
    }

    @Test
    void adviceThatEverythingIsStoredIsNoAnswer() {
        fetch(request());
        origin.refusing(new dev.modelfetch.Verdict.Down("connection refused", true));

        assertThatThrownBy(() -> engine.fetch(request().build(), recorder))
                .isInstanceOf(FetchException.Unreachable.class)
                .satisfies(e -> assertThat(((FetchException) e).hint()).contains("an offline request"));
        assertThat(recorder.words()).matches("(probe )+error");
    }

    @Test
    void offlineAListingIsWhatWasStored() {
        fetch(request().selection(CONFIG_ONLY));
        int asked = origin.asked();

        Listing listing = engine.list(request().offline(true).build(), FetchListener.SILENT);

        assertThat(listing.manifest().commit()).isEqualTo(FakeSource.COMMIT);
        assertThat(listing.manifest().source()).isEqualTo("cache");
        assertThat(listing.manifest().complete()).isTrue();
        assertThat(listing.identity()).isEqualTo(Identity.SAME);
        assertThat(listing.rows()).extracting(Listing.Row::file).containsExactly(CONFIG_ROW, EMPTY_ROW, WEIGHTS_ROW);
        assertThat(listing.rows())
                .extracting(Listing.Row::sources)
                .containsExactly(List.of("cache"), List.of(), List.of());
        assertThat(listing.probes()).isEmpty();
        assertThat(origin.asked()).isEqualTo(asked);
    }

    @Test
    void offlineAPlanKnowsWhatIsMissing() {
        fetch(request().selection(CONFIG_ONLY));
        int asked = origin.asked();

        Plan plan = engine.plan(request().offline(true).build(), FetchListener.SILENT);

        assertThat(plan.items()).extracting(Plan.Item::stored).containsExactly(true, false, false);
        assertThat(plan.bytesToFetch()).isEqualTo(WEIGHTS.length);
        assertThat(plan.items().get(2).sources()).isEmpty();
        assertThat(plan.path()).isEqualTo(repoFolder().resolve("snapshots").resolve(FakeSource.COMMIT));
        assertThat(origin.asked()).isEqualTo(asked);
    }

    @Test
    void offlineWhatWasNeverListedIsNotStored() {
        engine(origin);
        FetchRequest offline = request().offline(true).build();
        FetchRequest missing = request()
                .offline(true)
                .selection(Selection.of(List.of("tokenizer.json"), List.of(), List.of()))
                .build();

        assertThatThrownBy(() -> engine.list(offline, FetchListener.SILENT))
                .isInstanceOf(FetchException.NotStored.class);
        assertThatThrownBy(() -> engine.plan(offline, FetchListener.SILENT))
                .isInstanceOf(FetchException.NotStored.class);
        fetch(request());
        assertThatThrownBy(() -> engine.list(missing, FetchListener.SILENT))
                .isInstanceOf(FetchException.NotStored.class)
                .hasMessageContaining("tokenizer.json");
    }

    @Test
    void aPinnedListingAsksNobodyOnceAllOfItIsStored() {
        FetchRequest pinned = request().revision(FakeSource.COMMIT).build();
        fetch(request().selection(CONFIG_ONLY));
        assertThat(engine.list(pinned, FetchListener.SILENT).rows().get(2).sources())
                .as("somebody has what is not stored")
                .containsExactly("huggingface");
        assertThat(engine.plan(pinned, FetchListener.SILENT).bytesToFetch()).isEqualTo(WEIGHTS.length);
        fetch(request());
        int asked = origin.asked();

        assertThat(engine.list(pinned, FetchListener.SILENT).rows())
                .allMatch(row -> row.sources().equals(List.of("cache")));
        assertThat(engine.plan(pinned, FetchListener.SILENT).bytesToFetch()).isZero();
        assertThat(origin.asked()).isEqualTo(asked);
        assertThat(engine.plan(pinned.toBuilder().force(true).build(), FetchListener.SILENT)
                        .bytesToFetch())
                .isEqualTo(TOTAL);
    }

    @Test
    void aListingOfWhatIsPinnedIsOfTheCommitThatHasIt() {
        LockFile lock = lockOfTheHub();
        fetch(fromModelScope(lock));

        Listing listing = engine.list(request().locked(lock).offline(true).build(), FetchListener.SILENT);

        assertThat(listing.manifest().commit()).isEqualTo(FakeSource.OTHER_COMMIT);
        assertThat(listing.rows())
                .extracting(Listing.Row::file)
                .extracting(RepoFile::path)
                .containsExactlyInAnyOrder("conf/config.json", ".gitkeep", "model.safetensors");
    }

    /** Everything as the Hub has it, stored where no other test looks. */
    private LockFile lockOfTheHub() {
        engine(origin, modelscope);
        Path elsewhere = home.resolve("elsewhere");
        return LockFile.of(fetch(
                request().source(SourceChoice.only("huggingface")).destination(new Destination.HubCacheAt(elsewhere))));
    }

    private static FetchRequest.Builder fromModelScope(LockFile lock) {
        return request().source(SourceChoice.only("modelscope")).locked(lock);
    }
}
