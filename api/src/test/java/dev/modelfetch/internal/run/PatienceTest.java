package dev.modelfetch.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final AtomicLong clock = new AtomicLong();

    @Test
    void beforeAnybodyHasAnsweredThereIsNoneUnlessItWasAskedFor() {
        Patience usual = patience(LIMIT, false);
        assertThat(usual.isPatient()).isFalse();
        usual.begin();
        assertThat(usual.isPatient()).isTrue();

        assertThat(patience(LIMIT, true).isPatient()).isTrue();
        assertThat(patience(Duration.ZERO, true).isPatient()).isFalse();
    }

    @Test
    void itRunsOutWhileNothingArrives() {
        Patience patience = patience(LIMIT, true);

        watch(patience, Duration.ofMinutes(9));
        assertThat(patience.left()).isEqualTo(Duration.ofMinutes(1));
        watch(patience, Duration.ofMinutes(2));
        assertThat(patience.left()).isZero();
        assertThat(patience.idle()).isEqualTo(Duration.ofMinutes(11));
    }

    @Test
    void whateverArrivesMakesItWhole() {
        Patience patience = patience(LIMIT, true);
        watch(patience, Duration.ofMinutes(9));

        patience.heard();

        assertThat(patience.left()).isEqualTo(LIMIT);
        watch(patience, Duration.ofMinutes(9));
        assertThat(patience.left()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void anAnswerBeginsItOnceAndIsNoArrivalLater() {
        Patience patience = patience(LIMIT, false);
        patience.begin();
        watch(patience, Duration.ofMinutes(9));

        patience.begin();

        // What arrived was seen at the first look.
        assertThat(patience.left()).isEqualTo(Duration.ofMinutes(1).plus(Limits.WATCH));
    }

    @Test
    void whatWasSleptThroughIsNotWaitedFor() {
        Patience patience = patience(LIMIT, true);

        clock.addAndGet(Duration.ofHours(8).toNanos());

        assertThat(patience.left()).isEqualTo(LIMIT.minus(Limits.LONGEST_LOOK));
    }

    @Test
    void aClockThatGoesBackChangesNothing() {
        Patience patience = patience(LIMIT, true);
        watch(patience, Duration.ofMinutes(1));

        clock.addAndGet(-Duration.ofHours(1).toNanos());

        assertThat(patience.idle()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void moreThanAClockCanCountIsForEver() {
        Patience patience = patience(Duration.ofSeconds(Long.MAX_VALUE), true);

        assertThat(patience.left()).isGreaterThan(Duration.ofDays(36_500));
    }

    @Test
    void aRequestHasTenMinutesUnlessItSaysOtherwise() {
        FetchRequest usual = FetchRequest.of("owner/name");
        assertThat(usual.patience()).isEqualTo(LIMIT);
        assertThat(usual.patientFromStart()).isFalse();

        FetchRequest said = usual.toBuilder().patience(Duration.ofHours(12)).build();
        assertThat(said.patience()).isEqualTo(Duration.ofHours(12));
        assertThat(said.patientFromStart()).isTrue();
        assertThat(said.toBuilder().build().patience()).isEqualTo(Duration.ofHours(12));
    }

    private Patience patience(Duration limit, boolean fromStart) {
        return new Patience(limit, fromStart, clock::get);
    }

    /** So much time goes by, and somebody looks five times a second. */
    private void watch(Patience patience, Duration time) {
        for (long passed = 0; passed < time.toMillis(); passed += 200) {
            clock.addAndGet(Duration.ofMillis(200).toNanos());
            patience.idle();
        }
    }
}
