package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchProgress;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Selection;
import dev.modelfetch.Snapshot;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.internal.testing.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs from being started to their end: turns, progress, limits, timeouts, cancelling, closing. */
@Timeout(120)
class JobsTest extends EngineBench {

    private static final Duration SOON = Duration.ofMinutes(1);

    private final CountDownLatch never = new CountDownLatch(1);
    private final Recorder recorder = new Recorder();

    @AfterEach
    void letGo() {
        never.countDown();
    }

    private static Terms terms(int maxJobs) {
        return new Terms(maxJobs, Integer.MAX_VALUE, 0, false, Optional.empty(), List.of(), UnaryOperator.identity());
    }

    private static Terms heardBy(Function<? super FetchJob, ? extends FetchListener> listener) {
        return new Terms(8, Integer.MAX_VALUE, 0, false, Optional.empty(), List.of(listener), UnaryOperator.identity());
    }

    private static FetchRequest.Builder weights() {
        return request().selection(Selection.of(List.of("model.safetensors"), List.of(), List.of()));
    }

    private FetchJob stalled(FetchListener... listeners) {
        host.next(FileHost.stallAfter(300, WEIGHTS, never));
        FetchJob job = engine.start(weights().build(), listeners);
        await().until(() -> job.progress().bytesDone() > 0);
        return job;
    }

    @Test
    void aJobTellsHowFarItIs() throws Exception {
        engine(terms(1), origin);
        FetchJob running = stalled();
        FetchJob waiting = engine.start(request().build());

        FetchProgress half = running.progress();
        assertThat(half.phase()).isEqualTo(FetchProgress.Phase.FETCHING);
        assertThat(half.files()).isEqualTo(1);
        assertThat(half.bytes()).isEqualTo(WEIGHTS.length);
        assertThat(half.bytesDone()).isBetween(1L, WEIGHTS.length - 1L);
        assertThat(half.percent().orElseThrow()).isBetween(0, 99);
        assertThat(waiting.progress().phase()).isEqualTo(FetchProgress.Phase.QUEUED);

        running.cancel();
        Snapshot snapshot = waiting.result().get(60, TimeUnit.SECONDS);

        assertThat(snapshot.file("conf/config.json")).hasBinaryContent(CONFIG);
        assertThatExceptionOfType(FetchException.NotFound.class).isThrownBy(() -> snapshot.file("other"));
        FetchProgress whole = waiting.progress();
        assertThat(whole.phase()).isEqualTo(FetchProgress.Phase.DONE);
        assertThat(whole.filesDone()).isEqualTo(3);
        assertThat(whole.bytesDone()).isEqualTo(TOTAL);
        assertThat(whole.percent()).hasValue(100);
        assertThat(running.progress().phase()).isEqualTo(FetchProgress.Phase.FAILED);
        assertThat(running.id()).isNotEqualTo(waiting.id());
        assertThat(running.request()).isEqualTo(weights().build());
    }

    @Test
    void thoseThatWaitHaveNoThreadAndComeByPriorityAndThenInOrder() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        engine(terms(1), origin);
        FetchJob first = stalled();
        long before = jobThreads();
        List<FetchJob> others = new ArrayList<>();
        for (int priority : new int[] {0, 5, 0, 9}) {
            int number = others.size();
            others.add(engine.start(request().priority(priority).build(), event -> {
                if (event instanceof FetchEvent.Resolved) {
                    order.add(priority + "/" + number);
                }
            }));
        }
        long working = jobThreads();

        first.cancel();
        for (FetchJob job : others) {
            job.result().get(60, TimeUnit.SECONDS);
        }

        assertThat(order).containsExactly("9/3", "5/1", "0/0", "0/2");
        assertThat(working).as("those of the job that runs").isLessThanOrEqualTo(before);
    }

    private static long jobThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("modelfetch-job"))
                .count();
    }

    @Test
    void oneThatIsCancelledBeforeItsTurnEndsAtOnceAndSaysSo() throws Exception {
        engine(terms(1), origin);
        FetchJob first = stalled();
        FetchJob waiting = engine.start(request().build(), recorder);

        assertThat(waiting.cancel()).isTrue();

        assertThat(waiting.awaitEnd(SOON)).isTrue();
        assertThat(recorder.words()).isEqualTo("error");
        await().until(() -> waiting.result().isCompletedExceptionally());
        assertThat(waiting.cancel()).isFalse();
        assertThat(first.progress().isOver()).isFalse();
    }

    @Test
    void aTimeoutEndsAJobWhetherItRunsOrWaits() throws Exception {
        engine(terms(1), origin);
        host.next(FileHost.stallAfter(300, WEIGHTS, never));
        FetchJob running =
                engine.start(weights().timeout(Duration.ofMillis(400)).build(), recorder);
        FetchJob waiting = engine.start(weights().timeout(Duration.ofMillis(1)).build());

        for (FetchJob job : List.of(running, waiting)) {
            assertThatThrownBy(() -> job.result().get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(FetchException.TimedOut.class, late -> {
                        assertThat(late.retryable()).isTrue();
                        assertThat(late.code()).isEqualTo(5);
                        assertThat(late).hasMessageContaining("demo-lab/tiny-gpt");
                    });
        }
        assertThat(recorder.words()).endsWith("error");
        assertThat(recorder.all(FetchEvent.Failed.class).get(0).error()).isInstanceOf(FetchException.TimedOut.class);
    }

    @Test
    void whoeverDerivesAFutureAndCancelsItOrLetsItTimeOutStopsTheJob() throws Exception {
        engine(origin);
        FetchJob cancelled = stalled();
        CompletableFuture<Integer> size =
                cancelled.result().thenApply(done -> done.files().size());
        size.cancel(true);
        assertThat(cancelled.awaitEnd(SOON)).isTrue();
        await().until(() -> cancelled.result().isCompletedExceptionally());

        FetchJob late = stalled();
        CompletableFuture<Snapshot> timed =
                late.result().thenApply(done -> done).orTimeout(1, TimeUnit.MILLISECONDS);
        assertThat(late.awaitEnd(SOON)).isTrue();
        assertThat(timed).isCompletedExceptionally();

        FetchJob replaced = stalled();
        var unused = replaced.result().completeOnTimeout(null, 1, TimeUnit.MILLISECONDS);
        assertThat(replaced.awaitEnd(SOON)).isTrue();

        FetchJob listened = stalled();
        listened.result().minimalCompletionStage().toCompletableFuture().cancel(true);
        assertThat(listened.progress().isOver()).isFalse();
    }

    @Test
    void aListenerThatThrowsHarmsNobodyButItself() {
        Recorder ofAll = new Recorder();
        engine(heardBy(job -> ofAll), origin);

        engine.fetch(
                request().build(),
                event -> {
                    throw new IllegalStateException("broken listener");
                },
                recorder);

        assertThat(recorder.words()).startsWith("probe resolved").endsWith("done");
        assertThat(ofAll.words()).isEqualTo(recorder.words());
    }

    @Test
    void whoIsToHearEveryJobMayFailToBegin() {
        engine(
                heardBy(job -> {
                    throw new IllegalStateException("no listener for " + job.id());
                }),
                origin);

        assertThat(engine.fetch(request().build(), recorder).files()).hasSize(3);
        assertThat(recorder.words()).endsWith("done");
    }

    @Test
    void closingWaitsUntilEveryJobHasToldItsEnd() throws Exception {
        engine(terms(1), origin);
        FetchJob running = stalled(recorder);
        Recorder second = new Recorder();
        FetchJob waiting = engine.start(request().build(), second);

        assertThat(engine.close(SOON)).isTrue();

        assertThat(recorder.words()).endsWith("error");
        assertThat(second.words()).isEqualTo("error");
        assertThat(running.progress().isOver()).isTrue();
        assertThat(waiting.progress().isOver()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aListenerMayCloseWithoutWaitingForItself() throws Exception {
        AtomicReference<Boolean> ended = new AtomicReference<>();
        engine(origin);
        FetchJob job = engine.start(request().build(), event -> {
            if (event instanceof FetchEvent.Resolved) {
                ended.set(engine.close(Duration.ofHours(1)));
            }
        });

        assertThat(job.awaitEnd(SOON)).isTrue();
        assertThat(ended.get()).isFalse();
        await().until(() -> job.result().isCompletedExceptionally());
    }

    @Test
    void closingNeverInterruptsACallerWhoseFetchHasReturned() throws Exception {
        engine(origin);
        Snapshot done = engine.fetch(request().build());

        engine.close();

        assertThat(done.files()).hasSize(3);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void theRateOfARunningJobCanBeChanged() throws Exception {
        engine(origin);
        FetchJob job = engine.start(weights().bytesPerSecond(1).build());
        await().until(() -> job.progress().phase() == FetchProgress.Phase.FETCHING);

        job.bytesPerSecond(0);

        assertThat(job.result().get(60, TimeUnit.SECONDS).bytesFetched()).isEqualTo(WEIGHTS.length);
        assertThatExceptionOfType(FetchException.Usage.class).isThrownBy(() -> job.bytesPerSecond(-1));
    }

    @Test
    void manyJobsForOneRevisionAskOnce() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        origin.answering(() -> {
            all.await();
            return origin.resolved();
        });
        engine(terms(3), origin);
        List<FetchJob> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            jobs.add(engine.start(request().build()));
        }
        all.countDown();
        for (FetchJob job : jobs) {
            assertThat(job.result().get(60, TimeUnit.SECONDS).files()).hasSize(3);
        }

        assertThat(origin.asked()).isEqualTo(1);
        assertThat(origin.listed()).isEqualTo(1);
        assertThat(host.requests()).hasSize(2);
    }

    @Test
    void aJobThatIsBegunLaterAsksAnew() {
        engine(origin);
        engine.fetch(request().build());
        engine.fetch(request().build());

        assertThat(origin.asked()).isEqualTo(2);
    }

    @Test
    void whatIsStoredIsFoundWithoutAskingAnybody() throws Exception {
        engine(origin);
        assertThat(engine.find(request().build())).isEmpty();
        Snapshot fetched = engine.fetch(request().build());
        int asked = origin.asked();

        Optional<Snapshot> found = engine.find(request().build());

        assertThat(found).map(Snapshot::root).contains(fetched.root());
        assertThat(engine.find(request().revision("other").build())).isEmpty();
        assertThat(found).map(Snapshot::bytesFetched).contains(0L);
        deleted(repoFolder());
        assertThat(engine.find(request().build())).isEmpty();
        assertThat(origin.asked()).isEqualTo(asked);
    }

    @Test
    void aFailureSaysAtWhichHostItHappenedAndUnderWhichName() {
        engine(origin);
        for (int i = 0; i < 20; i++) {
            host.next(request -> new mockwebserver3.MockResponse.Builder()
                    .code(403)
                    .addHeader("X-Request-Id", "Root=1-abc")
                    .build());
        }

        assertThatThrownBy(() -> engine.fetch(weights().patience(Duration.ZERO).build()))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        failure -> assertThat(failure.origin()).hasValueSatisfying(from -> {
                            assertThat(from.source()).isEqualTo("huggingface");
                            assertThat(from.host()).contains(host.url().host());
                            assertThat(from.requestId()).contains("Root=1-abc");
                        }));
    }
}
