package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.net.Backoff;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FailoverTest {

    private static final RepoFile FILE = Bytes.large("model.bin", Bytes.random(100, 1));
    private static final Verdict RESET = new Verdict.Down("connection reset", false);
    private static final Verdict GONE = new Verdict.NotHere(Verdict.What.FILE, "no such file");

    private final Offer origin = offer(FakeSource.huggingface());
    private final Offer mirror = offer(FakeSource.mirror());
    private final ConnectionBudget budget = new ConnectionBudget(8, true);
    private final List<Offer> offers = new ArrayList<>();
    private final AtomicInteger waited = new AtomicInteger();

    @Test
    void theBestOfferIsTakenAndKept() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        assertThat(failover.current()).isEqualTo(mirror);
        failover.delivered(mirror, 1);
        assertThat(failover.current()).isEqualTo(mirror);
        assertThat(failover.hasAlternative()).isTrue();
    }

    @Test
    void anUnhealthySourceIsPassedOverWhileThereIsAHealthyOne() throws InterruptedException {
        Failover failover = failover(mirror, origin);
        strikeOut(mirror);

        assertThat(failover.current()).isEqualTo(origin);
        assertThat(failover.hasAlternative()).isFalse();
    }

    @Test
    void whenNobodyIsHealthyTheBestThatHasNotBeenGivenUpIsTaken() throws InterruptedException {
        Failover failover = failover(mirror, origin);
        strikeOut(mirror);
        strikeOut(origin);

        assertThat(failover.current()).isEqualTo(mirror);
    }

    @Test
    void aSourceThatDeliversAgainIsHealthyAgain() throws InterruptedException {
        Failover failover = failover(mirror, origin);
        strikeOut(mirror);

        failover.delivered(mirror, 1);

        assertThat(failover.current()).isEqualTo(mirror);
    }

    @Test
    void aPassingFailureIsRetriedOnceWhereThereIsAnotherOffer() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        assertThat(failover.failed(mirror, Fault.of(RESET))).isPositive();
        assertThat(failover.current()).isEqualTo(mirror);
        assertThat(failover.failed(mirror, Fault.of(RESET))).isZero();
        assertThat(failover.current()).isEqualTo(origin);
        assertThat(failover.lastFailure("mirror")).contains(RESET);
        assertThat(failover.lastFailure("huggingface")).isEmpty();
    }

    @Test
    void theOnlySourceIsRetriedAsOftenAsTheBackoffAllows() throws InterruptedException {
        Failover failover = failover(mirror);

        for (int i = 0; i < Backoff.MOST_RETRIES; i++) {
            assertThat(failover.failed(mirror, Fault.of(RESET))).isPositive();
            assertThat(failover.current()).isEqualTo(mirror);
        }
        assertThat(failover.failed(mirror, Fault.of(RESET))).isZero();
        assertThatThrownBy(failover::current)
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("model.bin")
                .hasMessageContaining("mirror: connection reset");
    }

    @Test
    void aDataHostThatRefusesFreshLinksIsSoonGivenUp() {
        Failover failover = failover(mirror);
        Fault refusal = Fault.of(Fault.Kind.LINK_FORBIDDEN, new Verdict.Down("HTTP 403 from data host cdn", true));

        assertThat(failover.failed(mirror, refusal)).isPositive();
        assertThat(failover.failed(mirror, refusal)).isPositive();
        assertThat(failover.failed(mirror, refusal)).isZero();
        assertThatThrownBy(failover::current).isInstanceOf(FetchException.Unreachable.class);
    }

    @Test
    void bytesThatArriveInBetweenStartTheCountAnew() throws InterruptedException {
        Failover failover = failover(mirror);
        for (int i = 0; i < 3 * Backoff.MOST_RETRIES; i++) {
            failover.failed(mirror, Fault.of(RESET));
            failover.delivered(mirror, 1);
        }

        assertThat(failover.current()).isEqualTo(mirror);
    }

    @Test
    void aWaitTheServerAskedForIsKeptAtTheOnlySource() {
        Failover failover = failover(mirror);
        Duration asked = Duration.ofSeconds(42);

        assertThat(failover.failed(mirror, Fault.of(new Verdict.Limited(asked, "too many requests"))))
                .isEqualTo(asked);
    }

    @Test
    void aLimitedSourceIsNotWaitedForWhereThereIsAnotherOffer() throws InterruptedException {
        Failover failover = failover(mirror, origin);
        Verdict limited = new Verdict.Limited(Duration.ofSeconds(42), "too many requests");

        assertThat(failover.failed(mirror, Fault.of(limited))).isZero();
        assertThat(failover.current()).isEqualTo(origin);
    }

    @Test
    void aSourceThatWantsToBeLeftAloneForMinutesIsGivenUp() {
        Failover failover = failover(mirror);
        Verdict limited = new Verdict.Limited(Duration.ofMinutes(5), "too many requests");

        assertThat(failover.failed(mirror, Fault.of(limited))).isZero();
        assertThatThrownBy(failover::current)
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("too many requests");
    }

    @Test
    void aRefusalEndsAnOfferAtOnce() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        assertThat(failover.failed(mirror, Fault.of(GONE))).isZero();
        assertThat(failover.current()).isEqualTo(origin);
        assertThat(failover.hasAlternative()).isFalse();
    }

    @Test
    void theLastRefusalIsReportedByItsKind() {
        Failover absent = failover(mirror);
        absent.failed(mirror, Fault.of(GONE));
        assertThatThrownBy(absent::current).isInstanceOf(FetchException.NotFound.class);

        Failover gated = failover(mirror);
        gated.failed(mirror, Fault.of(new Verdict.NeedsAuth("gated")));
        assertThatThrownBy(gated::current).isInstanceOf(FetchException.AccessDenied.class);
    }

    @Test
    void wrongBytesEndAnOfferWhereSomebodyElseHasTheFile() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        assertThat(failover.blame("mirror", true, "other bytes")).isTrue();
        assertThat(failover.current()).isEqualTo(origin);
        assertThat(failover.lastFailure("mirror")).contains(new Verdict.Blocked("other bytes"));
    }

    @Test
    void wrongBytesFromTheOnlySourceAreForgivenOnce() throws InterruptedException {
        Failover failover = failover(mirror);

        assertThat(failover.blame("mirror", true, "other bytes")).isTrue();
        assertThat(failover.current()).isEqualTo(mirror);
        assertThat(failover.blame("mirror", true, "other bytes")).isFalse();
    }

    @Test
    void theLastOfTwoThatSentWrongBytesIsForgivenOnceToo() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        assertThat(failover.blame("mirror", true, "other bytes")).isTrue();
        assertThat(failover.blame("huggingface", true, "other bytes")).isTrue();
        assertThat(failover.current()).isEqualTo(origin);
        assertThat(failover.blame("huggingface", true, "other bytes")).isFalse();
    }

    @Test
    void aSuspectIsPardonedWhenAnotherIsFoundToHaveSentWrongBytesAlone() throws InterruptedException {
        Failover failover = failover(mirror, origin);

        assertThat(failover.blame("mirror", false, "other bytes")).isTrue();
        assertThat(failover.current()).isEqualTo(origin);
        assertThat(failover.blame("huggingface", true, "other bytes")).isTrue();
        assertThat(failover.current()).isEqualTo(mirror);
    }

    @Test
    void wrongBytesOfAnEarlierRunAreNobodysFaultNow() throws InterruptedException {
        Failover failover = failover(mirror);

        assertThat(failover.blame("a-source-of-last-year", false, "other bytes"))
                .isTrue();
        assertThat(failover.current()).isEqualTo(mirror);
    }

    @Test
    void lateSourcesAreWaitedForOnlyWhenAllOthersHaveEnded() throws InterruptedException {
        Failover failover = new Failover(FILE, budget, file -> List.copyOf(offers), () -> {
            waited.incrementAndGet();
            offers.add(origin);
        });
        offers.add(mirror);

        assertThat(failover.current()).isEqualTo(mirror);
        assertThat(waited).hasValue(0);
        failover.failed(mirror, Fault.of(GONE));
        assertThat(failover.current()).isEqualTo(origin);
        assertThat(waited).hasValue(1);
    }

    @Test
    @Timeout(60)
    void whileOneWorkerWaitsForLateSourcesOthersAreHeard() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        Failover failover = new Failover(FILE, budget, file -> List.copyOf(offers), () -> {
            waiting.countDown();
            answered.await();
            offers.add(origin);
        });
        FutureTask<Offer> worker = new FutureTask<>(failover::current);
        new Thread(worker).start();
        waiting.await();

        failover.delivered(mirror, 1);
        assertThat(failover.failed(mirror, Fault.of(GONE))).isZero();
        assertThat(failover.lastFailure("mirror")).contains(GONE);

        answered.countDown();
        assertThat(worker.get()).isEqualTo(origin);
    }

    @Test
    void lateSourcesAreWaitedForBeforeWrongBytesAreTheLastWord() throws InterruptedException {
        Failover failover = new Failover(FILE, budget, file -> List.copyOf(offers), () -> offers.add(origin));
        offers.add(mirror);

        assertThat(failover.blame("mirror", true, "other bytes")).isTrue();
        assertThat(failover.current()).isEqualTo(mirror);
        assertThat(failover.blame("mirror", true, "other bytes")).isTrue();
        assertThat(failover.current()).isEqualTo(origin);
    }

    @Test
    void aSourceThatLosesThePlaceOfAPartIsAskedWhenNobodyElseIsLeft() throws InterruptedException {
        Failover failover = failover(mirror, origin);
        Fault unplaced = Fault.of(Fault.Kind.UNPLACED, new Verdict.Down("a part without its place", true));

        for (int connections = 0; connections < 2 * Backoff.MOST_RETRIES; connections++) {
            assertThat(failover.failed(mirror, unplaced)).isZero();
        }
        assertThat(failover.current()).isEqualTo(origin);
        assertThat(budget.isHealthy(mirror.source())).isTrue();
        failover.failed(origin, Fault.of(GONE));

        assertThat(failover.current()).isEqualTo(mirror);
    }

    @Test
    void whatBrokeInABackEndTravelsWithTheFailure() {
        Failover failover = failover(mirror);
        Error broken = new NoSuchMethodError("okhttp3.Request.url()");

        assertThat(failover.failed(mirror, Fault.ofBackEnd(broken))).isZero();

        assertThatThrownBy(failover::current)
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("mirror: source failed: java.lang.NoSuchMethodError: okhttp3.Request.url()")
                .hasSuppressedException(broken);
    }

    @Test
    void failuresOfOtherFilesCountAgainstASource() throws InterruptedException {
        Failover one = failover(mirror, origin);
        Failover two = failover(mirror, origin);
        Failover three = failover(mirror, origin);
        one.failed(mirror, Fault.of(RESET));
        two.failed(mirror, Fault.of(RESET));
        assertThat(three.current()).isEqualTo(mirror);

        three.failed(mirror, Fault.of(RESET));

        assertThat(three.current()).isEqualTo(origin);
    }

    private void strikeOut(Offer offer) {
        for (int i = 0; i < Limits.STRIKES; i++) {
            budget.failed(offer.source(), Fault.of(RESET));
        }
    }

    private Failover failover(Offer... some) {
        List<Offer> fixed = List.of(some);
        return new Failover(FILE, budget, file -> fixed, () -> {});
    }

    private static Offer offer(FakeSource source) {
        return new Offer(source.source(), source.manifest(FILE), FILE);
    }
}
