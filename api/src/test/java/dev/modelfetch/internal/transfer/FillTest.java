package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.store.partial.Ranges;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.internal.testing.Patiences;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FillTest extends FillBench {

    @Test
    void aFileIsFilledAndProved() throws Exception {
        mirrorHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(mirrorHost.ranges()).containsExactly("all");
        assertThat(recorder.words()).isEqualTo("progress verify");
        assertThat(verified()).isEqualTo("ok");
    }

    @Test
    void aBodyThatEndsEarlyIsResumedAtTheExactByte() throws Exception {
        mirrorHost.next(FileHost.cutAfter(400, CONTENT)).holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(mirrorHost.ranges()).containsExactly("all", "bytes=400-999");
        assertThat(recorder.all(FetchEvent.Retrying.class)).singleElement().satisfies(retry -> {
            assertThat(retry.source()).isEqualTo("mirror");
            assertThat(retry.reason()).contains("connection closed early");
            assertThat(retry.pause()).isPositive();
        });
        assertThat(verified()).isEqualTo("ok");
    }

    @Test
    void aConnectionThatBreaksBeforeTheAnswerIsTriedAgain() throws Exception {
        mirrorHost.next(FileHost.reset(), FileHost.reset()).holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(recorder.all(FetchEvent.Retrying.class)).isNotEmpty();
    }

    @Test
    void whatAnEarlierRunLeftIsNotFetchedAgain() throws Exception {
        try (Partial partial = store().partial(FILE).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(CONTENT, 0, 300), "mirror");
            partial.write(600, ByteBuffer.wrap(CONTENT, 600, 100), "mirror");
        }
        mirrorHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(mirrorHost.ranges()).containsExactly("bytes=300-599", "bytes=700-999");
    }

    @Test
    void aServerThatIgnoresRangesIsReadFromTheStart() throws Exception {
        try (Partial partial = store().partial(FILE).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(CONTENT, 0, 300), "mirror");
        }
        mirrorHost.answers("/files/model.bin", FileHost.whole(CONTENT));

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(mirrorHost.ranges()).containsExactly("bytes=300-999");
    }

    @Test
    void aSourceThatDiesInMidFileIsReplacedByTheNext() throws Exception {
        mirrorHost.next(FileHost.cutAfter(400, CONTENT));
        originHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror, origin)).isEqualTo(CONTENT);

        assertThat(originHost.ranges()).containsExactly("bytes=400-999");
        assertThat(recorder.all(FetchEvent.SourceSwitched.class))
                .singleElement()
                .satisfies(switched -> {
                    assertThat(switched.from()).isEqualTo("mirror");
                    assertThat(switched.to()).isEqualTo("huggingface");
                    assertThat(switched.reason()).isEqualTo("connection closed early (localhost)");
                });
        assertThat(verified()).isEqualTo("ok");
    }

    @Test
    void nobodyIsSwitchedToWhoIsAskedInVain() throws Exception {
        mirrorHost.next(FileHost.cutAfter(400, CONTENT));
        mirrorHost.holds("model.bin", CONTENT);
        originHost.next(FileHost.status(404));

        assertThat(fill(FILE, mirror, origin)).isEqualTo(CONTENT);

        assertThat(originHost.requests()).hasSize(1);
        assertThat(recorder.all(FetchEvent.SourceSwitched.class)).isEmpty();
    }

    @Test
    void aLimitedSourceIsLeftAtOnceWhenThereIsAnother() throws Exception {
        mirrorHost.next(FileHost.status(429, "Retry-After", "50"));
        originHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror, origin)).isEqualTo(CONTENT);

        assertThat(mirrorHost.requests()).hasSize(1);
        assertThat(recorder.all(FetchEvent.Retrying.class))
                .singleElement()
                .satisfies(
                        retry -> assertThat(retry.pause()).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(50)));
    }

    @Test
    void whenEverySourceRefusesEachCauseIsNamed() {
        mirrorHost.answers("/files/model.bin", FileHost.status(404));
        originHost.answers("/files/model.bin", FileHost.status(403));

        assertThatThrownBy(() -> fill(FILE, mirror, origin))
                .isInstanceOf(FetchException.AccessDenied.class)
                // Access is given to a repository, not to a file.
                .hasMessageStartingWith("demo-lab/tiny-gpt needs permission")
                .hasMessageContaining("huggingface: HTTP 403")
                .hasMessageContaining("mirror: no such file");
    }

    @Test
    void aLargeFileIsFilledOverSeveralConnectionsWithClosedRanges() throws Exception {
        mirrorHost.holds("large.bin", LARGE);

        assertThat(fill(LARGE_FILE, mirror)).isEqualTo(LARGE);

        assertThat(mirrorHost.ranges()).hasSizeGreaterThan(1).allMatch(range -> range.matches("bytes=\\d+-\\d+"));
        assertThat(verified()).isEqualTo("ok");
    }

    @Test
    void aLargeFileFromAServerThatIgnoresRangesIsRightToo() throws Exception {
        mirrorHost.answers("/files/large.bin", FileHost.whole(LARGE));

        assertThat(fill(LARGE_FILE, mirror)).isEqualTo(LARGE);

        assertThat(verified()).isEqualTo("ok");
    }

    @Test
    void anExpiredLinkInMidFileIsRenewedAndTheTokenStaysAtTheSource() throws Exception {
        mirrorHost.answers(
                "/files/model.bin", FileHost.redirect(originHost.url().resolve("/blob?sig=1")));
        originHost
                .next(FileHost.cutAfter(400, CONTENT), FileHost.status(403))
                .answers("/blob", FileHost.ranged(CONTENT));
        List<Offer> offers = List.of(new Offer(mirror.source("secret"), mirror.manifest(FILE), FILE));

        assertThat(fill(FILE, offers)).isEqualTo(CONTENT);

        assertThat(originHost.ranges()).containsExactly("all", "bytes=400-999", "bytes=400-999");
        assertThat(originHost.requests())
                .extracting(request -> request.getHeaders().get("Authorization"))
                .containsOnlyNulls();
        assertThat(mirrorHost.requests())
                .extracting((RecordedRequest request) -> request.getHeaders().get("Authorization"))
                .containsExactly("Bearer secret", "Bearer secret");
    }

    @Test
    void onlyBytesThatAreThereInTheEndCountAsFetched() throws Exception {
        try (Partial partial = store().partial(FILE).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(CONTENT, 0, 300), "huggingface");
        }
        mirrorHost.next(FileHost.ranged(Bytes.flipped(CONTENT, 400)));
        originHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror, origin)).isEqualTo(CONTENT);

        assertThat(originHost.ranges()).containsExactly("bytes=300-999");
        assertThat(fetched).isEqualTo(700);
    }

    @Test
    void bytesThatWereSkippedOrThrownAwayWithTheWholeFileAreNotCounted() throws Exception {
        try (Partial partial = store().partial(FILE).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(CONTENT, 0, 300), "mirror");
        }
        mirrorHost.next(FileHost.whole(Bytes.flipped(CONTENT, 400))).holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(fetched).isEqualTo(1_000);
    }

    @Test
    void aSourceThatLosesThePlaceOfAPartIsLeftWhenThereIsAnother() throws Exception {
        mirrorHost.answers("/files/large.bin", FileHost.unplaced(LARGE));
        originHost.holds("large.bin", LARGE);
        List<Offer> offers = offers(LARGE_FILE, mirror, origin);

        assertThat(fill(LARGE_FILE, offers)).isEqualTo(LARGE);

        assertThat(mirrorHost.ranges()).doesNotContain("all");
        assertThat(recorder.all(FetchEvent.Progress.class))
                .isNotEmpty()
                .allMatch(progress -> progress.sources().equals(List.of("huggingface")));
    }

    @Test
    void aSourceThatLosesThePlaceOfAPartIsReadFromTheStartWhenItIsTheOnlyOne() throws Exception {
        mirrorHost.answers("/files/large.bin", FileHost.unplaced(LARGE));

        assertThat(fill(LARGE_FILE, mirror)).isEqualTo(LARGE);

        assertThat(mirrorHost.ranges()).containsOnlyOnce("all");
        assertThat(verified()).isEqualTo("ok");
    }

    @Test
    void aFileThatIsReadFromTheStartIsReadOnceHoweverManyHolesItHas() throws Exception {
        try (Partial partial = store().partial(FILE).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(CONTENT, 0, 300), "mirror");
            partial.write(600, ByteBuffer.wrap(CONTENT, 600, 100), "mirror");
        }
        mirrorHost.answers("/files/model.bin", FileHost.unplaced(CONTENT));

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(mirrorHost.ranges()).containsExactly("bytes=300-599", "all");
        assertThat(fetched).isEqualTo(600);
    }

    @Test
    void noPlaceIsTakenWhereThereIsNoPiece() throws Exception {
        connections = 2;
        byte[] two = Bytes.random(8 << 20, 3);
        RepoFile file = Bytes.large("two.bin", two);
        CountDownLatch idle = new CountDownLatch(1);
        AtomicInteger taken = new AtomicInteger();
        Semaphore permits = new Semaphore(4) {
            @Override
            public boolean tryAcquire() {
                if (taken.incrementAndGet() > 2) {
                    idle.countDown();
                }
                return super.tryAcquire();
            }
        };
        // The first piece waits while the other worker has nothing left to do; long enough for it to try.
        mirrorHost.next(request -> {
            assertThat(idle.await(1, TimeUnit.SECONDS)).isFalse();
            return FileHost.ranged(two).to(request);
        });
        mirrorHost.holds("two.bin", two);
        Source hub = mirror.source();
        Source counted = new Source(
                hub.backend(),
                hub.profile(),
                hub.names(),
                hub.data(),
                hub.small(),
                hub.line(),
                null,
                permits,
                hub.threads(),
                hub.history());

        assertThat(fill(file, List.of(new Offer(counted, mirror.manifest(file), file))))
                .isEqualTo(two);

        assertThat(taken).hasValue(2);
        assertThat(mirrorHost.requests()).hasSize(2);
    }

    @Test
    void aBackEndThatBreaksEndsTheFileAsAFailureOfItsSource() throws Exception {
        mirror.breaking(new NoSuchMethodError("okhttp3.HttpUrl.newBuilder()"));
        assertThatThrownBy(() -> fill(LARGE_FILE, mirror))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("mirror: handing out bytes failed: java.lang.NoSuchMethodError");

        originHost.holds("large.bin", LARGE);
        assertThat(fill(LARGE_FILE, mirror, origin)).isEqualTo(LARGE);
    }

    @Test
    void interruptedHashingIsAnInterruption() throws Exception {
        connections = 1;
        CountDownLatch interrupted = new CountDownLatch(1);
        ExecutorService pool = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
            @Override
            protected void beforeExecute(Thread thread, Runnable task) {
                thread.interrupt();
            }

            @Override
            protected void afterExecute(Runnable task, Throwable failure) {
                interrupted.countDown();
            }
        };
        mirrorHost.next(request -> {
            interrupted.await();
            return FileHost.ranged(LARGE).to(request);
        });
        try (Run run = new Run(recorder.events(), job, pool, System::nanoTime, Patiences.none(), () -> {});
                Partial partial = store().partial(LARGE_FILE).orElseThrow()) {
            Fill fill = transfer(run, LARGE_FILE, partial, offers(LARGE_FILE, mirror));

            assertThatThrownBy(fill::fill).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void cancellingEndsATransferThatWaitsForBytesAndKeepsWhatItHas() throws Exception {
        mirrorHost.next(FileHost.stallAfter(300, CONTENT, never));
        try (Run run = run();
                Partial partial = store().partial(FILE).orElseThrow()) {
            Future<Content> filling = run.pool()
                    .submit(() ->
                            transfer(run, FILE, partial, offers(FILE, mirror)).fill());
            await().until(() -> partial.frontier() == 300);

            job.cancel();

            assertThatThrownBy(() -> filling.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfAny(FetchException.Cancelled.class, InterruptedException.class);
        }

        try (Partial later = store().partial(FILE).orElseThrow()) {
            assertThat(later.ranges().all()).containsExactly(new Ranges.Range(0, 300, "mirror"));
        }
        assertThat(recorder.all(FetchEvent.Retrying.class)).isEmpty();
    }

    @Test
    void everyConnectionIsGivenBack() throws Exception {
        mirrorHost.next(FileHost.cutAfter(400, CONTENT)).holds("model.bin", CONTENT);
        List<Offer> offers = offers(FILE, mirror);

        fill(FILE, offers);

        assertThat(offers.get(0).source().permits().availablePermits()).isEqualTo(4);
    }

    /** Not after the half minute that a connection without an answer is given. */
    @Test
    @Timeout(14)
    void whoWaitsForAnAnswerLosesItsPieceToWhoeverIsQuicker() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        mirrorHost
                .next(request -> {
                    never.await();
                    return FileHost.ranged(LARGE).to(request);
                })
                .usually("/files/large.bin", FileHost.ranged(LARGE));

        assertThat(fill(LARGE_FILE, mirror)).isEqualTo(LARGE);
        never.countDown();
    }
}
