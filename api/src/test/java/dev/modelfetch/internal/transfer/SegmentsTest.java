package dev.modelfetch.internal.transfer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.partial.Ranges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentsTest {

    private final AtomicLong clock = new AtomicLong();

    private static final long MIB = 1 << 20;

    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void letGo() {
        executor.shutdownNow();
    }

    @Test
    void nothingMissingMeansNothingToClaim() throws InterruptedException {
        Segments segments = new Segments(List.of());

        assertThat(segments.claim(4)).isEmpty();
        assertThat(claimOrWait(segments, 4)).isEmpty();
    }

    @Test
    void aLoneWorkerGetsAWholeGapAtOnce() {
        Segments segments = missing(gap(0, 500 * MIB), gap(600 * MIB, 700 * MIB));

        assertThat(bounds(segments, 1)).containsExactly(0L, 500 * MIB);
        assertThat(bounds(segments, 1)).containsExactly(600 * MIB, 700 * MIB);
    }

    @Test
    void whereSomebodyWaitsIsFilledBeforeTheFront() {
        Demand demand = Demand.ofAll();
        Segments segments = new Segments(List.of(gap(0, 400 * MIB)), clock::get, demand);
        demand.begin(300 * MIB);

        assertThat(bounds(segments, 4).get(0)).isEqualTo(300 * MIB);
        demand.end(300 * MIB);
        assertThat(bounds(segments, 4).get(0)).isZero();
    }

    @Test
    void ofWhatNobodyWantsAllOfOnlyTheSurroundingsOfAReaderAreGivenOut() {
        Demand demand = Demand.ofNothing();
        Segments segments = new Segments(List.of(gap(0, 400 * MIB)), clock::get, demand);
        assertThat(segments.claim(4)).isEmpty();

        demand.begin(100 * MIB);
        assertThat(bounds(segments, 1)).containsExactly(100 * MIB, 100 * MIB + Limits.READ_AHEAD);
        assertThat(segments.claim(1)).isEmpty();
        demand.end(100 * MIB);

        demand.everything();
        assertThat(bounds(segments, 1)).containsExactly(0L, 100 * MIB);
        assertThat(bounds(segments, 1)).containsExactly(100 * MIB + Limits.READ_AHEAD, 400 * MIB);
        assertThat(segments.claim(1)).isEmpty();
    }

    @Test
    void whoeverWouldComeToAReaderMuchLaterGoesThereAtOnceIfNobodyElseCan() {
        Demand demand = Demand.ofAll();
        Segments segments = new Segments(List.of(gap(0, 60 * MIB)), clock::get, demand);
        Segments.Claim first = segments.claim(1).orElseThrow();
        demand.begin(40 * MIB);

        segments.hasten(40 * MIB);

        assertThat(segments.isTaken(first)).isTrue();
        assertThat(bounds(segments, 1)).containsExactly(40 * MIB, 60 * MIB);
        assertThat(bounds(segments, 1)).containsExactly(0L, 40 * MIB);
    }

    @Test
    void whereAllAreBusyElsewhereTheOneWithMostToDoTakesUpTheReaderNext() {
        Demand demand = Demand.ofAll();
        Segments segments = new Segments(
                List.of(gap(0, 50 * MIB), gap(100 * MIB, 110 * MIB), gap(200 * MIB, 210 * MIB)), clock::get, demand);
        Segments.Claim most = segments.claim(1).orElseThrow();
        Segments.Claim less = segments.claim(1).orElseThrow();
        demand.begin(205 * MIB);

        segments.hasten(205 * MIB);

        assertThat(segments.isTaken(most)).isTrue();
        assertThat(segments.isTaken(less)).isFalse();
        assertThat(bounds(segments, 1)).containsExactly(205 * MIB, 210 * MIB);
    }

    @Test
    void severalWorkersStartAtTheFrontWithPiecesOfALimitedSize() {
        Segments segments = missing(gap(10, 10 + 4_000 * MIB));

        List<Long> first = bounds(segments, 4);
        List<Long> second = bounds(segments, 4);

        assertThat(first).containsExactly(10L, 10 + Limits.LARGEST_PIECE);
        assertThat(second).containsExactly(10 + Limits.LARGEST_PIECE, 10 + 2 * Limits.LARGEST_PIECE);
        assertThat(segments.claim(8)).isPresent();
    }

    @Test
    void aRemainderTooSmallForARequestOfItsOwnGoesAlong() {
        Segments segments = missing(gap(0, Limits.SMALLEST_PIECE + Limits.SMALLEST_PIECE / 5));

        assertThat(bounds(segments, 8)).containsExactly(0L, Limits.SMALLEST_PIECE + Limits.SMALLEST_PIECE / 5);
    }

    @Test
    void whenNothingIsLeftThePieceThatWouldEndLastIsSplitByTheSpeedOfBoth() {
        Segments segments = new Segments(List.of(gap(0, 100 * MIB), gap(200 * MIB, 220 * MIB)), clock::get);
        Segments.Claim slow = segments.claim(1).orElseThrow();
        Segments.Claim quick = segments.claim(1).orElseThrow();
        clock.set(SECONDS.toNanos(10));
        segments.advance(slow, 20 * MIB);
        segments.advance(quick, 19 * MIB);

        Segments.Claim rest = segments.claim(2, 6.0 * MIB).orElseThrow();

        // Eighty are left; two a second against six a second.
        assertThat(segments.end(slow)).isCloseTo(40 * MIB, within(1000L));
        assertThat(segments.position(rest)).isEqualTo(segments.end(slow));
        assertThat(segments.end(rest)).isEqualTo(100 * MIB);
        assertThat(segments.end(quick)).isEqualTo(220 * MIB);
    }

    @Test
    void aPieceThatIsNearlyDoneIsLeftToItsWorker() {
        Segments segments = new Segments(List.of(gap(0, 100 * MIB)), clock::get);
        Segments.Claim only = segments.claim(1).orElseThrow();
        clock.set(SECONDS.toNanos(10));
        segments.advance(only, 95 * MIB);

        assertThat(segments.claim(2, 100.0 * MIB)).isEmpty();
    }

    @Test
    void aQuickWorkerIsKeptBusyForLongerThanARoundTrip() {
        Segments segments = new Segments(List.of(gap(0, 128 * MIB)), clock::get);

        Segments.Claim quick = segments.claim(8, 10.0 * MIB).orElseThrow();
        Segments.Claim slow = segments.claim(8, 1.0 * MIB).orElseThrow();

        assertThat(segments.end(quick)).isEqualTo(20 * MIB);
        assertThat(segments.end(slow) - segments.position(slow)).isBetween(6 * MIB, 8 * MIB);
    }

    @Test
    void aSilentWorkerLosesEverythingAndIsCutOff() {
        Segments segments = new Segments(List.of(gap(0, 8 * MIB)), clock::get);
        Segments.Claim silent = segments.claim(1).orElseThrow();
        AtomicInteger cut = new AtomicInteger();
        segments.onTaken(silent, cut::incrementAndGet);
        clock.set(SECONDS.toNanos(5));

        Segments.Claim all = segments.claim(2, 1.0 * MIB).orElseThrow();

        assertThat(cut).hasValue(1);
        assertThat(segments.isTaken(silent)).isTrue();
        assertThat(segments.position(all)).isZero();
        assertThat(segments.end(all)).isEqualTo(8 * MIB);
        segments.onTaken(silent, cut::incrementAndGet);
        assertThat(cut).hasValue(2);
    }

    @Test
    void whatIsBeingWrittenIsGivenToNobodyElse() {
        AtomicLong now = new AtomicLong();
        Segments segments = new Segments(List.of(new Ranges.Gap(0, 40 * MIB)), now::get);
        Segments.Claim slow = segments.claim(1).orElseThrow();
        now.set(TimeUnit.SECONDS.toNanos(60));
        int covered = segments.reserve(slow, (int) MIB);

        Segments.Claim quick = segments.claim(2, 100.0 * MIB).orElseThrow();

        assertThat(covered).isEqualTo((int) MIB);
        assertThat(segments.position(quick)).isEqualTo(MIB);
        assertThat(segments.isTaken(slow)).isTrue();
        assertThat(segments.advance(slow, covered)).isZero();
        assertThat(segments.reserve(slow, (int) MIB)).isZero();
    }

    @Test
    void aConnectionIsCutWithoutHoldingUpThoseWhoDeliver() {
        Segments segments = new Segments(List.of(gap(0, 8 * MIB)), clock::get);
        Segments.Claim silent = segments.claim(1).orElseThrow();
        List<Boolean> held = new ArrayList<>();
        segments.onTaken(silent, () -> held.add(Thread.holdsLock(segments)));
        clock.set(SECONDS.toNanos(5));

        assertThat(segments.claim(2, 1.0 * MIB)).isPresent();
        segments.onTaken(silent, () -> held.add(Thread.holdsLock(segments)));

        assertThat(held).containsExactly(false, false);
    }

    @Test
    void thereIsNoPieceWhileThoseUnderWayAreNotWorthSplitting() throws InterruptedException {
        Segments segments = new Segments(List.of(gap(0, 8 * MIB)), clock::get);
        Segments.Claim only = segments.claim(1).orElseThrow();

        assertThat(segments.awaitPiece(0, Duration.ZERO)).isFalse();
        clock.set(SECONDS.toNanos(5));
        assertThat(segments.awaitPiece(0, Duration.ZERO)).isTrue();
        segments.advance(only, 8 * MIB);
        assertThat(segments.awaitPiece(0, Duration.ZERO)).isFalse();
    }

    @Test
    void whoeverReadsOnGetsTheNextGapBehindIt() {
        Segments segments = missing(gap(0, MIB), gap(5 * MIB, 6 * MIB), gap(3 * MIB, 4 * MIB));

        assertThat(bounds(segments.claimBehind(MIB).orElseThrow(), segments)).containsExactly(3 * MIB, 4 * MIB);
        assertThat(bounds(segments.claimBehind(4 * MIB).orElseThrow(), segments))
                .containsExactly(5 * MIB, 6 * MIB);
        assertThat(segments.claimBehind(6 * MIB)).isEmpty();
        assertThat(bounds(segments, 1)).containsExactly(0L, MIB);
    }

    @Test
    void aNewRequestIsNotJudgedBeforeItHadAChance() {
        Segments segments = new Segments(List.of(gap(0, 8 * MIB)), clock::get);
        assertThat(segments.claim(1)).isPresent();
        clock.set(SECONDS.toNanos(1));

        assertThat(segments.claim(2, 1.0 * MIB)).isEmpty();
    }

    @Test
    void aSlowConnectionGetsPiecesItCanFillInTime() {
        Segments segments = missing(gap(0, 1000 * MIB));

        assertThat(bounds(segments.claim(4, 1.0 * MIB).orElseThrow(), segments)).containsExactly(0L, 8 * MIB);
    }

    @Test
    void advancingTellsWhatIsStillWantedEvenAfterASplit() {
        Segments segments = new Segments(List.of(gap(0, 100 * MIB)), clock::get);
        Segments.Claim first = segments.claim(1).orElseThrow();
        assertThat(segments.advance(first, 10 * MIB)).isEqualTo(90 * MIB);
        clock.set(SECONDS.toNanos(10));

        Segments.Claim second = segments.claim(2, 1.0 * MIB).orElseThrow();

        long kept = segments.position(second) - 10 * MIB;
        assertThat(segments.advance(first, 5 * MIB)).isEqualTo(kept - 5 * MIB);
        assertThat(segments.advance(first, kept)).isZero();
    }

    @Test
    void whatAReleasedClaimHasNotFilledIsGivenOutNext() {
        Segments segments = missing(gap(0, 10 * MIB), gap(50 * MIB, 60 * MIB));
        Segments.Claim first = segments.claim(1).orElseThrow();
        segments.advance(first, 3 * MIB);

        segments.release(first);

        assertThat(bounds(segments, 1)).containsExactly(3 * MIB, 10 * MIB);
        assertThat(bounds(segments, 1)).containsExactly(50 * MIB, 60 * MIB);
    }

    /** Workers claim, write a little, fail, split each other's work and come back, in an order drawn from the seed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everyMissingByteIsWrittenOnceAndNothingElse(long seed) {
        Random random = new Random(seed);
        long size = 1 + random.nextLong(900 * MIB);
        Ranges present = new Ranges();
        for (int i = random.nextInt(5); i > 0; i--) {
            long start = random.nextLong(size);
            present.add(start, start + random.nextLong(Math.min(size - start, 90 * MIB) + 1), "earlier");
        }
        Segments segments = new Segments(present.missing(size));
        Segments.Claim[] workers = new Segments.Claim[1 + random.nextInt(8)];
        int steps = 0;

        while (present.total() < size) {
            assertThat(++steps).as("steps until all is written").isLessThan(200_000);
            int who = random.nextInt(workers.length);
            Segments.Claim claim = workers[who];
            if (claim == null) {
                workers[who] = segments.claim(workers.length).orElse(null);
            } else if (segments.position(claim) == segments.end(claim) || random.nextInt(50) == 0) {
                segments.release(claim);
                workers[who] = null;
            } else {
                write(segments, claim, 1 + random.nextInt(Limits.BUFFER), present, size);
            }
        }

        for (Segments.Claim claim : workers) {
            if (claim != null) {
                assertThat(segments.position(claim)).isEqualTo(segments.end(claim));
                segments.release(claim);
            }
        }
        assertThat(segments.claim(workers.length)).isEmpty();
        assertThat(present.missing(size)).isEmpty();
    }

    @Test
    void theLastWorkerWaitsForWhatAnotherMayGiveBack() throws Exception {
        Segments segments = missing(gap(0, MIB));
        Segments.Claim held = segments.claim(4).orElseThrow();
        Future<Optional<Segments.Claim>> waiting = executor.submit(() -> claimOrWait(segments, 4));

        segments.advance(held, 10);
        segments.release(held);

        Segments.Claim given = waiting.get(30, TimeUnit.SECONDS).orElseThrow();
        assertThat(segments.position(given)).isEqualTo(10);
        assertThat(segments.end(given)).isEqualTo(MIB);
    }

    @Test
    void theLastWorkerLeavesWhenTheOthersHaveFilledEverything() throws Exception {
        Segments segments = missing(gap(0, MIB));
        Segments.Claim held = segments.claim(4).orElseThrow();
        Future<Optional<Segments.Claim>> waiting = executor.submit(() -> claimOrWait(segments, 4));

        segments.advance(held, MIB);
        segments.release(held);

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void aWaitingWorkerCanBeInterrupted() {
        Segments segments = missing(gap(0, MIB));
        assertThat(segments.claim(4)).isPresent();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> claimOrWait(segments, 4)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void manyThreadsTogetherWriteEveryByteOnce() throws Exception {
        long size = 700 * MIB + 12_345;
        Segments segments = missing(gap(0, size));
        Ranges present = new Ranges();
        int count = 6;
        CountDownLatch ready = new CountDownLatch(count);
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Random random = new Random(i);
            Callable<Void> worker = () -> {
                ready.countDown();
                ready.await();
                for (Optional<Segments.Claim> claim = claimOrWait(segments, count);
                        claim.isPresent();
                        claim = claimOrWait(segments, count)) {
                    work(segments, claim.get(), random, present, size);
                }
                return null;
            };
            workers.add(executor.submit(worker));
        }
        for (Future<?> worker : workers) {
            worker.get(60, TimeUnit.SECONDS);
        }

        assertThat(present.missing(size)).isEmpty();
    }

    /** As a range worker does; gives up now and then. */
    private static void work(Segments segments, Segments.Claim claim, Random random, Ranges present, long size) {
        try {
            while (segments.position(claim) < segments.end(claim) && random.nextInt(200) != 0) {
                synchronized (present) {
                    write(segments, claim, Limits.BUFFER, present, size);
                }
            }
        } finally {
            segments.release(claim);
        }
    }

    private static void write(Segments segments, Segments.Claim claim, int most, Ranges present, long size) {
        long from = segments.position(claim);
        long to = Math.min(segments.end(claim), from + most);
        assertThat(present.overlap(from, to))
                .as("written twice: %d to %d", from, to)
                .isZero();
        assertThat(to).isLessThanOrEqualTo(size);
        present.add(from, to, "now");
        segments.advance(claim, to - from);
    }

    private static Segments missing(Ranges.Gap... gaps) {
        return new Segments(List.of(gaps));
    }

    private static Ranges.Gap gap(long start, long end) {
        return new Ranges.Gap(start, end);
    }

    private static List<Long> bounds(Segments segments, int workers) {
        Segments.Claim claim = segments.claim(workers).orElseThrow();
        return List.of(segments.position(claim), segments.end(claim));
    }

    private static Optional<Segments.Claim> claimOrWait(Segments segments, int workers) throws InterruptedException {
        while (!segments.isComplete()) {
            if (segments.awaitPiece(0, Duration.ofSeconds(30))) {
                Optional<Segments.Claim> claim = segments.claim(workers);
                if (claim.isPresent()) {
                    return claim;
                }
            }
        }
        return Optional.empty();
    }

    private static List<Long> bounds(Segments.Claim claim, Segments segments) {
        return List.of(segments.position(claim), segments.end(claim));
    }
}
