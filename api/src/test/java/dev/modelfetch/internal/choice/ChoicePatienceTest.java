package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Probe;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Candidates.Order;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.internal.testing.Recorder;
import dev.modelfetch.spi.SourceException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a job goes on asking before it has bytes to wait for. */
@Timeout(60)
class ChoicePatienceTest {

    private static final RepoFile WEIGHTS = Bytes.large("model.safetensors", Bytes.random(2_000, 1));
    private static final Verdict AWAY = new Verdict.Down("connection refused", false);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void letGo() {
        executor.shutdownNow();
    }

    @Test
    void beforeAnybodyHasAnsweredAJobEndsSoon() {
        FakeSource origin = FakeSource.huggingface().refusing(AWAY);
        Patience usual = new Patience(Duration.ofMinutes(10), false, System::nanoTime);

        assertThatThrownBy(choice(usual, origin)::next).isInstanceOf(FetchException.Unreachable.class);

        assertThat(origin.asked()).isEqualTo(Limits.ROUNDS);
    }

    @Test
    void whoAsksForPatienceGetsItFromTheStart() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(WEIGHTS);
        origin.answering(() -> {
            if (origin.asked() < Limits.ROUNDS + 2) {
                throw new SourceException(AWAY);
            }
            return origin.resolved();
        });

        assertThat(choice(Patiences.ofAJob(), origin).next().source().id()).isEqualTo("huggingface");

        assertThat(recorder.all(FetchEvent.Waiting.class))
                .isNotEmpty()
                .first()
                .satisfies(wait -> assertThat(wait.causes()).containsEntry("huggingface", "connection refused"));
        assertThat(recorder.all(FetchEvent.Resumed.class)).singleElement().satisfies(resumed -> {
            assertThat(resumed.source()).isEqualTo("huggingface");
            assertThat(resumed.since())
                    .isEqualTo(recorder.all(FetchEvent.Waiting.class).get(0).since());
        });
    }

    @Test
    void aListingUnderWayCountsAsBegun() throws InterruptedException {
        Patience usual = new Patience(Duration.ofMinutes(10), false, System::nanoTime);
        FakeSource origin = FakeSource.huggingface();
        origin.listing(() -> {
            if (origin.listed() < Limits.ROUNDS + 1) {
                throw new SourceException(AWAY);
            }
            return origin.manifest(WEIGHTS);
        });

        assertThat(choice(usual, origin).next().manifest().files()).containsExactly(WEIGHTS);
    }

    @Test
    void tooManyQuestionsAtAllOfThemAreWaitedOut() throws InterruptedException {
        Patience usual = new Patience(Duration.ofMinutes(10), false, System::nanoTime);
        FakeSource origin = limitedOnce(FakeSource.huggingface(), Duration.ofMillis(600));
        FakeSource mirror = limitedOnce(FakeSource.mirror(), Duration.ofMillis(300));

        Chosen chosen = choice(usual, origin, mirror).next();

        assertThat(chosen.manifest().files()).containsExactly(WEIGHTS);
        assertThat(origin.asked() + mirror.asked()).isLessThanOrEqualTo(4);
    }

    @Test
    void whoStillListsWhenThePatienceIsOverIsNotWaitedFor() {
        CountDownLatch never = new CountDownLatch(1);
        FakeSource origin = FakeSource.huggingface();
        origin.listing(() -> {
            never.await();
            return origin.manifest(WEIGHTS);
        });

        assertThatThrownBy(choice(soonOver(), origin)::next)
                .isInstanceOfSatisfying(
                        FetchException.Unreachable.class,
                        e -> assertThat(e.probes())
                                .singleElement()
                                .satisfies(probe -> assertThat(probe.verdict().detail())
                                        .startsWith("its list of files did not come for ")));
    }

    @Test
    void whoSaysNothingMoreWhenThePatienceIsOverIsNotWaitedForHoweverLongAnAnswerMayTake() {
        CountDownLatch never = new CountDownLatch(1);
        FakeSource origin = FakeSource.huggingface();
        origin.answering(() -> {
            if (origin.asked() == 1) {
                throw new SourceException(new Verdict.Limited(Duration.ofMillis(1), "too many requests"));
            }
            never.await();
            return origin.resolved();
        });
        Candidates candidates = new Candidates(List.of(origin.candidate()), Order.BY_COST);
        Choice choice = new Choice(
                FetchRequest.builder(FakeSource.REPO).build(),
                candidates,
                executor,
                recorder.events(),
                Duration.ofHours(1),
                new Patience(Duration.ofSeconds(2), false, System::nanoTime));

        assertThatThrownBy(choice::next).isInstanceOf(FetchException.Unreachable.class);

        assertThat(origin.asked()).isEqualTo(2);
    }

    @Test
    void whatIsFinalStaysFinalHoweverPatientTheJob() {
        FakeSource gated = FakeSource.huggingface().refusing(new Verdict.NeedsAuth("gated"));
        FakeSource away = FakeSource.mirror().refusing(AWAY);
        assertThatThrownBy(choice(Patiences.ofAJob(), gated, away)::next)
                .isInstanceOf(FetchException.AccessDenied.class);

        FakeSource absent =
                FakeSource.huggingface().refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));
        assertThatThrownBy(choice(Patiences.ofAJob(), absent)::next).isInstanceOf(FetchException.NotFound.class);

        FakeSource untrusted =
                FakeSource.huggingface().refusing(new Verdict.Down("certificate not trusted", false, false));
        assertThatThrownBy(choice(Patiences.ofAJob(), untrusted)::next).isInstanceOf(FetchException.Unreachable.class);
        assertThat(untrusted.asked()).isEqualTo(1);
    }

    @Test
    void whoCouldNotDeliverForSomethingThatPassesIsTurnedToAgain() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(WEIGHTS);
        Choice choice = choice(Patiences.ofAJob(), origin);
        Chosen first = choice.next();

        choice.reject(first, undelivered(AWAY));

        assertThat(choice.next().source().id()).isEqualTo("huggingface");
        assertThat(origin.asked()).isEqualTo(2);
    }

    @Test
    void whatBrokeForGoodIsNotTurnedToAgain() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(WEIGHTS);
        Choice choice = choice(Patiences.ofAJob(), origin);
        Chosen first = choice.next();

        choice.reject(first, undelivered(new Verdict.Down("source failed", true, false)));

        assertThatThrownBy(choice::next).isInstanceOf(FetchException.Unreachable.class);
    }

    @Test
    void whileNobodyDeliversThoseWhoWereAwayAreAskedAgainAndJoin() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(WEIGHTS);
        FakeSource mirror = FakeSource.mirror().refusing(AWAY);
        Candidate away = mirror.candidate();
        var unused = away.ask(Runnable::run);
        Candidates candidates = new Candidates(List.of(origin.usableAfter(10), away), Order.BY_COST);
        Chosen chosen = choice(Patiences.ofAJob(), candidates, Runnable::run).next();
        assertThat(chosen.offers(WEIGHTS)).extracting(Offer::id).containsExactly("huggingface");
        mirror.listing(WEIGHTS).answering(mirror::resolved);

        chosen.askAgain();

        assertThat(chosen.offers(WEIGHTS)).extracting(Offer::id).containsExactly("huggingface", "mirror");
        assertThat(chosen.isAnotherVersionNear()).isFalse();
    }

    @Test
    void anotherVersionIsNearOnceItsSourceHasAnsweredAgain() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(WEIGHTS);
        FakeSource mirror = FakeSource.mirror().at(FakeSource.OTHER_COMMIT).listing();
        Candidates candidates = new Candidates(List.of(origin.usableAfter(10), mirror.usableAfter(20)), Order.BY_COST);
        Chosen chosen = choice(Patiences.ofAJob(), candidates, Runnable::run).next();
        assertThat(chosen.isAnotherVersionNear()).isFalse();

        chosen.askAgain();

        assertThat(chosen.isAnotherVersionNear()).isTrue();
    }

    /** Of half a minute, in which every look at the clock takes a second. */
    private static Patience soonOver() {
        AtomicLong seconds = new AtomicLong();
        return new Patience(
                Duration.ofSeconds(30),
                false,
                () -> Duration.ofSeconds(seconds.incrementAndGet()).toNanos());
    }

    private FakeSource limitedOnce(FakeSource source, Duration pause) {
        return source.listing(WEIGHTS).answering(() -> {
            if (source.asked() == 1) {
                throw new SourceException(new Verdict.Limited(pause, "too many requests"));
            }
            return source.resolved();
        });
    }

    private static FetchException undelivered(Verdict verdict) {
        return new FetchException.Unreachable("model.safetensors cannot be had.", "Wait.")
                .withProbes(List.of(new Probe("huggingface", "http://127.0.0.1", "direct", verdict, 0)));
    }

    private Choice choice(Patience patience, FakeSource... sources) {
        List<Candidate> asked =
                Arrays.stream(sources).map(FakeSource::candidate).toList();
        return choice(patience, new Candidates(asked, Order.BY_COST), executor);
    }

    private Choice choice(Patience patience, Candidates candidates, Executor threads) {
        return new Choice(
                FetchRequest.builder(FakeSource.REPO).build(),
                candidates,
                threads,
                recorder.events(),
                Limits.RACE,
                patience);
    }
}
