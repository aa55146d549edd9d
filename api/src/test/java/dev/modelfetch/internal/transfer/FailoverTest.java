package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.net.Backoff;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Patiences;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FailoverTest {

    private static final RepoFile FILE = Bytes.large("model.bin", Bytes.random(100, 1));
    private static final HttpUrl ORIGIN = HttpUrl.get("http://127.0.0.1:1/");
    private static final HttpUrl MIRROR = HttpUrl.get("http://127.0.0.1:2/");
    private static final Verdict RESET = new Verdict.Down("connection reset", false);
    private static final Verdict GONE = new Verdict.NotHere(Verdict.What.FILE, "no such file");

    /** Real time, and what the test adds to it. */
    private final AtomicLong skipped = new AtomicLong();

    private final Offer origin = offer(FakeSource.huggingface(ORIGIN));
    private final Offer mirror = offer(FakeSource.mirror(MIRROR));
    private final ConnectionBudget budget = new ConnectionBudget(8, true, this::now);
    private final List<Offer> offers = new ArrayList<>();
    private final AtomicInteger waited = new AtomicInteger();

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

    @Test
    void aRefusalEndsAnOfferAtOnce() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        fail(failover, GONE, MIRROR);

        assertThat(current(failover)).isEqualTo(origin);
        assertThat(budget.isOut(mirror)).isFalse();
    }

    @Test
    void theLastRefusalIsReportedByItsKindHoweverPatientTheJob() throws InterruptedException {
        Failover absent = new Failover(FILE, budget, any -> List.of(mirror), () -> {}, Patiences.ofAJob(), this::now);
        fail(absent, GONE, MIRROR);
        assertThatThrownBy(() -> current(absent)).isInstanceOf(FetchException.NotFound.class);

        Failover gated = new Failover(FILE, budget, any -> List.of(mirror), () -> {}, Patiences.ofAJob(), this::now);
        fail(gated, new Verdict.NeedsAuth("gated"), MIRROR);
        assertThatThrownBy(() -> current(gated)).isInstanceOf(FetchException.AccessDenied.class);
    }

    @Test
    void anAnswerThatFitsNoQuestionEndsAnOfferAfterAWhile() throws InterruptedException {
        Failover failover = new Failover(FILE, budget, any -> List.of(mirror), () -> {}, Patiences.ofAJob(), this::now);
        Fault nonsense = Fault.of(Fault.Kind.NONSENSE, new Verdict.Down("another range", true), MIRROR);

        for (int i = 0; i <= Backoff.MOST_RETRIES; i++) {
            fail(failover, nonsense);
            skip(Limits.LONGEST_ABSENCE);
        }

        assertThatThrownBy(() -> current(failover)).isInstanceOf(FetchException.Unreachable.class);
    }

    @Test
    void wrongBytesEndAnOfferWhereSomebodyElseHasTheFile() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        assertThat(failover.blame("mirror", true, "other bytes")).isTrue();
        assertThat(current(failover)).isEqualTo(origin);
        assertThat(failover.lastFailure("mirror")).contains(new Verdict.Blocked("other bytes"));
    }

    @Test
    void wrongBytesFromTheOnlySourceAreForgivenOnce() throws InterruptedException {
        Failover failover = failover(mirror);

        assertThat(failover.blame("mirror", true, "other bytes")).isTrue();
        assertThat(current(failover)).isEqualTo(mirror);
        assertThat(failover.blame("mirror", true, "other bytes")).isFalse();
    }

    @Test
    void theLastOfTwoThatSentWrongBytesIsForgivenOnceToo() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        assertThat(failover.blame("mirror", true, "other bytes")).isTrue();
        assertThat(failover.blame("huggingface", true, "other bytes")).isTrue();
        assertThat(current(failover)).isEqualTo(origin);
        assertThat(failover.blame("huggingface", true, "other bytes")).isFalse();
    }

    @Test
    void aSuspectIsPardonedWhenAnotherIsFoundToHaveSentWrongBytesAlone() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        assertThat(failover.blame("mirror", false, "other bytes")).isTrue();
        assertThat(current(failover)).isEqualTo(origin);
        assertThat(failover.blame("huggingface", true, "other bytes")).isTrue();
        assertThat(current(failover)).isEqualTo(mirror);
    }

    @Test
    void wrongBytesOfAnEarlierRunAreNobodysFaultNow() throws InterruptedException {
        Failover failover = failover(mirror);

        assertThat(failover.blame("a-source-of-last-year", false, "other bytes"))
                .isTrue();
        assertThat(current(failover)).isEqualTo(mirror);
    }

    @Test
    void lateSourcesAreWaitedForOnlyWhenAllOthersHaveEnded() throws InterruptedException {
        Failover failover = late(() -> {
            waited.incrementAndGet();
            offers.add(origin);
        });
        offers.add(mirror);

        assertThat(current(failover)).isEqualTo(mirror);
        assertThat(waited).hasValue(0);
        fail(failover, GONE, MIRROR);
        assertThat(current(failover)).isEqualTo(origin);
        assertThat(waited).hasValue(1);
    }

    @Test
    void whileOneWorkerWaitsForLateSourcesOthersAreHeard() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        offers.add(mirror);
        Failover failover = late(() -> {
            waiting.countDown();
            answered.await();
            offers.add(origin);
        });
        Place place = enter(failover);
        offers.clear();
        FutureTask<Offer> worker = new FutureTask<>(() -> current(failover));
        new Thread(worker).start();
        waiting.await();

        failover.delivered(place, 1);
        failover.failed(place, Fault.of(GONE, MIRROR));
        failover.leave(place);
        assertThat(failover.lastFailure("mirror")).contains(GONE);

        answered.countDown();
        assertThat(worker.get()).isEqualTo(origin);
    }

    @Test
    void lateSourcesAreWaitedForBeforeWrongBytesAreTheLastWord() throws InterruptedException {
        Failover failover = late(() -> offers.add(origin));
        offers.add(mirror);

        assertThat(failover.blame("mirror", true, "other bytes")).isTrue();
        assertThat(current(failover)).isEqualTo(mirror);
        assertThat(failover.blame("mirror", true, "other bytes")).isTrue();
        assertThat(current(failover)).isEqualTo(origin);
    }

    @Test
    void aSourceThatLosesThePlaceOfAPartIsAskedWhenNobodyElseIsLeft() throws InterruptedException {
        Failover failover = failover(mirror, origin);
        Fault unplaced = Fault.of(Fault.Kind.UNPLACED, new Verdict.Down("a part without its place", true), MIRROR);

        fail(failover, unplaced);
        assertThat(current(failover)).isEqualTo(origin);
        assertThat(budget.isOut(mirror)).isFalse();
        fail(failover, GONE, ORIGIN);

        assertThat(current(failover)).isEqualTo(mirror);
    }

    @Test
    void whatBrokeInABackEndTravelsWithTheFailure() throws InterruptedException {
        Failover failover = failover(mirror);
        Error broken = new NoSuchMethodError("okhttp3.Request.url()");

        fail(failover, Fault.ofBackEnd(broken));

        assertThatThrownBy(() -> current(failover))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("mirror: source failed: java.lang.NoSuchMethodError: okhttp3.Request.url()")
                .hasSuppressedException(broken);
    }

    @Test
    void whatFailsForOneFileAloneIsLeftToAnotherSourceAfterTwoTries() throws InterruptedException {
        Failover failover = failover(mirror, origin);
        Place others = enter(failover(mirror, origin));
        Fault trouble = Fault.of(new Verdict.Down("HTTP 503", true), MIRROR);

        for (int i = 0; i < 2; i++) {
            fail(failover, trouble);
            skip(Limits.UNDER_WAY);
            budget.delivered(others, 1);
            skip(Duration.ofSeconds(1));
        }

        assertThat(budget.isOut(mirror)).isFalse();
        assertThat(current(failover)).isEqualTo(origin);
        skip(Limits.LONGEST_ABSENCE);
        assertThat(current(failover)).isEqualTo(mirror);
    }

    private long now() {
        return System.nanoTime() + skipped.get();
    }

    private void skip(Duration time) {
        skipped.addAndGet(time.toNanos());
    }

    /** Who is asked now. */
    private Offer current(Failover failover) throws InterruptedException {
        Place place = enter(failover);
        failover.leave(place);
        return place.offer();
    }

    private static Place enter(Failover failover) throws InterruptedException {
        while (true) {
            var place = failover.enter(true);
            if (place.isPresent()) {
                return place.get();
            }
        }
    }

    private static List<Offer> entered(Failover failover) throws InterruptedException {
        return List.of(enter(failover).offer(), enter(failover).offer());
    }

    private List<Place> places() {
        return budget.all();
    }

    private void fail(Failover failover, Verdict verdict, HttpUrl at) throws InterruptedException {
        fail(failover, Fault.of(verdict, at));
    }

    private void fail(Failover failover, Fault fault) throws InterruptedException {
        Place place = enter(failover);
        failover.failed(place, fault);
        failover.leave(place);
    }

    private Failover failover(Offer... some) {
        List<Offer> fixed = List.of(some);
        return new Failover(FILE, budget, file -> fixed, () -> {}, Patiences.none(), this::now);
    }

    private Failover late(Failover.Late late) {
        return new Failover(FILE, budget, file -> List.copyOf(offers), late, Patiences.none(), this::now);
    }

    private static Offer through(String route, Offer offer) {
        var direct = offer.source();
        return new Offer(
                new dev.modelfetch.internal.choice.Source(
                        direct.backend(),
                        direct.profile(),
                        direct.names(),
                        direct.data(),
                        direct.small(),
                        route,
                        null,
                        direct.permits()),
                offer.manifest(),
                FILE);
    }

    private static Offer offer(FakeSource source) {
        return new Offer(source.source(), source.manifest(FILE), FILE);
    }
}
