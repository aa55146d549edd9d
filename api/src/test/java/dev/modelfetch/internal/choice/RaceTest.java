package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Candidates.Order;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.internal.testing.Recorder;
import dev.modelfetch.spi.Resolved;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RaceTest {

    private static final Verdict NOT_HERE = new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository");
    private static final Verdict DOWN = new Verdict.Down("connect timed out", false);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Recorder recorder = new Recorder();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        never.countDown();
        executor.shutdownNow();
    }

    @Test
    void aUsableAnswerEndsTheRaceThoughAnotherProbeNeverEnds() throws InterruptedException {
        FakeSource hanging = FakeSource.huggingface();
        FakeSource quick = FakeSource.modelscope();

        Candidates candidates = race(Order.BY_COST, waiting(hanging, never), quick);

        assertThat(ids(candidates.ranked())).containsExactly("modelscope");
        assertThat(recorder.probed()).containsExactly("modelscope");
        Probe pending = candidates.probes().get(0);
        assertThat(pending.source()).isEqualTo("huggingface");
        assertThat(pending.verdict()).isEqualTo(new Verdict.Down("no answer yet, not waited for", false));
    }

    @Test
    void aQuickNotHereDoesNotBeatASlowUsableAnswer() throws InterruptedException {
        CountDownLatch toldNotHere = new CountDownLatch(1);
        recorder.on(event -> toldNotHere.countDown());

        Candidates candidates = race(
                Order.BY_COST, FakeSource.modelscope().refusing(NOT_HERE), waiting(FakeSource.mirror(), toldNotHere));

        assertThat(ids(candidates.ranked())).containsExactly("mirror");
        assertThat(recorder.probed()).containsExactly("modelscope", "mirror");
        assertThat(candidates.probes())
                .extracting(probe -> probe.verdict().kind())
                .containsExactly(Verdict.Kind.NOT_HERE, Verdict.Kind.USABLE);
    }

    @Test
    void aRaceWithoutAnyUsableAnswerEndsWhenAllHaveSpoken() throws InterruptedException {
        Candidates candidates = race(
                Order.BY_COST,
                FakeSource.huggingface().refusing(DOWN),
                FakeSource.mirror().refusing(new Verdict.Blocked("a web page")),
                FakeSource.modelscope().refusing(NOT_HERE));

        assertThat(candidates.ranked()).isEmpty();
        assertThat(recorder.probed()).containsExactlyInAnyOrder("huggingface", "mirror", "modelscope");
    }

    @Test
    void aListWaitsForAnEarlierSourceThatHasNotAnsweredAndTakesIt() throws InterruptedException {
        CountDownLatch laterToldUsable = new CountDownLatch(1);
        recorder.on(event -> laterToldUsable.countDown());

        Candidates candidates =
                race(Order.AS_LISTED, waiting(FakeSource.modelscope(), laterToldUsable), FakeSource.mirror());

        assertThat(recorder.probed()).containsExactly("mirror", "modelscope");
        assertThat(ids(candidates.ranked())).containsExactly("modelscope", "mirror");
    }

    @Test
    void aListWaitsForAnEarlierSourceEvenWhenALaterOneHasListed() throws InterruptedException {
        CountDownLatch laterHasListed = new CountDownLatch(1);
        FakeSource later = FakeSource.mirror();
        Candidate last = later.candidate();
        FakeSource earlier = waiting(FakeSource.modelscope(), laterHasListed);
        Candidates candidates = new Candidates(List.of(earlier.candidate(), last), Order.AS_LISTED);
        later.listing(() -> {
            // The race may hear of it now, before it hears of the earlier one.
            executor.execute(() -> {
                last.list(executor).join();
                laterHasListed.countDown();
            });
            return later.manifest();
        });

        race(candidates);

        assertThat(ids(candidates.ranked())).containsExactly("modelscope", "mirror");
    }

    @Test
    void aListTakesTheNextSourceWhenTheEarlierOneCannot() throws InterruptedException {
        FakeSource hanging = waiting(FakeSource.huggingface(), never);

        Candidates candidates =
                race(Order.AS_LISTED, FakeSource.modelscope().refusing(NOT_HERE), FakeSource.mirror(), hanging);

        assertThat(ids(candidates.ranked())).containsExactly("mirror");
    }

    @Test
    void strictlyTheNextSourceIsAskedOnlyAfterNotHere() throws InterruptedException {
        CountDownLatch secondAsked = new CountDownLatch(1);
        boolean[] askedTooEarly = {false};
        FakeSource first = FakeSource.huggingface();
        first.answering(() -> {
            // Longer than the stagger after which a race that is not strict would have gone on.
            askedTooEarly[0] = secondAsked.await(2 * Limits.STAGGER.toMillis(), TimeUnit.MILLISECONDS);
            return FakeSource.mirror().refusing(NOT_HERE).resolve(FakeSource.REPO, null);
        });
        FakeSource second = FakeSource.mirror();
        second.answering(() -> {
            secondAsked.countDown();
            return second.resolved();
        });

        Candidates candidates = race(Order.STRICT, first, second);

        assertThat(askedTooEarly[0]).isFalse();
        assertThat(ids(candidates.ranked())).containsExactly("mirror");
    }

    @Test
    void strictlyAnOutageDoesNotShowTheNameToTheNextSource() throws InterruptedException {
        for (Verdict verdict : List.of(
                DOWN,
                new Verdict.NeedsAuth("gated"),
                new Verdict.Blocked("a web page"),
                new Verdict.Limited(java.time.Duration.ofSeconds(30), "too many requests"))) {
            FakeSource next = FakeSource.mirror();

            Candidates candidates = race(Order.STRICT, FakeSource.huggingface().refusing(verdict), next);

            assertThat(next.asked()).as("asked after %s", verdict).isZero();
            assertThat(candidates.ranked()).isEmpty();
            assertThat(candidates.probes())
                    .extracting(probe -> probe.verdict().kind())
                    .containsExactly(verdict.kind(), Verdict.Kind.NOT_ASKED);
        }
    }

    @Test
    void strictlyAUsableAnswerIsTheLastQuestion() throws InterruptedException {
        FakeSource next = FakeSource.mirror();

        Candidates candidates = race(Order.STRICT, FakeSource.huggingface(), next);

        assertThat(ids(candidates.ranked())).containsExactly("huggingface");
        assertThat(next.asked()).isZero();
    }

    @Test
    void aSourceThatBreaksDoesNotTakeTheRaceWithIt() throws InterruptedException {
        Candidates candidates = race(
                Order.BY_COST,
                FakeSource.huggingface().answering(() -> {
                    throw new IllegalStateException("no luck");
                }),
                FakeSource.mirror().answering(() -> {
                    throw new FetchException.Usage("odd id", "mend it");
                }),
                FakeSource.modelscope());

        assertThat(ids(candidates.ranked())).containsExactly("modelscope");
        assertThat(candidates.probes().get(0).verdict()).isInstanceOf(Verdict.Broken.class);
        assertThat(candidates.probes().get(0).verdict().detail())
                .contains("resolve failed")
                .contains("no luck");
        assertThat(candidates.probes().get(1).verdict()).isEqualTo(new Verdict.Blocked("odd id"));
    }

    @Test
    void aSourceThatDoesNotFitThisVersionIsBrokenAndNotWaitedFor() throws InterruptedException {
        Candidates candidates = race(Order.BY_COST, FakeSource.huggingface().answering(() -> {
            throw new NoSuchMethodError("SourceContext.probes");
        }));

        assertThat(candidates.probes().get(0).verdict()).isInstanceOf(Verdict.Broken.class);
        assertThat(candidates.probes().get(0).verdict().detail()).contains("NoSuchMethodError");
    }

    @Test
    void aRaceGoesOnWithThoseItEndedWithoutWhenTheWinnerWillNotDo() throws InterruptedException {
        FakeSource spare = FakeSource.mirror();
        Candidate winner = FakeSource.huggingface().candidate();
        Candidate reserve = spare.candidate();
        Candidates candidates = new Candidates(List.of(winner, reserve), Order.BY_COST);
        Race race = new Race(candidates, executor, recorder.events(), Limits.RACE, Patiences.none());
        race.run(candidate -> true);
        int askedBefore = spare.asked();

        race.run(candidate -> candidate != winner);

        assertThat(askedBefore).isZero();
        assertThat(reserve.isUsable()).isTrue();
    }

    @Test
    void everySourceIsAskedOnceOnly() throws InterruptedException {
        FakeSource source = FakeSource.huggingface();
        Candidate candidate = source.candidate();
        Candidates candidates = new Candidates(List.of(candidate), Order.BY_COST);
        race(candidates);
        var first = candidate.ask(executor);

        race(candidates);

        assertThat(candidate.ask(executor)).isSameAs(first);
        assertThat(source.asked()).isOne();
        assertThat(recorder.all(FetchEvent.Probed.class)).hasSize(1);
    }

    private Candidates race(Order order, FakeSource... sources) throws InterruptedException {
        List<Candidate> all =
                java.util.Arrays.stream(sources).map(FakeSource::candidate).toList();
        Candidates candidates = new Candidates(all, order);
        race(candidates);
        return candidates;
    }

    private void race(Candidates candidates) throws InterruptedException {
        new Race(candidates, executor, recorder.events(), Limits.RACE, Patiences.none()).run(candidate -> true);
    }

    /** A source that has the repository, but says so only once the latch is open. */
    private static FakeSource waiting(FakeSource source, CountDownLatch latch) {
        return source.answering(() -> {
            latch.await();
            Resolved resolved = source.resolved();
            return resolved;
        });
    }

    private static List<String> ids(List<Candidate> candidates) {
        return candidates.stream().map(candidate -> candidate.source().id()).toList();
    }
}
