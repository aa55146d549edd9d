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
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.store.partial.Ranges;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.internal.testing.Recorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
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
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FillTest {

    private static final byte[] CONTENT = Bytes.random(1_000, 1);
    private static final RepoFile FILE = Bytes.large("model.bin", CONTENT);
    private static final byte[] LARGE = Bytes.random(20 << 20, 2);
    private static final RepoFile LARGE_FILE = Bytes.large("large.bin", LARGE);

    private final FileHost mirrorHost = new FileHost();
    private final FileHost originHost = new FileHost();
    private final FakeSource mirror = FakeSource.mirror(mirrorHost.url());
    private final FakeSource origin = FakeSource.huggingface(originHost.url());
    private final Recorder recorder = new Recorder();
    private final Cancellation job = new Cancellation();
    private final CountDownLatch never = new CountDownLatch(1);

    private int connections = 4;
    private long fetched;
    private List<String> contributors = List.of();

    @TempDir
    Path cache;

    @AfterEach
    void close() {
        never.countDown();
        mirrorHost.close();
        originHost.close();
    }

    @Test
    void aFileIsFilledAndProved() throws Exception {
        mirrorHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(mirrorHost.ranges()).containsExactly("all");
        assertThat(recorder.words()).isEqualTo("progress verify");
        assertThat(verified()).isEqualTo("ok");
    }

    @Test
    void anEmptyFileNeedsNoRequest() throws Exception {
        assertThat(fill(Bytes.small(".gitkeep", new byte[0]), mirror)).isEmpty();

        assertThat(mirrorHost.requests()).isEmpty();
        assertThat(recorder.words()).isEqualTo("verify");
    }

    @Test
    void anEmptyFileWithoutADigestIsAskedForOnceAndWhoConfirmsItIsKnown() throws Exception {
        RepoFile file = Bytes.sized(".gitkeep", new byte[0]);
        mirrorHost.next(FileHost.status(503)).holds(".gitkeep", new byte[0]);

        assertThat(fill(file, mirror)).isEmpty();

        assertThat(mirrorHost.ranges()).containsExactly("all", "all");
        assertThat(contributors).containsExactly("mirror");
        assertThat(recorder.all(FetchEvent.Retrying.class)).hasSize(1);
    }

    @Test
    void aFileThatIsListedAsEmptyAndHasContentIsNotPublishedEmpty() {
        RepoFile file = Bytes.sized("config.json", new byte[0]);
        mirrorHost.holds("config.json", CONTENT);
        originHost.answers(
                "/files/config.json",
                request -> new MockResponse.Builder()
                        .chunkedBody(new Buffer().write(CONTENT), 100)
                        .build());

        assertThatThrownBy(() -> fill(file, mirror, origin))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("the file has 1000 bytes at localhost, the listing says 0")
                .hasMessageContaining("the file has more than 0 bytes at localhost, the listing says 0");
        assertThat(mirrorHost.requests()).hasSize(1);
        assertThat(originHost.requests()).hasSize(1);
    }

    @Test
    void oneAnswerOfTheWrongLengthDoesNotEndAFile() throws Exception {
        mirrorHost
                .next(FileHost.whole(new byte[0]), FileHost.whole(Bytes.of("complaint: overloaded")))
                .holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(recorder.all(FetchEvent.Retrying.class))
                .extracting(FetchEvent.Retrying::reason)
                .containsExactly("the file has 0 bytes at localhost, the listing says 1000", "complaint: overloaded");
    }

    @Test
    void aFileWithAGitIdOnlyIsProvedByIt() throws Exception {
        byte[] config = Bytes.of("{\"layers\": 2}\n");
        mirrorHost.next(FileHost.whole(Bytes.flipped(config, 3))).holds("config.json", config);

        assertThat(fill(Bytes.small("config.json", config), mirror)).isEqualTo(config);

        assertThat(verified()).isEqualTo("wrong ok");
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
    void aFlippedByteIsFoundThrownAwayAndFetchedAgain() throws Exception {
        mirrorHost.next(FileHost.ranged(Bytes.flipped(CONTENT, 17))).holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(mirrorHost.ranges()).containsExactly("all", "all");
        assertThat(verified()).isEqualTo("wrong ok");
        assertThat(recorder.all(FetchEvent.Verified.class).get(0).detail())
                .contains(Bytes.sha256(CONTENT).hex())
                .contains(Bytes.sha256(Bytes.flipped(CONTENT, 17)).hex())
                .contains("mirror");
    }

    @Test
    void bytesThatAreWrongEveryTimeFailTheFile() {
        mirrorHost.holds("model.bin", Bytes.flipped(CONTENT, 17));

        assertThatThrownBy(() -> fill(FILE, mirror))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("model.bin")
                .hasMessageContaining("mirror")
                .satisfies(e -> assertThat(((FetchException) e).code()).isEqualTo(6));
        assertThat(mirrorHost.requests()).hasSize(2);
        assertThat(verified()).isEqualTo("wrong wrong");
        assertThat(store().pathOf(FILE)).doesNotExist();
        assertThat(store().partialBytes(FILE)).isZero();
    }

    @Test
    void whenTwoSourcesContributedOnlyTheLiarsRangesAreFetchedAgain() throws Exception {
        mirrorHost.next(FileHost.cutAfter(400, Bytes.flipped(CONTENT, 17)));
        originHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror, origin)).isEqualTo(CONTENT);

        assertThat(mirrorHost.ranges()).containsExactly("all");
        assertThat(originHost.ranges()).containsExactly("bytes=400-999", "bytes=0-399");
        assertThat(verified()).isEqualTo("wrong ok");
    }

    @Test
    void wrongBytesOfAnEarlierRunAreReplacedToo() throws Exception {
        try (Partial partial = store().partial(FILE).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(Bytes.flipped(CONTENT, 17), 0, 300), "modelscope");
        }
        originHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, origin)).isEqualTo(CONTENT);

        assertThat(originHost.ranges()).containsExactly("bytes=300-999", "bytes=0-299");
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
    void aFileOfAnotherLengthIsNotTakenAndTheNextSourceIs() throws Exception {
        mirrorHost.holds("model.bin", Bytes.random(999, 5));
        originHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror, origin)).isEqualTo(CONTENT);

        assertThat(recorder.all(FetchEvent.Retrying.class).get(0).reason()).contains("the listing says 1000");
    }

    @Test
    void whenEverySourceRefusesEachCauseIsNamed() {
        mirrorHost.answers("/files/model.bin", FileHost.status(404));
        originHost.answers("/files/model.bin", FileHost.status(403));

        assertThatThrownBy(() -> fill(FILE, mirror, origin))
                .isInstanceOf(FetchException.AccessDenied.class)
                .hasMessageContaining("model.bin")
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
    void aLargeFileSurvivesPiecesThatAreCutOrWrong() throws Exception {
        mirrorHost
                .next(FileHost.cutAfter(1_000_000, LARGE), FileHost.cutAfter(10, LARGE), FileHost.reset())
                .next(FileHost.ranged(allFlipped(LARGE)))
                .holds("large.bin", LARGE);

        assertThat(fill(LARGE_FILE, mirror)).isEqualTo(LARGE);

        assertThat(verified()).isEqualTo("wrong ok");
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
    void anEmptyFileThatIsListedWithTheDigestOfSomethingIsAContradictionOfTheListing() {
        RepoFile contradiction = new RepoFile("empty.bin", 0, Bytes.sha256(CONTENT), null, true);

        assertThatThrownBy(() -> fill(contradiction, mirror))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("empty.bin")
                .hasMessageContaining("the listing of mirror contradicts itself")
                .hasMessageContaining(Bytes.sha256(new byte[0]).hex())
                .hasMessageContaining(Bytes.sha256(CONTENT).hex());
        assertThat(mirrorHost.requests()).isEmpty();
        assertThat(verified()).isEqualTo("wrong");
    }

    @Test
    void aContradictionIsSharedByAllWhoListIt() {
        RepoFile contradiction = new RepoFile("empty.bin", 0, null, Bytes.gitBlob(CONTENT), false);

        assertThatThrownBy(() -> fill(contradiction, mirror, origin))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("the listing of mirror and huggingface contradicts itself");
    }

    @Test
    void wrongBytesThatAreAllOfAnEarlierRunAreFetchedAgain() throws Exception {
        try (Partial partial = store().partial(FILE).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(Bytes.flipped(CONTENT, 17)), "modelscope");
        }
        originHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, origin)).isEqualTo(CONTENT);

        assertThat(verified()).isEqualTo("wrong ok");
        assertThat(fetched).isEqualTo(1_000);
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
                hub.backend(), hub.profile(), hub.names(), hub.data(), hub.small(), hub.route(), null, permits);

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
                .hasMessageContaining("mirror: source failed: ");

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

    private byte[] fill(RepoFile file, FakeSource... sources) throws IOException, InterruptedException {
        return fill(file, offers(file, sources));
    }

    /** Fills it as a job would, and reads what is there then. */
    private byte[] fill(RepoFile file, List<Offer> offers) throws IOException, InterruptedException {
        try (Run run = run();
                Partial partial = store().partial(file).orElseThrow()) {
            Fill fill = transfer(run, file, partial, offers);
            Content content = fill.fill();
            fetched = fill.fetched();
            contributors = fill.contributors();
            assertThat(partial.isComplete()).isTrue();
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            while (all.hasRemaining()) {
                partial.read(all.position(), all);
            }
            assertThat(content.sha256()).isEqualTo(Bytes.sha256(all.array()));
            return all.array();
        }
    }

    private Fill transfer(Run run, RepoFile file, Partial partial, List<Offer> offers) {
        Failover failover =
                new Failover(file, new ConnectionBudget(8, true), any -> offers, () -> {}, run.patience(), run.nanos());
        Meter meter =
                new Meter(run.events(), run.nanos(), file, partial.ranges().total(), new Tally(file.size()));
        return new Fill(run, file, partial, failover, new Throttle(0), meter, connections);
    }

    private Run run() {
        return Run.within(job, recorder.events(), Patiences.none());
    }

    private static List<Offer> offers(RepoFile file, FakeSource... sources) {
        List<Offer> offers = new ArrayList<>();
        for (FakeSource source : sources) {
            offers.add(new Offer(source.source(), source.manifest(file), file));
        }
        return offers;
    }

    private SnapshotStore store() {
        return new HubCache(cache, FakeSource.REPO, true, InstantSource.system()).at(FakeSource.COMMIT);
    }

    private String verified() {
        return String.join(
                " ",
                recorder.all(FetchEvent.Verified.class).stream()
                        .map(event -> event.ok() ? "ok" : "wrong")
                        .toList());
    }

    private static byte[] allFlipped(byte[] bytes) {
        byte[] wrong = bytes.clone();
        for (int i = 0; i < wrong.length; i += 1_000) {
            wrong[i] ^= 1;
        }
        return wrong;
    }
}
