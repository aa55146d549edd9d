package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.internal.store.Ranges;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentsTest {

    private static final long MIB = 1 << 20;

    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void letGo() {
        executor.shutdownNow();
    }

    @Test
    void nothingMissingMeansNothingToClaim() throws InterruptedException {
        Segments segments = new Segments(List.of());

        assertThat(segments.hasMore()).isFalse();
        assertThat(segments.claim(4)).isEmpty();
        assertThat(segments.claimOrWait(4)).isEmpty();
    }

    @Test
    void aLoneWorkerGetsAWholeGapAtOnce() {
        Segments segments = missing(gap(0, 500 * MIB), gap(600 * MIB, 700 * MIB));

        assertThat(bounds(segments, 1)).containsExactly(0L, 500 * MIB);
        assertThat(bounds(segments, 1)).containsExactly(600 * MIB, 700 * MIB);
        assertThat(segments.hasMore()).isFalse();
    }

    @Test
    void severalWorkersStartAtTheFrontWithPiecesOfALimitedSize() {
        Segments segments = missing(gap(10, 10 + 4_000 * MIB));

        List<Long> first = bounds(segments, 4);
        List<Long> second = bounds(segments, 4);

        assertThat(first).containsExactly(10L, 10 + Limits.LARGEST_PIECE);
        assertThat(second).containsExactly(10 + Limits.LARGEST_PIECE, 10 + 2 * Limits.LARGEST_PIECE);
        assertThat(segments.hasMore()).isTrue();
    }

    @Test
    void aRemainderTooSmallForARequestOfItsOwnGoesAlong() {
        Segments segments = missing(gap(0, Limits.SMALLEST_PIECE + Limits.SMALLEST_PIECE / 5));

        assertThat(bounds(segments, 8)).containsExactly(0L, Limits.SMALLEST_PIECE + Limits.SMALLEST_PIECE / 5);
    }

    @Test
    void whenNothingIsLeftTheLargestPieceUnderWayIsSplit() {
        Segments segments = missing(gap(0, 100 * MIB), gap(200 * MIB, 220 * MIB));
        Segments.Claim large = segments.claim(1).orElseThrow();
        Segments.Claim small = segments.claim(1).orElseThrow();
        segments.advance(large, 20 * MIB);

        Segments.Claim half = segments.claim(2).orElseThrow();

        assertThat(segments.end(large)).isEqualTo(60 * MIB);
        assertThat(segments.position(half)).isEqualTo(60 * MIB);
        assertThat(segments.end(half)).isEqualTo(100 * MIB);
        assertThat(segments.end(small)).isEqualTo(220 * MIB);
    }

    @Test
    void aPieceIsNotSplitBelowWhatARequestIsWorth() {
        Segments segments = missing(gap(0, 2 * Limits.SMALLEST_PIECE));
        Segments.Claim only = segments.claim(1).orElseThrow();
        segments.advance(only, 1);

        assertThat(segments.claim(2)).isEmpty();
    }

    @Test
    void advancingTellsWhatIsStillWantedEvenAfterASplit() {
        Segments segments = missing(gap(0, 100 * MIB));
        Segments.Claim first = segments.claim(1).orElseThrow();
        assertThat(segments.advance(first, 10 * MIB)).isEqualTo(90 * MIB);

        assertThat(segments.claim(2)).isPresent();

        assertThat(segments.advance(first, 5 * MIB)).isEqualTo(40 * MIB);
        assertThat(segments.advance(first, 40 * MIB)).isZero();
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
        assertThat(segments.hasMore()).isFalse();
        assertThat(segments.claim(workers.length)).isEmpty();
        assertThat(present.missing(size)).isEmpty();
    }

    @Test
    void theLastWorkerWaitsForWhatAnotherMayGiveBack() throws Exception {
        Segments segments = missing(gap(0, MIB));
        Segments.Claim held = segments.claim(4).orElseThrow();
        Future<Optional<Segments.Claim>> waiting = executor.submit(() -> segments.claimOrWait(4));

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
        Future<Optional<Segments.Claim>> waiting = executor.submit(() -> segments.claimOrWait(4));

        segments.advance(held, MIB);
        segments.release(held);

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void aWaitingWorkerCanBeInterrupted() {
        Segments segments = missing(gap(0, MIB));
        assertThat(segments.claim(4)).isPresent();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> segments.claimOrWait(4)).isInstanceOf(InterruptedException.class);
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
                for (Optional<Segments.Claim> claim = segments.claimOrWait(count);
                        claim.isPresent();
                        claim = segments.claimOrWait(count)) {
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
}
