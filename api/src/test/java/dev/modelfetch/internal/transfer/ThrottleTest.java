package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.internal.run.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ThrottleTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long WINDOW = 5 * SECOND;
    private static final long SILENCE_FROM = 10 * SECOND;
    private static final long SILENCE_TO = 13 * SECOND;

    @Test
    void withoutALimitBuffersAreWholeAndNothingWaits() {
        Throttle throttle = new Throttle(0);
        // A wait would see this and throw.
        Thread.currentThread().interrupt();

        assertThat(throttle.slice(262_144)).isEqualTo(262_144);
        assertThatCode(() -> throttle.take(Integer.MAX_VALUE)).doesNotThrowAnyException();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aLowLimitIsReadInSmallSlicesSoThatItFlows() {
        assertThat(new Throttle(2_000_000).slice(262_144)).isEqualTo(10_000);
        assertThat(new Throttle(100).slice(262_144)).isEqualTo(1_024);
        assertThat(new Throttle(1L << 40).slice(262_144)).isEqualTo(262_144);
    }

    @Test
    @Timeout(60)
    void bytesBeyondTheRateHaveToWaitAndTheWaitCanBeInterrupted() {
        Throttle throttle = new Throttle(1_000);
        Thread.currentThread().interrupt();

        // An hour's worth at once.
        assertThatThrownBy(() -> throttle.take(3_600_000)).isInstanceOf(InterruptedException.class);
    }

    @Test
    @Timeout(60)
    void whatOneConnectionTookDelaysTheOthers() {
        Throttle throttle = new Throttle(1_000);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> throttle.take(3_600_000)).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> throttle.take(1)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void afterAPauseAQuarterOfASecondMayPassAtOnce() {
        Throttle throttle = new Throttle(1_000_000);
        long now = System.nanoTime();
        throttle.reserve(1, now);
        long later = now + SECOND;

        assertThat(throttle.reserve(250_000, later)).isEqualTo(later);
        assertThat(throttle.reserve(1, later)).isGreaterThan(later);
    }

    @Test
    void theFirstSecondHasNoCredit() {
        Throttle throttle = new Throttle(1_000_000);
        long now = System.nanoTime() + 10 * SECOND;

        assertThat(throttle.reserve(250_000, now)).isEqualTo(now + SECOND / 4);
    }

    @Test
    void aLimitMayBeChangedAndLifted() {
        Throttle throttle = new Throttle(1_000);
        long now = System.nanoTime();
        assertThat(throttle.reserve(1_000, now)).isEqualTo(now + SECOND);

        throttle.limit(1_000_000);
        assertThat(throttle.reserve(1_000, now)).isEqualTo(now + SECOND / 1_000);
        throttle.limit(0);
        assertThat(throttle.reserve(1_000_000, now)).isEqualTo(now);
        assertThat(throttle.isSet()).isFalse();
    }

    @Test
    void theNarrowerOfTwoLimitsDecides() throws InterruptedException {
        Throttle all = new Throttle(0);
        Throttle own = new Throttle(2_000_000, all);
        assertThat(own.slice(1 << 20)).isEqualTo(10_000);

        all.limit(1_000_000);
        assertThat(own.slice(1 << 20)).isEqualTo(5_000);
        assertThat(new Throttle(0, all).isSet()).isTrue();
    }

    @Test
    void reservationsAddUpToTheRateWhoeverMakesThem() {
        Throttle throttle = new Throttle(1_000_000);
        long now = System.nanoTime() + SECOND;

        assertThat(throttle.reserve(100_000, now)).isEqualTo(now + SECOND / 10);
        assertThat(throttle.reserve(400_000, now + SECOND / 20)).isEqualTo(now + SECOND / 2);
        assertThat(throttle.reserve(500_000, now + SECOND / 2)).isEqualTo(now + SECOND);
    }

    @Test
    void aLongPauseIsNotSavedUp() {
        Throttle throttle = new Throttle(1_000_000);
        long now = System.nanoTime() + SECOND;
        throttle.reserve(250_000, now);
        long muchLater = now + 3_600 * SECOND;

        assertThat(throttle.reserve(1_250_000, muchLater)).isEqualTo(muchLater + SECOND);
    }

    @Test
    void aHighRateAndALargeBufferDoNotOverflow() {
        Throttle throttle = new Throttle(Long.MAX_VALUE / 2);
        long now = System.nanoTime() + SECOND;

        assertThat(throttle.reserve(Integer.MAX_VALUE, now)).isLessThanOrEqualTo(now);
    }

    @ParameterizedTest(name = "{0} bytes a second over {1} connections")
    @MethodSource("lines")
    void inAnyFiveSecondsTheRateHoldsWithinATenth(long rate, int connections) {
        List<Arrival> arrivals = arrivals(rate, connections, 40 * SECOND, new Random(rate + connections));

        assertThat(most(arrivals)).isLessThanOrEqualTo(rate * 5 * 110 / 100);
        assertThat(least(arrivals)).isGreaterThanOrEqualTo(rate * 5 * 90 / 100);
    }

    static Stream<Arguments> lines() {
        // At five megabytes the slices are at their largest in proportion; forty is all three hubs at their most.
        return Stream.of(1_000_000L, 5_200_000L, 20_000_000L, 100_000_000L)
                .flatMap(rate -> Stream.of(1, 8, 40).map(connections -> Arguments.of(rate, connections)));
    }

    /** @param nanos when they were read, since the start */
    private record Arrival(long nanos, int bytes) {}

    /**
     * A line that is always faster than the limit, seen by the receiver: every connection reads a slice, then waits as
     * long as it is told and a little more, now and then as long as a busy machine makes it. From the tenth to the
     * thirteenth second nothing comes.
     */
    private static List<Arrival> arrivals(long rate, int connections, long duration, Random random) {
        Throttle throttle = new Throttle(rate);
        long start = System.nanoTime() + SECOND;
        int slice = throttle.slice(Limits.BUFFER);
        PriorityQueue<Long> ready = new PriorityQueue<>();
        for (int i = 0; i < connections; i++) {
            ready.add(0L);
        }
        List<Arrival> arrivals = new ArrayList<>();
        for (long now = ready.remove(); now < duration; now = ready.remove()) {
            if (now >= SILENCE_FROM && now < SILENCE_TO) {
                ready.add(SILENCE_TO);
                continue;
            }
            arrivals.add(new Arrival(now, slice));
            long free = Math.max(now, throttle.reserve(slice, start + now) - start);
            long late = random.nextInt(200) == 0 ? random.nextLong(SECOND / 5) : random.nextLong(SECOND / 500);
            ready.add(free + late);
        }
        return arrivals;
    }

    /** In any window that begins with an arrival, and therefore in any. */
    private static long most(List<Arrival> arrivals) {
        long most = 0;
        long bytes = 0;
        int from = 0;
        for (Arrival last : arrivals) {
            bytes += last.bytes();
            while (arrivals.get(from).nanos() < last.nanos() - WINDOW) {
                bytes -= arrivals.get(from++).bytes();
            }
            most = Math.max(most, bytes);
        }
        return most;
    }

    /** In any window between two arrivals that the silence does not touch. */
    private static long least(List<Arrival> arrivals) {
        long least = Long.MAX_VALUE;
        long bytes = 0;
        int from = 0;
        for (Arrival next : arrivals) {
            while (next.nanos() - arrivals.get(from).nanos() > WINDOW) {
                long begin = arrivals.get(from).nanos();
                // The first of them came just before the window.
                bytes -= arrivals.get(from++).bytes();
                boolean silent = begin < SILENCE_TO && next.nanos() > SILENCE_FROM;
                least = silent ? least : Math.min(least, bytes);
            }
            bytes += next.bytes();
        }
        return least;
    }
}
