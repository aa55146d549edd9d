package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.net.Backoff;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.spi.SourceException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends an offer for one file: refusals, wrong bytes, late sources. */
@Timeout(60)
class FailoverOfAFileTest extends FailoverBench {

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

        Verdict verdict = new Verdict.Broken("request failed: " + broken);
        fail(failover, Fault.of(new SourceException(verdict, broken), "127.0.0.1:2"));

        assertThatThrownBy(() -> current(failover))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("mirror: request failed: java.lang.NoSuchMethodError: okhttp3.Request.url()")
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
}
