package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecentRateTest {

    private final RecentRate rate = new RecentRate(Samples.NOON);

    private double at(double second) {
        return rate.perSecond(Samples.at(second)).orElseThrow();
    }

    @Test
    void thereIsNoneBeforeSomethingHasComeForASecond() {
        assertThat(rate.perSecond(Samples.at(30))).isEmpty();
        rate.add(64, Samples.at(0.5));
        assertThat(rate.perSecond(Samples.at(0.9))).isEmpty();
        assertThat(at(1)).isCloseTo(64, within(0.1));
    }

    @Test
    void itIsThatOfTheLastFiveSeconds() {
        for (int second = 1; second <= 60; second++) {
            rate.add(second <= 30 ? 1 : 100, Samples.at(second));
        }

        assertThat(at(60)).isCloseTo(100, within(0.1));
    }

    @Test
    void itFallsToZeroWithinFiveSeconds() {
        for (int tenth = 1; tenth <= 100; tenth++) {
            rate.add(10, Samples.at(tenth / 10.0));
        }

        assertThat(at(10)).isCloseTo(100, within(0.1));
        assertThat(at(12.5)).isCloseTo(50, within(5.0));
        assertThat(at(15)).isZero();
        assertThat(at(3600)).isZero();
    }

    @Test
    void whatComesAfterALongSilenceIsNotSpreadOverIt() {
        rate.add(100, Samples.at(1));
        rate.add(500, Samples.at(100));

        assertThat(at(100)).isCloseTo(100, within(0.1));
    }

    @Test
    void whatIsThrownAwayDoesNotCountAgainstIt() {
        rate.add(500, Samples.at(1));
        rate.add(-400, Samples.at(2));

        assertThat(at(5)).isCloseTo(100, within(0.1));
    }

    @Test
    void aClockThatIsSetBackBeginsAnew() {
        rate.add(100, Samples.at(10));
        rate.add(100, Samples.at(-3600));
        assertThat(rate.perSecond(Samples.at(-3600))).isEmpty();
        rate.add(50, Samples.at(-3598));

        assertThat(at(-3598)).isCloseTo(25, within(0.1));
    }

    @Test
    void aLongerWindowIsSteadier() {
        RecentRate steady = new RecentRate(Samples.NOON, Duration.ofSeconds(20));
        for (int second = 1; second <= 40; second++) {
            steady.add(second <= 30 ? 100 : 200, Samples.at(second));
        }

        assertThat(steady.perSecond(Samples.at(40)).orElseThrow()).isCloseTo(150, within(0.1));
    }
}
