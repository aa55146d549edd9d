package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Identity;
import dev.modelfetch.LockFile;
import dev.modelfetch.Probe;
import dev.modelfetch.Selection;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.config.Transport;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.internal.testing.Recorder;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EngineTest extends EngineBench {

    @Test
    void everythingIsStoredVerifiedAndReported() throws IOException {
        Snapshot result = fetch(request());

        assertThat(result.path()).isAbsolute().isDirectory();
        assertThat(result.path().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(result.path().resolve("conf/config.json")).hasBinaryContent(CONFIG);
        assertThat(result.path().resolve(".gitkeep")).isEmptyFile();
        assertThat(result.repo()).isEqualTo(FakeSource.REPO);
        assertThat(result.commit()).isEqualTo(FakeSource.COMMIT);
        assertThat(result.revision()).isEqualTo("main");
        assertThat(result.source()).isEqualTo("huggingface");
        assertThat(result.identity()).isEqualTo(Identity.SAME);
        assertThat(result.bytesFetched()).isEqualTo(TOTAL);
        assertThat(result.bytesReused()).isZero();
        assertThat(result.files())
                .extracting(Snapshot.Item::path)
                .containsExactly("conf/config.json", ".gitkeep", "model.safetensors");
        assertThat(result.files().get(2))
                .isEqualTo(new Snapshot.Item(
                        "model.safetensors",
                        WEIGHTS.length,
                        Bytes.sha256(WEIGHTS).hex(),
                        List.of("huggingface"),
                        Verification.ORIGIN,
                        false));
        assertThat(result.probes()).extracting(Probe::source).containsExactly("huggingface");
        assertThat(repoFolder().resolve("refs/main")).hasContent(FakeSource.COMMIT);
        assertThat(repoFolder().resolve("blobs").resolve(Bytes.gitBlob(CONFIG).hex()))
                .hasBinaryContent(CONFIG);
    }

    @Test
    @Timeout(60)
    void whoOnlyAsksWhatThereIsWaitsForNoBetterTimes() {
        origin.listing(() -> {
            throw new SourceException(new Verdict.Down("HTTP 503", true));
        });
        Engine asked = engine(origin);

        assertThatThrownBy(() -> asked.list(request().build(), FetchListener.SILENT))
                .isInstanceOf(FetchException.Unreachable.class);
        assertThatThrownBy(() -> asked.plan(request().build(), FetchListener.SILENT))
                .isInstanceOf(FetchException.Unreachable.class);
    }

    @Test
    void byForceEverythingIsFetchedAgain() {
        fetch(request());

        Snapshot again = fetch(request().force(true));

        assertThat(host.requests()).hasSize(4);
        assertThat(again.bytesFetched()).isEqualTo(TOTAL);
        assertThat(again.bytesReused()).isZero();
        assertThat(again.files()).noneMatch(Snapshot.Item::reused);
        assertThat(again.path().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void oneExactFileGivesThePathOfTheFile() {
        Snapshot one = fetch(request().selection(Selection.of(List.of("conf/config.json"), List.of(), List.of())));

        assertThat(one.path()).hasBinaryContent(CONFIG);
        assertThat(one.files()).hasSize(1);
        assertThat(host.requests()).hasSize(1);
    }

    @Test
    void aLockFileHoldsALaterFetchToTheSameBytes() {
        LockFile lock = LockFile.of(fetch(request()));
        int requests = host.requests().size();

        Snapshot stored = fetch(request().locked(lock));
        Snapshot again = fetch(request().locked(lock).force(true));

        assertThat(stored.files()).allMatch(file -> file.verified() == Verification.PINNED && file.reused());
        assertThat(again.files()).allMatch(file -> file.verified() == Verification.PINNED && !file.reused());
        assertThat(host.requests()).hasSize(requests + 2);
    }

    @Test
    void aLockFileThatTheSourceDoesNotSatisfyIsAnError() {
        LockFile lock = LockFile.of(fetch(request()));
        origin.listing(CONFIG_ROW, EMPTY_ROW, Bytes.large("model.safetensors", Bytes.random(5_000, 2)));

        assertThatThrownBy(() -> fetch(request().locked(lock).force(true)))
                .isInstanceOf(FetchException.NotStored.class)
                .hasMessageContaining("model.safetensors");
    }

    @Test
    void bytesThatAreWrongEveryTimeArePublishedNowhere() throws IOException {
        host.holds("model.safetensors", Bytes.flipped(WEIGHTS, 100));

        assertThatThrownBy(() -> fetch(request()))
                .isInstanceOf(FetchException.Corrupt.class)
                .satisfies(e -> assertThat(((FetchException) e).code()).isEqualTo(6));

        Path snapshot = repoFolder().resolve("snapshots").resolve(FakeSource.COMMIT);
        assertThat(snapshot.resolve("model.safetensors")).doesNotExist();
        assertThat(repoFolder().resolve("blobs").resolve(Bytes.sha256(WEIGHTS).hex()))
                .doesNotExist();
        assertThat(repoFolder().resolve("refs/main")).doesNotExist();
        assertThat(names(home)).noneMatch(name -> name.endsWith(".incomplete"));
    }

    @Test
    void aRepositoryThatNobodyHasIsNotFoundWithEveryVerdict() {
        origin.refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));
        FakeSource scope = FakeSource.modelscope()
                .refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "nothing under that name"));

        assertThatThrownBy(() -> engine(origin, scope).fetch(request().build(), FetchListener.SILENT))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessageContaining("huggingface: no such repository")
                .hasMessageContaining("modelscope: nothing under that name")
                .satisfies(e -> assertThat(((FetchException) e).probes())
                        .extracting(Probe::source)
                        .hasSize(2));
    }

    @Test
    void aForcedSourceIsAWall() {
        FakeSource scope = FakeSource.modelscope();
        origin.refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));

        assertThatThrownBy(() -> engine(origin, scope)
                        .fetch(
                                request()
                                        .source(SourceChoice.only("huggingface"))
                                        .build(),
                                FetchListener.SILENT))
                .isInstanceOf(FetchException.NotFound.class);
        assertThat(scope.asked()).isZero();
    }

    @Test
    void aFileThatIsMissingIsNotFound() {
        assertThatThrownBy(() -> fetch(request().selection(Selection.of(List.of("nope.bin"), List.of(), List.of()))))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessageContaining("nope.bin");
    }

    @Test
    void aProbeWaitsForEverySourceAndTellsOfEach() {
        FakeSource scope = FakeSource.modelscope().refusing(new Verdict.Blocked("a web page"));
        Recorder recorder = new Recorder();

        List<Probe> probes = engine(origin, scope)
                .probe(FetchRequest.builder(FakeSource.REPO).build(), recorder);

        assertThat(recorder.all(FetchEvent.Probed.class))
                .extracting(event -> event.probe().source())
                .containsExactlyInAnyOrder("huggingface", "modelscope");

        assertThat(probes)
                .extracting(
                        probe -> probe.source() + " " + probe.verdict().kind().word())
                .containsExactly("huggingface usable", "modelscope blocked");
    }

    @Test
    void requestsStartWithTheConfiguredDefaults() throws IOException {
        Path folder = Files.createDirectories(home.resolve("config/modelfetch"));
        Files.writeString(
                folder.resolve("config.json"), "{\"source\": \"huggingface\", \"maxWorkers\": 3, \"connections\": 2}");
        environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());

        FetchRequest request = engine(origin).request("demo-lab/tiny-gpt").build();

        assertThat(request.source()).isEqualTo(SourceChoice.only("huggingface"));
        assertThat(request.maxWorkers()).isEqualTo(3);
        assertThat(request.connectionsPerFile()).isEqualTo(2);
    }

    @Test
    void aHubThatListsButDoesNotDeliverIsReplacedByAnotherCatalogue() {
        try (FileHost scopeHost = new FileHost()) {
            byte[] older = Bytes.of("{}\n");
            FakeSource scope = FakeSource.modelscope(scopeHost.url())
                    .at(FakeSource.OTHER_COMMIT)
                    .listing(Bytes.hashed("conf/config.json", older), Bytes.hashed("model.safetensors", WEIGHTS));
            scopeHost.holds("conf/config.json", older).holds("model.safetensors", WEIGHTS);
            host.answers("/files/conf/config.json", FileHost.status(404));
            Recorder recorder = new Recorder();

            Snapshot result = engine(origin, scope).fetch(request().build(), recorder);

            assertThat(result.source()).isEqualTo("modelscope");
            assertThat(result.commit()).isEqualTo(FakeSource.OTHER_COMMIT);
            assertThat(result.path().resolve("conf/config.json")).hasBinaryContent(older);
            assertThat(recorder.all(dev.modelfetch.FetchEvent.Resolved.class))
                    .extracting(event -> event.manifest().source())
                    .containsExactly("huggingface", "modelscope");
        }
    }

    @Test
    void aHubThatResolvesButCannotListLeavesTheWordToWhoLists() {
        try (FileHost mirrorHost = new FileHost()) {
            FakeSource mirror = FakeSource.mirror(mirrorHost.url()).listing(CONFIG_ROW, EMPTY_ROW, WEIGHTS_ROW);
            mirrorHost.holds("conf/config.json", CONFIG).holds("model.safetensors", WEIGHTS);
            origin.listing(() -> {
                throw new dev.modelfetch.spi.SourceException(new Verdict.Down("HTTP 502", true));
            });

            Snapshot result = engine(origin, mirror).fetch(request().build(), FetchListener.SILENT);

            assertThat(result.source()).isEqualTo("mirror");
            assertThat(result.files())
                    .filteredOn(file -> file.size() > 0)
                    .allMatch(file -> file.verified() == Verification.SELF);
        }
    }

    @Test
    void aCommitThatCannotBeAFolderLeavesTheJobToOthers() {
        try (FileHost scopeHost = new FileHost()) {
            FakeSource scope = FakeSource.modelscope(scopeHost.url())
                    .at(FakeSource.OTHER_COMMIT)
                    .listing(Bytes.hashed("model.safetensors", WEIGHTS));
            scopeHost.holds("model.safetensors", WEIGHTS);
            origin.at("../../elsewhere").listing(WEIGHTS_ROW);

            Snapshot result = engine(origin, scope).fetch(request().build(), FetchListener.SILENT);

            assertThat(result.source()).isEqualTo("modelscope");
        }
    }

    @Test
    void aSourceThatDoesNotExistIsRefusedWhetherItIsNeededOrNot() {
        assertThatThrownBy(() -> fetch(request().offline(true).source(SourceChoice.only("huggingfase"))))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("did you mean \"huggingface\"");
        assertThatThrownBy(() -> new Engine(Settings.of(new Settings.Said(
                        Map.of("nowhere", "https://hub.test"),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        List.of(FakeProvider.of(origin)),
                        false,
                        Transport.USUAL))))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void aHubWithoutTheReferenceRepositoryCanBeReachedAllTheSame() {
        origin.refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));
        FakeSource scope = FakeSource.modelscope().refusing(new Verdict.Blocked("a web page"));

        List<Probe> probes = engine(origin, scope).probe(SourceChoice.auto());

        assertThat(probes)
                .extracting(
                        probe -> probe.source() + " " + probe.verdict().kind().word())
                .containsExactly("huggingface usable", "modelscope blocked");
    }
}
