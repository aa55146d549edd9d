package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Selection;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.config.Transport;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.internal.testing.QuietLog;
import dev.modelfetch.internal.testing.Recorder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a job tells while it runs, and how it is stopped. */
@Timeout(120)
class EngineEventsTest {

    private static final byte[] WEIGHTS = Bytes.random(50_000, 1);
    private static final byte[] CONFIG = Bytes.of("{\"layers\": 2}\n");
    private static final RepoFile WEIGHTS_ROW = Bytes.large("model.safetensors", WEIGHTS);
    private static final RepoFile CONFIG_ROW = Bytes.small("config.json", CONFIG);

    private final FileHost host = new FileHost();
    private final FakeSource origin = FakeSource.huggingface(host.url()).listing(CONFIG_ROW, WEIGHTS_ROW);
    private final Recorder recorder = new Recorder();
    private final CountDownLatch enough = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private Engine engine;

    @TempDir
    Path cache;

    @AfterEach
    void close() {
        enough.countDown();
        never.countDown();
        engine.close();
        host.close();
    }

    @Test
    void aJobTellsItsStoryInThePromisedOrder() {
        host.answers("/files/config.json", FileHost.firstly(FileHost.cutAfter(3, CONFIG), FileHost.ranged(CONFIG)));

        Snapshot result = engine().fetch(request(), recorder);

        assertThat(recorder.words()).matches("(probe )+resolved ((file|progress|retry|verify|source-join)\\S* )+done");
        assertStoriesOfFiles();
        assertThat(recorder.all(FetchEvent.Resolved.class)).singleElement().satisfies(event -> {
            assertThat(event.files()).isEqualTo(2);
            assertThat(event.bytes()).isEqualTo(WEIGHTS.length + CONFIG.length);
        });
        assertThat(recorder.all(FetchEvent.Done.class).get(0).result()).isEqualTo(result);
    }

    @Test
    void aStoredFileIsDoneWithoutMore() {
        engine().fetch(request(), event -> {});

        engine.fetch(request(), recorder);

        assertThat(recorder.words()).matches("(probe )+resolved file-done file-done done");
        assertThat(recorder.all(FetchEvent.FileDone.class))
                .allMatch(event -> event.file().reused());
    }

    @Test
    void aFailureIsToldLast() {
        host.holds("model.safetensors", Bytes.flipped(WEIGHTS, 3));

        assertThatThrownBy(() -> engine().fetch(request(), recorder)).isInstanceOf(FetchException.Corrupt.class);

        assertThat(recorder.words()).matches("(probe )+resolved (\\S+ )*error");
        FetchEvent.Failed failed = recorder.all(FetchEvent.Failed.class).get(0);
        assertThat(failed.error().code()).isEqualTo(6);
        assertThat(failed.probes()).isNotEmpty();
    }

    @Test
    void aJobThatFindsNobodyTellsOnlyProbesAndTheError() {
        origin.refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));

        assertThatThrownBy(() -> engine().fetch(request(), recorder)).isInstanceOf(FetchException.NotFound.class);

        assertThat(recorder.words()).isEqualTo("probe error");
    }

    @Test
    void aListenerThatThrowsDoesNotBreakTheJob() {
        recorder.on(event -> {
            throw new IllegalStateException("screen on fire");
        });

        try (QuietLog quiet = new QuietLog(Events.class)) {
            Snapshot result = engine().fetch(request(), recorder);

            assertThat(result.path().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        }
        assertThat(recorder.words()).endsWith("done");
    }

    @Test
    void eventsComeOneAtATime() {
        AtomicReference<Thread> inside = new AtomicReference<>();
        List<String> overlaps = new ArrayList<>();
        recorder.on(event -> {
            Thread other = inside.getAndSet(Thread.currentThread());
            if (other != null) {
                overlaps.add(event.word());
            }
            inside.set(null);
        });

        engine().fetch(request(), recorder);

        assertThat(overlaps).isEmpty();
    }

    @Test
    void cancellingTheFutureStopsTheJobAndTheNextOneGoesOnFromThere() {
        host.next(FileHost.trickle(WEIGHTS, enough, never));
        recorder.on(event -> {
            if (event instanceof FetchEvent.Progress) {
                enough.countDown();
            }
        });
        CompletableFuture<Snapshot> future = engine().start(weights(), recorder).result();
        await().until(() -> !recorder.all(FetchEvent.Progress.class).isEmpty());

        assertThat(future.cancel(true)).isTrue();

        assertThat(future).isCancelled();
        await().until(() -> !recorder.all(FetchEvent.Failed.class).isEmpty());
        assertThat(recorder.all(FetchEvent.Failed.class).get(0).error()).isInstanceOf(FetchException.Cancelled.class);
        long had = recorder.all(FetchEvent.Progress.class).get(0).done();
        Snapshot next = engine.fetch(weights(), event -> {});
        assertThat(next.path()).hasBinaryContent(WEIGHTS);
        assertThat(next.bytesReused()).isGreaterThanOrEqualTo(had);
        assertThat(host.ranges().get(1)).isEqualTo("bytes=" + next.bytesReused() + "-" + (WEIGHTS.length - 1));
    }

    @Test
    void interruptingTheCallerCancelsTheJob() throws InterruptedException {
        host.next(FileHost.stallAfter(300, WEIGHTS, never));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        recorder.on(event -> {
            if (event instanceof FetchEvent.FileStarted) {
                started.countDown();
            }
        });
        engine();
        Thread caller = new Thread(() -> {
            try {
                engine.fetch(weights(), recorder);
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        caller.start();
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

        caller.interrupt();
        caller.join(60_000);

        assertThat(thrown.get()).isInstanceOf(FetchException.Cancelled.class);
        assertThat(((FetchException) thrown.get()).code()).isEqualTo(130);
    }

    @Test
    void closingStopsWhatIsRunning() {
        host.next(FileHost.stallAfter(300, WEIGHTS, never));
        CompletableFuture<Snapshot> future = engine().start(weights(), recorder).result();
        await().until(() -> !recorder.all(FetchEvent.FileStarted.class).isEmpty());

        engine.close();

        assertThatThrownBy(() -> future.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(FetchException.Cancelled.class);
    }

    @Test
    void closingDoesNotInterruptTheCaller() throws InterruptedException {
        host.next(FileHost.stallAfter(300, WEIGHTS, never));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        engine();
        Thread caller = new Thread(() -> {
            try {
                engine.fetch(weights(), recorder);
            } catch (Throwable e) {
                interrupted.set(Thread.currentThread().isInterrupted());
                thrown.set(e);
            }
        });
        caller.start();
        await().until(() -> !recorder.all(FetchEvent.FileStarted.class).isEmpty());

        engine.close();
        caller.join(60_000);

        assertThat(thrown.get()).isInstanceOf(FetchException.Cancelled.class);
        assertThat(interrupted.get()).isFalse();
        assertThat(recorder.words()).endsWith(" error");
    }

    @Test
    void aCallerThatWasInterruptedFindsItsInterruptAndTheLastEvent() throws InterruptedException {
        host.next(FileHost.stallAfter(300, WEIGHTS, never));
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        AtomicReference<String> words = new AtomicReference<>();
        engine();
        Thread caller = new Thread(() -> {
            try {
                engine.fetch(weights(), recorder);
            } catch (FetchException.Cancelled e) {
                interrupted.set(Thread.currentThread().isInterrupted());
                words.set(recorder.words());
            }
        });
        caller.start();
        await().until(() -> !recorder.all(FetchEvent.FileStarted.class).isEmpty());

        caller.interrupt();
        caller.join(60_000);

        assertThat(interrupted.get()).isTrue();
        assertThat(words.get()).endsWith(" error");
    }

    @Test
    void whatIsAskedOfAnEngineThatWasClosedIsCancelledAndSaysSo() {
        engine().close();

        assertThatThrownBy(() -> engine.fetch(weights(), recorder)).isInstanceOf(FetchException.Cancelled.class);
        assertThat(recorder.words()).isEqualTo("error");
        assertThat(engine.start(weights(), event -> {}).result())
                .failsWithin(java.time.Duration.ofMinutes(1))
                .withThrowableThat()
                .withCauseInstanceOf(FetchException.Cancelled.class);
        assertThatThrownBy(() -> engine.probe(
                        dev.modelfetch.FetchRequest.builder(FakeSource.REPO).build()))
                .isInstanceOf(FetchException.Cancelled.class);
    }

    @Test
    void aFaultOfTheProgramIsToldAsTheLastEventToo() {
        origin.listing(() -> new dev.modelfetch.Manifest(
                "huggingface", "huggingface", FakeSource.REPO, "main", FakeSource.COMMIT, null, true));

        assertThatThrownBy(() -> engine().fetch(weights(), recorder)).isInstanceOf(FetchException.class);
        assertThat(recorder.words()).endsWith("error");
    }

    @Test
    void aFileThatAnotherJobIsFetchingIsNotFetchedTwice() throws Exception {
        CountDownLatch bothUnderWay = new CountDownLatch(1);
        host.next(request -> {
            bothUnderWay.await();
            return FileHost.ranged(WEIGHTS).to(request);
        });
        CompletableFuture<Snapshot> first =
                engine().start(weights(), event -> {}).result();
        await().until(() -> !host.requests().isEmpty());
        CompletableFuture<Snapshot> second = engine.start(weights(), recorder).result();
        await().until(() -> !recorder.all(FetchEvent.Resolved.class).isEmpty());

        bothUnderWay.countDown();

        assertThat(first.get(60, TimeUnit.SECONDS).bytesFetched()).isEqualTo(WEIGHTS.length);
        assertThat(second.get(60, TimeUnit.SECONDS).bytesReused()).isEqualTo(WEIGHTS.length);
        assertThat(host.requests()).hasSize(1);
    }

    /** Every file: started, anything, done. */
    private void assertStoriesOfFiles() {
        Map<String, StringBuilder> stories = new LinkedHashMap<>();
        for (FetchEvent event : recorder.all()) {
            String path = pathOf(event);
            if (path != null) {
                stories.computeIfAbsent(path, any -> new StringBuilder())
                        .append(event.word())
                        .append(' ');
            }
        }
        assertThat(stories).containsOnlyKeys("config.json", "model.safetensors");
        assertThat(stories.values())
                .allSatisfy(story -> assertThat(story.toString())
                        .matches("file-start ((progress|retry|source-switch|verify) )*verify file-done "));
    }

    private static String pathOf(FetchEvent event) {
        if (event instanceof FetchEvent.FileStarted started) {
            return started.path();
        }
        if (event instanceof FetchEvent.Progress progress) {
            return progress.path();
        }
        if (event instanceof FetchEvent.Retrying retrying) {
            return retrying.path();
        }
        if (event instanceof FetchEvent.SourceSwitched switched) {
            return switched.path();
        }
        if (event instanceof FetchEvent.Verified verified) {
            return verified.path();
        }
        return event instanceof FetchEvent.FileDone done ? done.file().path() : null;
    }

    private Engine engine() {
        host.usually("/files/model.safetensors", FileHost.ranged(WEIGHTS))
                .usually("/files/config.json", FileHost.ranged(CONFIG));
        engine = new Engine(Settings.of(new Settings.Said(
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Optional.of(cache),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(FakeProvider.of(origin)),
                false,
                Transport.USUAL)));
        return engine;
    }

    private static FetchRequest request() {
        return FetchRequest.builder(FakeSource.REPO).build();
    }

    private static FetchRequest weights() {
        return FetchRequest.builder(FakeSource.REPO)
                .selection(Selection.of(List.of("model.safetensors"), List.of(), List.of()))
                .build();
    }
}
