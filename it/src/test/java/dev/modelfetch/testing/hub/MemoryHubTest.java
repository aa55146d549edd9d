package dev.modelfetch.testing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchProgress.Phase;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub in memory behind the real engine: what a service sees in its tests is what it will see. */
class MemoryHubTest {

    private static final Repository MODEL = Repository.model("acme/tiny")
            .file("config.json", "{}")
            .lfs("weights/model.bin", Content.generated(7, 3_000_000));

    private static final FetchRequest REQUEST =
            FetchRequest.builder("acme/tiny").patience(Duration.ZERO).build();

    @TempDir
    Path cache;

    private final MemoryHub hub = MemoryHub.of(MODEL);
    private Modelfetch modelfetch;

    @BeforeEach
    void open() {
        modelfetch = Modelfetch.builder()
                .withoutDiscovery()
                .provider(hub)
                .cacheDirectory(cache)
                .build();
    }

    @AfterEach
    void close() {
        modelfetch.close();
    }

    @Test
    void whatItHoldsIsFetchedAndFound() throws Exception {
        assertThat(modelfetch.find(REQUEST)).isEmpty();

        Snapshot snapshot = modelfetch.fetch(REQUEST);

        assertThat(Files.readString(snapshot.file("config.json"))).isEqualTo("{}");
        assertThat(Content.bytes(Files.readAllBytes(snapshot.file("weights/model.bin")))
                        .sha256())
                .isEqualTo(MODEL.head()
                        .file("weights/model.bin")
                        .orElseThrow()
                        .content()
                        .sha256());
        assertThat(snapshot.commit()).isEqualTo(MODEL.head().id());
        assertThat(snapshot.files()).allMatch(file -> file.verified() == Verification.ORIGIN);
        assertThat(modelfetch.find(REQUEST)).isPresent();
        assertThat(hub.opened()).contains("config.json", "weights/model.bin");
    }

    @Test
    void aSecondFetchOpensNothing() {
        modelfetch.fetch(REQUEST);
        int opened = hub.opened().size();

        modelfetch.fetch(REQUEST);

        assertThat(hub.opened()).hasSize(opened);
    }

    @Test
    void aHeldJobIsSeenUnderWayAndEndsWhenItIsLetGo() {
        hub.hold();
        FetchJob job = modelfetch.start(REQUEST);
        await().until(() -> !hub.opened().isEmpty() && job.progress().phase() == Phase.FETCHING);
        assertThat(job.progress().bytesDone()).isZero();

        hub.release();

        assertThat(job.result().join().files()).hasSize(2);
    }

    @Test
    void aHeldJobCanBeCancelled() throws Exception {
        hub.hold();
        FetchJob job = modelfetch.start(REQUEST);
        await().until(() -> !hub.opened().isEmpty());

        assertThat(job.cancel()).isTrue();

        assertThat(job.awaitEnd(Duration.ofSeconds(20))).isTrue();
        assertThat(job.progress().phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void itFailsAsItIsToldToAndRecovers() {
        hub.fails(new Verdict.NeedsAuth("is gated", Verdict.Missing.TOKEN));
        assertThatThrownBy(() -> modelfetch.fetch(REQUEST)).isInstanceOf(FetchException.AccessDenied.class);

        hub.recovers();

        assertThat(modelfetch.fetch(REQUEST).files()).hasSize(2);
    }

    @Test
    void aBranchMovesOnAndItsCommitsStay() throws Exception {
        Repository next = MODEL.file("config.json", "{\"v\": 2}");
        hub.put(next);

        assertThat(Files.readString(modelfetch.fetch(REQUEST).file("config.json")))
                .isEqualTo("{\"v\": 2}");
        FetchRequest earlier = REQUEST.toBuilder().revision(MODEL.head().id()).build();
        assertThat(Files.readString(modelfetch.fetch(earlier).file("config.json")))
                .isEqualTo("{}");
    }

    @Test
    void whatItLacksIsNotFound() {
        FetchRequest other = FetchRequest.of("acme/other");
        assertThatThrownBy(() -> modelfetch.fetch(other)).isInstanceOf(FetchException.NotFound.class);
    }

    @Test
    void oneOfSeveralTakesOver() {
        MemoryHub first = MemoryHub.named("huggingface", MODEL);
        MemoryHub second = MemoryHub.named("elsewhere", MODEL);
        first.fails(new Verdict.Down("is away for the night", true));
        try (Modelfetch both = Modelfetch.builder()
                .withoutDiscovery()
                .provider(first)
                .provider(second)
                .cacheDirectory(cache)
                .build()) {
            Snapshot snapshot = both.fetch(REQUEST);

            assertThat(snapshot.source()).isEqualTo("elsewhere");
            assertThat(first.opened()).isEmpty();
            assertThat(snapshot.probes())
                    .extracting(
                            probe -> Map.entry(probe.source(), probe.verdict().kind()))
                    .contains(Map.entry("huggingface", Verdict.Kind.DOWN));
        }
    }

    /** As a directory on a share that has gone away: reads neither end nor fail. */
    @Test
    void bytesThatStopAreHadFromTheOther() {
        MemoryHub first = MemoryHub.named("huggingface", MODEL);
        MemoryHub second = MemoryHub.named("elsewhere", MODEL);
        first.hold();
        try (Modelfetch both = Modelfetch.builder()
                .withoutDiscovery()
                .provider(first)
                .provider(second)
                .environment(Map.of("HF_HUB_DOWNLOAD_TIMEOUT", "2"))
                .cacheDirectory(cache)
                .build()) {
            Snapshot snapshot = both.fetch(REQUEST.toBuilder()
                    .source(SourceChoice.only("huggingface", "elsewhere"))
                    .build());

            assertThat(first.opened()).isNotEmpty();
            assertThat(snapshot.files()).allMatch(file -> file.from().equals(List.of("elsewhere")));
        }
    }

    /** As a listener in Kotlin may, which declares nothing. */
    @Test
    void aListenerThatThrowsWhatItDoesNotDeclareHarmsNobody() {
        List<String> heard = new CopyOnWriteArrayList<>();

        Snapshot snapshot = modelfetch.fetch(
                REQUEST, event -> sneak(new IOException("my log is full")), event -> heard.add(event.word()));

        assertThat(snapshot.files()).hasSize(2);
        assertThat(heard).endsWith("done");
    }

    @Test
    void asLongAsCanBeSaidIsForEver() throws Exception {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        FetchJob job = modelfetch.start(REQUEST.toBuilder().timeout(forEver).build());

        assertThat(job.awaitEnd(forEver)).isTrue();
        assertThat(job.result().join().files()).hasSize(2);
        assertThat(modelfetch.close(forEver)).isTrue();
    }

    @Test
    void whatNoSourceWillEverMendIsNotToBeTriedAgain() {
        hub.fails(new Verdict.Blocked("a web page instead of data"));

        FetchException failure = catchThrowableOfType(FetchException.class, () -> modelfetch.fetch(REQUEST));

        assertThat(failure).isInstanceOf(FetchException.Unreachable.class);
        assertThat(failure.retryable()).isFalse();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable undeclared) throws E {
        throw (E) undeclared;
    }
}
