package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.net.Backoff;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.internal.testing.Patiences;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FailoverTest extends FailoverBench {

    @Test
    void theBestOfferIsTakenAndKept() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        assertThat(current(failover)).isEqualTo(mirror);
        Place place = enter(failover);
        failover.delivered(place, 1);
        failover.leave(place);
        assertThat(current(failover)).isEqualTo(mirror);
        assertThat(failover.hasAlternative(place)).isTrue();
    }

    @Test
    void aHostThatIsOutIsPassedOverForAllFilesWhileThereIsAnother() throws InterruptedException {
        Failover failover = failover(mirror, origin);
        Failover another = failover(mirror, origin);
        fail(failover, RESET, MIRROR);

        assertThat(current(failover)).isEqualTo(origin);
        assertThat(current(another)).isEqualTo(origin);
        assertThat(failover.lastFailure("mirror")).contains(RESET);
        assertThat(failover.lastFailure("huggingface")).isEmpty();
    }

    @Test
    void theFirstByteOfATrialMakesUpForEverything() throws InterruptedException {
        Failover failover = failover(mirror, origin);
        fail(failover, RESET, MIRROR);
        skip(Limits.LONGEST_ABSENCE);

        Place trial = enter(failover);
        assertThat(trial.offer()).isEqualTo(mirror);
        assertThat(trial.isTrial()).isTrue();
        Place meanwhile = enter(failover);
        assertThat(meanwhile.offer()).isEqualTo(origin);
        failover.delivered(trial, 1);

        assertThat(current(failover)).isEqualTo(mirror);
        assertThat(budget.failures(mirror)).isZero();
    }

    @Test
    void aTrialThatFailsPutsTheHostOutForLonger() throws InterruptedException {
        Failover failover = failover(mirror);
        fail(failover, RESET, MIRROR);
        skip(Limits.LONGEST_ABSENCE);
        fail(failover, RESET, MIRROR);

        assertThat(budget.failures(mirror)).isEqualTo(2);
        assertThat(budget.isOut(mirror)).isTrue();
    }

    @Test
    void eightConnectionsThatBreakTogetherAreOneFailure() throws InterruptedException {
        Failover failover = failover(mirror);
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            places.add(enter(failover));
        }

        List<Boolean> told = new ArrayList<>();
        for (Place place : places) {
            told.add(failover.failed(place, Fault.of(RESET, MIRROR)).isPresent());
            failover.leave(place);
        }

        assertThat(told).containsOnlyOnce(true);
        assertThat(budget.failures(mirror)).isEqualTo(1);
        assertThat(budget.isOut(mirror)).isTrue();
    }

    @Test
    void oneConnectionOfSeveralThatBreaksIsItsOwnAffair() throws InterruptedException {
        Failover failover = failover(mirror);
        Place good = enter(failover);
        Place bad = enter(failover);

        failover.failed(bad, Fault.of(RESET, MIRROR));
        failover.leave(bad);
        skip(Limits.UNDER_WAY);
        failover.delivered(good, 1);

        assertThat(budget.isOut(mirror)).isFalse();
        assertThat(budget.failures(mirror)).isZero();
    }

    @Test
    void aSuspicionThatNobodyRefutesIsProvedByTime() throws InterruptedException {
        Failover failover = failover(mirror);
        enter(failover);
        Place bad = enter(failover);
        failover.failed(bad, Fault.of(RESET, MIRROR));
        failover.leave(bad);
        assertThat(budget.isOut(mirror)).isFalse();

        skip(Limits.SUSPICION);
        budget.tick();

        assertThat(budget.isOut(mirror)).isTrue();
        assertThat(budget.failures(mirror)).isEqualTo(1);
    }

    @Test
    void theOnlySourceOfAnImpatientJobIsTriedAFewTimes() throws InterruptedException {
        Failover failover = failover(mirror);

        for (int i = 0; i <= Backoff.MOST_RETRIES; i++) {
            fail(failover, RESET, MIRROR);
            skip(Limits.LONGEST_ABSENCE);
        }
        assertThatThrownBy(() -> current(failover))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("model.bin")
                .hasMessageContaining("mirror: connection reset");
    }

    @Test
    void aPatientJobGoesOnUntilItsTimeIsOver() throws InterruptedException {
        Patience patience = new Patience(Duration.ofMinutes(10), true, this::now);
        Failover failover = new Failover(FILE, budget, any -> List.of(mirror), () -> {}, patience, this::now);

        for (int i = 0; i < 10 * Backoff.MOST_RETRIES; i++) {
            fail(failover, RESET, MIRROR);
            skip(Limits.LONGEST_ABSENCE);
            patience.heard();
            patience.idle();
        }
        for (int passed = 0; passed < 600; passed += 5) {
            assertThat(failover.enter(false).map(Place::offer)).contains(mirror);
            places().forEach(budget::leave);
            skip(Duration.ofSeconds(5));
            patience.idle();
        }

        assertThatThrownBy(() -> current(failover)).isInstanceOf(FetchException.Unreachable.class);
    }

    @Test
    void anotherVersionThatIsNearEndsTheWaitOnceAllHaveFailed() throws InterruptedException {
        Failover.Late near = new Failover.Late() {
            @Override
            public void await() {}

            @Override
            public boolean isAnotherVersionNear() {
                return true;
            }
        };
        Failover failover = new Failover(FILE, budget, any -> List.of(mirror), near, Patiences.ofAJob(), this::now);

        for (int i = 0; i <= Backoff.MOST_RETRIES; i++) {
            assertThat(budget.failures(mirror)).isEqualTo(i);
            fail(failover, RESET, MIRROR);
            skip(Limits.LONGEST_ABSENCE);
        }

        assertThatThrownBy(() -> current(failover)).isInstanceOf(FetchException.Unreachable.class);
    }

    @Test
    void aDataHostThatRefusesFreshLinksIsSoonGivenUpByTheImpatient() throws InterruptedException {
        Failover failover = failover(mirror);
        Fault refusal = Fault.of(Fault.Kind.LINK_FORBIDDEN, new Verdict.Down("HTTP 403 from cdn", true), MIRROR);

        for (int i = 0; i <= Limits.RETRIES_OF_LINKS; i++) {
            fail(failover, refusal);
            skip(Limits.LONGEST_ABSENCE);
        }
        assertThatThrownBy(() -> current(failover)).isInstanceOf(FetchException.Unreachable.class);
    }

    @Test
    void bytesThatArriveInBetweenStartTheCountAnew() throws InterruptedException {
        Failover failover = failover(mirror);
        for (int i = 0; i < 3 * Backoff.MOST_RETRIES; i++) {
            fail(failover, RESET, MIRROR);
            skip(Limits.LONGEST_ABSENCE);
            Place place = enter(failover);
            failover.delivered(place, 1);
            failover.leave(place);
        }

        assertThat(current(failover)).isEqualTo(mirror);
    }

    @Test
    void aWaitTheServerAskedForIsKeptInFull() throws InterruptedException {
        Failover failover = failover(mirror);
        Duration asked = Duration.ofSeconds(42);

        Place place = enter(failover);
        assertThat(failover.failed(place, Fault.of(new Verdict.Limited(asked, "too many requests"), MIRROR)))
                .hasValueSatisfying(pause -> assertThat(pause).isBetween(asked.minusSeconds(1), asked));
        failover.leave(place);

        skip(asked.minusSeconds(2));
        assertThat(failover.enter(false)).isEmpty();
        skip(Duration.ofSeconds(3));
        assertThat(failover.enter(false)).isPresent();
    }

    @Test
    void aLoneSourceThatWasLimitedIsAskedWhenItsPauseIsOver() throws InterruptedException {
        Failover failover = failover(mirror);
        Place one = enter(failover);
        Place two = enter(failover);
        Fault crowded = Fault.of(Fault.Kind.CROWDED, new Verdict.Limited(Duration.ofSeconds(30), "slow down"), MIRROR);
        failover.failed(one, crowded);
        failover.leave(one);
        failover.failed(two, crowded);
        failover.leave(two);
        assertThat(budget.isOut(mirror)).isTrue();

        skip(Duration.ofSeconds(1));

        assertThat(failover.enter(false).map(Place::offer)).contains(mirror);
    }

    @Test
    void aLimitedSourceIsNotWaitedForWhereThereIsAnotherOffer() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        fail(failover, new Verdict.Limited(Duration.ofSeconds(42), "too many requests"), MIRROR);

        assertThat(current(failover)).isEqualTo(origin);
    }

    @Test
    void aSourceThatWantsToBeLeftAloneForMinutesIsNotForTheImpatient() throws InterruptedException {
        Failover failover = failover(mirror);
        fail(failover, new Verdict.Limited(Duration.ofMinutes(5), "too many requests"), MIRROR);

        assertThatThrownBy(() -> current(failover))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("too many requests");
    }

    @Test
    void aLineThatMayBeMeteredIsSparedWhileTheBestHasOnlyJustFailed() throws InterruptedException {
        Offer metered = through("http://127.0.0.1:7890", origin);
        Failover failover = failover(mirror, metered);
        fail(failover, RESET, MIRROR);

        assertThat(failover.enter(false).map(Place::offer)).isNotEqualTo(java.util.Optional.of(metered));
        places().forEach(budget::leave);
        Place place = enter(failover);
        failover.failed(place, Fault.of(RESET, MIRROR));
        failover.leave(place);
        skip(Limits.DETOUR);

        assertThat(entered(failover)).contains(metered);
    }
}
