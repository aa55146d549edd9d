package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

    private final Random random = new Random(1);

    @ParameterizedTest
    @CsvSource({"0, 500", "1, 1000", "2, 2000", "3, 4000", "4, 8000"})
    void thePauseDoublesAndHalfOfItIsLeftToChance(int retries, long full) {
        for (int i = 0; i < 1000; i++) {
            assertThat(Backoff.next(retries, Optional.empty(), random))
                    .hasValueSatisfying(
                            pause -> assertThat(pause).isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full)));
        }
    }

    @Test
    void manyClientsDoNotComeBackTogether() {
        Set<Duration> pauses = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            pauses.add(Backoff.next(0, Optional.empty(), new Random(seed)).orElseThrow());
        }

        assertThat(pauses).hasSizeGreaterThan(50);
    }

    @Test
    void theSameChanceGivesTheSamePause() {
        assertThat(Backoff.next(2, Optional.empty(), new Random(7)))
                .isEqualTo(Backoff.next(2, Optional.empty(), new Random(7)));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 1000})
    void afterFiveRetriesItIsTimeToGiveUp(int retries) {
        assertThat(Backoff.next(retries, Optional.empty(), random)).isEmpty();
        assertThat(Backoff.next(retries, Optional.of(Duration.ZERO), random)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4500, 60_000})
    void whatTheServerAskedForIsKeptExactly(long millis) {
        assertThat(Backoff.next(4, Optional.of(Duration.ofMillis(millis)), random))
                .contains(Duration.ofMillis(millis));
    }

    @Test
    void moreThanAMinuteIsNotWaited() {
        assertThat(Backoff.next(0, Optional.of(Duration.ofMillis(60_001)), random))
                .isEmpty();
    }
}
