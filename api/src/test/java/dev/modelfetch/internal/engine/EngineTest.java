package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.FetchResult;
import dev.modelfetch.Identity;
import dev.modelfetch.Listing;
import dev.modelfetch.LockFile;
import dev.modelfetch.Plan;
import dev.modelfetch.Probe;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Selection;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.internal.testing.Recorder;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EngineTest {

    private static final byte[] WEIGHTS = Bytes.random(5_000, 1);
    private static final byte[] CONFIG = Bytes.of("{\"layers\": 2}\n");
    private static final RepoFile WEIGHTS_ROW = Bytes.large("model.safetensors", WEIGHTS);
    private static final RepoFile CONFIG_ROW = Bytes.small("conf/config.json", CONFIG);
    private static final RepoFile EMPTY_ROW = Bytes.small(".gitkeep", new byte[0]);
    private static final long TOTAL = (long) WEIGHTS.length + CONFIG.length;

    private final FileHost host = new FileHost();
    private final FakeSource origin = FakeSource.huggingface(host.url()).listing(CONFIG_ROW, EMPTY_ROW, WEIGHTS_ROW);
    private final Map<String, String> environment = new HashMap<>();
    private Engine engine;

    @TempDir
    Path home;

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
        host.close();
    }

    @Test
    void everythingIsStoredVerifiedAndReported() throws IOException {
        FetchResult result = fetch(request());

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
                .extracting(FetchResult.Item::path)
                .containsExactly("conf/config.json", ".gitkeep", "model.safetensors");
        assertThat(result.files().get(2))
                .isEqualTo(new FetchResult.Item(
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
    void aSecondTimeNothingIsFetched() {
        fetch(request());
        int requests = host.requests().size();

        FetchResult again = fetch(request());

        assertThat(host.requests()).hasSize(requests);
        assertThat(origin.asked()).isEqualTo(2);
        assertThat(again.bytesFetched()).isZero();
        assertThat(again.bytesReused()).isEqualTo(TOTAL);
        assertThat(again.files()).allMatch(FetchResult.Item::reused);
        assertThat(again.files().get(2).from()).containsExactly("huggingface");
        assertThat(again.files().get(2).verified()).isEqualTo(Verification.ORIGIN);
    }

    @Test
    void byForceEverythingIsFetchedAgain() {
        fetch(request());

        FetchResult again = fetch(request().force(true));

        assertThat(host.requests()).hasSize(4);
        assertThat(again.bytesFetched()).isEqualTo(TOTAL);
        assertThat(again.bytesReused()).isZero();
        assertThat(again.files()).noneMatch(FetchResult.Item::reused);
        assertThat(again.path().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void offlineTheStoreAnswersAlone() {
        fetch(request());
        int requests = host.requests().size();

        FetchResult offline = fetch(request().offline(true));

        assertThat(offline.source()).isEqualTo("cache");
        assertThat(offline.commit()).isEqualTo(FakeSource.COMMIT);
        assertThat(offline.files()).hasSize(3).allMatch(FetchResult.Item::reused);
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

        FetchResult pinned = fetch(request().revision(FakeSource.COMMIT));

        assertThat(pinned.source()).isEqualTo("cache");
        assertThat(pinned.path()).isDirectory();
        assertThat(origin.asked()).isOne();
        assertThat(host.requests()).hasSize(requests);
    }

    @Test
    void aCommitThatIsStoredInPartIsCompleted() {
        fetch(request().selection(Selection.of(List.of("conf/config.json"), List.of(), List.of())));

        FetchResult all = fetch(request().revision(FakeSource.COMMIT));

        assertThat(origin.asked()).isEqualTo(2);
        assertThat(all.bytesFetched()).isEqualTo(WEIGHTS.length);
        assertThat(all.path().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void oneExactFileGivesThePathOfTheFile() {
        FetchResult one = fetch(request().selection(Selection.of(List.of("conf/config.json"), List.of(), List.of())));

        assertThat(one.path()).hasBinaryContent(CONFIG);
        assertThat(one.files()).hasSize(1);
        assertThat(host.requests()).hasSize(1);
    }

    @Test
    void aLockFileHoldsALaterFetchToTheSameBytes() {
        LockFile lock = LockFile.of(fetch(request()));
        int requests = host.requests().size();

        FetchResult stored = fetch(request().locked(lock));
        FetchResult again = fetch(request().locked(lock).force(true));

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
    void listingAndPlanningWriteNothing() throws IOException {
        Listing listing = engine(origin).list(request().build(), FetchListener.SILENT);
        Plan plan = engine.plan(request().build(), FetchListener.SILENT);

        assertThat(listing.rows())
                .extracting(row -> row.file().path())
                .containsExactly("conf/config.json", ".gitkeep", "model.safetensors");
        assertThat(listing.rows().get(0).sources()).containsExactly("huggingface");
        assertThat(plan.bytesToFetch()).isEqualTo(TOTAL);
        assertThat(plan.items()).noneMatch(item -> item.stored() && item.file().size() > 0);
        assertThat(host.requests()).isEmpty();
        assertThat(names(home)).isEmpty();
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
        FetchResult result = fetch(request());
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
    void aProbeWaitsForEverySource() {
        FakeSource scope = FakeSource.modelscope().refusing(new Verdict.Blocked("a web page"));

        List<Probe> probes = engine(origin, scope).probe(SourceChoice.auto(), Optional.of(FakeSource.REPO), null);

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

        FetchRequest request = engine(origin)
                .withDefaults(FetchRequest.builder(FakeSource.REPO))
                .build();

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

            FetchResult result = engine(origin, scope).fetch(request().build(), recorder);

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

            FetchResult result = engine(origin, mirror).fetch(request().build(), FetchListener.SILENT);

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

            FetchResult result = engine(origin, scope).fetch(request().build(), FetchListener.SILENT);

            assertThat(result.source()).isEqualTo("modelscope");
        }
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
    void aSourceThatDoesNotExistIsRefusedWhetherItIsNeededOrNot() {
        assertThatThrownBy(() -> fetch(request().offline(true).source(SourceChoice.only("huggingfase"))))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("did you mean \"huggingface\"");
        assertThatThrownBy(() -> new Engine(Settings.of(
                        Map.of("nowhere", "https://hub.test"),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        List.of(FakeProvider.of(origin)),
                        false)))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void adviceIsAboutWhatWasAskedAndOfNothingElse() throws IOException {
        Path empty = Files.createDirectories(home.resolve("empty"));

        assertThatThrownBy(() -> engine(origin).verify(request().build()))
                .isInstanceOf(FetchException.NotStored.class)
                .satisfies(e -> assertThat(((FetchException) e).hint()).contains("fetch " + FakeSource.REPO));
        assertThatThrownBy(() -> engine.verify(empty))
                .isInstanceOf(FetchException.NotStored.class)
                .hasMessageContaining(empty.toString())
                .hasMessageNotContaining("Qwen");
    }

    @Test
    void aHubWithoutTheReferenceRepositoryCanBeReachedAllTheSame() {
        origin.refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));
        FakeSource scope = FakeSource.modelscope().refusing(new Verdict.Blocked("a web page"));

        List<Probe> probes = engine(origin, scope).probe(SourceChoice.auto(), Optional.empty(), null);

        assertThat(probes)
                .extracting(
                        probe -> probe.source() + " " + probe.verdict().kind().word())
                .containsExactly("huggingface usable", "modelscope blocked");
    }

    private static void deleted(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private FetchResult fetch(FetchRequest.Builder request) {
        if (engine == null) {
            engine(origin);
        }
        return engine.fetch(request.build(), FetchListener.SILENT);
    }

    private Engine engine(FakeSource... sources) {
        host.usually("/files/model.safetensors", FileHost.ranged(WEIGHTS))
                .usually("/files/conf/config.json", FileHost.ranged(CONFIG));
        environment.put("HOME", home.resolve("home").toString());
        environment.put("TZ", "UTC");
        List<ModelSourceProvider> providers = java.util.Arrays.stream(sources)
                .<ModelSourceProvider>map(FakeProvider::of)
                .toList();
        engine = new Engine(Settings.of(
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Optional.of(home.resolve("hub")),
                Optional.empty(),
                environment,
                providers,
                false));
        return engine;
    }

    private static FetchRequest.Builder request() {
        return FetchRequest.builder(FakeSource.REPO);
    }

    private Path repoFolder() {
        return home.resolve("hub/models--demo-lab--tiny-gpt");
    }

    private static List<String> names(Path root) throws IOException {
        try (var walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }
}
