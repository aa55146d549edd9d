package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ThrottleTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

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
        assertThat(new Throttle(200_000).slice(262_144)).isEqualTo(10_000);
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
        long now = System.nanoTime() + SECOND;

        assertThat(throttle.reserve(250_000, now)).isEqualTo(now);
        assertThat(throttle.reserve(1, now)).isGreaterThan(now);
    }

    @Test
    void reservationsAddUpToTheRateWhoeverMakesThem() {
        Throttle throttle = new Throttle(1_000_000);
        long now = System.nanoTime() + SECOND;
        throttle.reserve(250_000, now);

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
}
