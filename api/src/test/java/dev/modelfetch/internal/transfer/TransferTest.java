package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.config.Transport;
import dev.modelfetch.internal.engine.Engine;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.internal.testing.Recorder;
import dev.modelfetch.spi.ModelSourceProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plans run through the front door of the engine, as a job does. */
@Timeout(120)
class TransferTest {

    private static final byte[] WEIGHTS = Bytes.random(5_000, 1);
    private static final byte[] CONFIG = Bytes.of("{\"layers\": 2}\n");
    private static final RepoFile WEIGHTS_ROW = Bytes.large("model.safetensors", WEIGHTS);
    private static final RepoFile CONFIG_ROW = Bytes.small("config.json", CONFIG);
    private static final long TOTAL = (long) WEIGHTS.length + CONFIG.length;

    private final FileHost host = new FileHost();
    private final FakeSource origin = FakeSource.huggingface(host.url()).listing(CONFIG_ROW, WEIGHTS_ROW);
    private final Recorder recorder = new Recorder();
    private Engine engine;

    @TempDir
    Path home;

    @AfterEach
    void close() {
        engine.close();
        host.close();
    }

    @Test
    void bytesThatWereThrownAwayAreNotReportedAsFetched() {
        host.next(FileHost.whole(Bytes.flipped(WEIGHTS, 17)));

        Snapshot result = fetch(1);

        assertThat(host.requests()).hasSize(3);
        assertThat(result.bytesFetched()).isEqualTo(TOTAL);
        assertThat(result.bytesReused()).isZero();
    }

    @Test
    void whatWasThereBeforeIsReportedAsReused() throws IOException {
        try (Partial partial = store().partial(WEIGHTS_ROW).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(WEIGHTS, 0, 2_000), "huggingface");
        }

        Snapshot result = fetch(1);

        assertThat(result.bytesFetched()).isEqualTo(TOTAL - 2_000);
        assertThat(result.bytesReused()).isEqualTo(2_000);
    }

    @Test
    void whoeverWaitsForAnotherProcessSaysSoOnceAndGoesOnWhenItIsDone() throws IOException {
        Partial others = store().partial(WEIGHTS_ROW).orElseThrow();
        recorder.on(event -> {
            if (event instanceof FetchEvent.Waiting) {
                close(others);
            }
        });

        Snapshot result = fetch(2);

        assertThat(recorder.all(FetchEvent.Waiting.class)).singleElement().satisfies(waiting -> {
            assertThat(waiting.word()).isEqualTo("waiting");
            assertThat(waiting.causes()).isEqualTo(Map.of("cache", "another process is fetching model.safetensors"));
            assertThat(Duration.between(waiting.since(), waiting.at())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(waiting.nextTry()).isNull();
            assertThat(waiting.givesUp()).isNull();
        });
        assertThat(result.bytesFetched()).isEqualTo(TOTAL);
    }

    @Test
    void cancellingEndsTheWaitForAnotherProcess() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        recorder.on(event -> {
            if (event instanceof FetchEvent.Waiting) {
                waiting.countDown();
            } else if (event instanceof FetchEvent.Failed) {
                over.countDown();
            }
        });
        try (Partial others = store().partial(WEIGHTS_ROW).orElseThrow()) {
            CompletableFuture<Snapshot> job =
                    engine(origin).start(request(2), recorder).result();
            waiting.await();

            job.cancel(true);
            over.await();

            assertThatThrownBy(job::get).isInstanceOf(CancellationException.class);
            assertThat(others.isComplete()).isFalse();
        }
        assertThat(recorder.all(FetchEvent.Failed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.error()).isInstanceOf(FetchException.Cancelled.class));
    }

    @Test
    void anEmptyFileWithTheDigestOfSomethingEndsTheJobAsCorrupt() {
        RepoFile contradiction = new RepoFile("empty.bin", 0, Bytes.sha256(WEIGHTS), null, true);
        FakeSource lying = FakeSource.huggingface(host.url()).listing(CONFIG_ROW, contradiction);

        assertThatThrownBy(() -> engine(lying).fetch(request(1), recorder))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("the file list of huggingface contradicts itself: empty.bin")
                .satisfies(e -> assertThat(((FetchException) e).code()).isEqualTo(6));
        assertThat(recorder.words()).endsWith("error");
    }

    @Test
    void aBackEndThatBreaksWhileBytesAreAskedForEndsTheJobAsAFailureOfItsSource() {
        origin.breaking(new NoSuchMethodError("okhttp3.HttpUrl.newBuilder()"));

        assertThatThrownBy(() -> fetch(2))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("huggingface: handing out bytes failed: java.lang.NoSuchMethodError");
        assertThat(recorder.words()).endsWith("error");
    }

    @Test
    void whoKeepsGoingHasEverythingThatCanBeHadBeforeItFails() {
        // The larger is begun with, and one worker would come to nothing else.
        RepoFile gone = Bytes.large("gone.bin", Bytes.random(9_000, 3));
        FakeSource lacking = FakeSource.huggingface(host.url()).listing(CONFIG_ROW, gone, WEIGHTS_ROW);
        host.usually("/files/gone.bin", FileHost.status(404));

        FetchRequest request = request(1).toBuilder().keepGoing(true).build();
        assertThatThrownBy(() -> engine(lacking).fetch(request, recorder))
                .isInstanceOf(FetchException.class)
                .hasMessageContaining("gone.bin");

        assertThat(recorder.all(FetchEvent.FileDone.class))
                .extracting(done -> done.file().path())
                .containsExactlyInAnyOrder("config.json", "model.safetensors");
        assertThat(recorder.words()).endsWith("error");
    }

    @Test
    void whoDoesNotKeepGoingEndsAtTheFirstFileThatCannotBeHad() {
        RepoFile gone = Bytes.large("gone.bin", Bytes.random(9_000, 3));
        FakeSource lacking = FakeSource.huggingface(host.url()).listing(CONFIG_ROW, gone, WEIGHTS_ROW);
        host.usually("/files/gone.bin", FileHost.status(404));

        assertThatThrownBy(() -> engine(lacking).fetch(request(1), recorder)).isInstanceOf(FetchException.class);

        assertThat(recorder.all(FetchEvent.FileDone.class)).isEmpty();
    }

    private Snapshot fetch(int workers) {
        return engine(origin).fetch(request(workers), recorder);
    }

    private static FetchRequest request(int workers) {
        return FetchRequest.builder(FakeSource.REPO).maxWorkers(workers).build();
    }

    private Engine engine(FakeSource... sources) {
        host.usually("/files/model.safetensors", FileHost.ranged(WEIGHTS))
                .usually("/files/config.json", FileHost.ranged(CONFIG));
        List<ModelSourceProvider> providers = Arrays.stream(sources)
                .<ModelSourceProvider>map(FakeProvider::of)
                .toList();
        engine = new Engine(Settings.of(new Settings.Said(
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Optional.of(home.resolve("hub")),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Map.of("HOME", home.resolve("home").toString(), "TZ", "UTC"),
                providers,
                false,
                Transport.USUAL)));
        return engine;
    }

    private SnapshotStore store() {
        return new HubCache(home.resolve("hub"), FakeSource.REPO, true, InstantSource.system()).at(FakeSource.COMMIT);
    }

    private static void close(Partial partial) {
        try {
            partial.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
