package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.FakeSource;
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

        Candidates field = race(Race.Order.BY_COST, waiting(hanging, never), quick);

        assertThat(ids(field.ranked())).containsExactly("modelscope");
        assertThat(recorder.probed()).containsExactly("modelscope");
        Probe pending = field.probes().get(0);
        assertThat(pending.source()).isEqualTo("huggingface");
        assertThat(pending.verdict()).isEqualTo(new Verdict.Down("no answer yet, not waited for", false));
    }

    @Test
    void aQuickNotHereDoesNotBeatASlowUsableAnswer() throws InterruptedException {
        CountDownLatch toldNotHere = new CountDownLatch(1);
        recorder.on(event -> toldNotHere.countDown());

        Candidates field = race(
                Race.Order.BY_COST,
                FakeSource.modelscope().refusing(NOT_HERE),
                waiting(FakeSource.mirror(), toldNotHere));

        assertThat(ids(field.ranked())).containsExactly("mirror");
        assertThat(recorder.probed()).containsExactly("modelscope", "mirror");
        assertThat(field.probes())
                .extracting(probe -> probe.verdict().kind())
                .containsExactly(Verdict.Kind.NOT_HERE, Verdict.Kind.USABLE);
    }

    @Test
    void aRaceWithoutAnyUsableAnswerEndsWhenAllHaveSpoken() throws InterruptedException {
        Candidates field = race(
                Race.Order.BY_COST,
                FakeSource.huggingface().refusing(DOWN),
                FakeSource.mirror().refusing(new Verdict.Blocked("a web page")),
                FakeSource.modelscope().refusing(NOT_HERE));

        assertThat(field.ranked()).isEmpty();
        assertThat(recorder.probed()).containsExactlyInAnyOrder("huggingface", "mirror", "modelscope");
    }

    @Test
    void aListWaitsForAnEarlierSourceThatHasNotAnsweredAndTakesIt() throws InterruptedException {
        CountDownLatch laterToldUsable = new CountDownLatch(1);
        recorder.on(event -> laterToldUsable.countDown());

        Candidates field =
                race(Race.Order.AS_LISTED, waiting(FakeSource.modelscope(), laterToldUsable), FakeSource.mirror());

        assertThat(recorder.probed()).containsExactly("mirror", "modelscope");
        assertThat(ids(field.ranked())).containsExactly("modelscope", "mirror");
    }

    @Test
    void aListTakesTheNextSourceWhenTheEarlierOneCannot() throws InterruptedException {
        FakeSource hanging = waiting(FakeSource.huggingface(), never);

        Candidates field =
                race(Race.Order.AS_LISTED, FakeSource.modelscope().refusing(NOT_HERE), FakeSource.mirror(), hanging);

        assertThat(ids(field.ranked())).containsExactly("mirror");
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

        Candidates field = race(Race.Order.STRICT, first, second);

        assertThat(askedTooEarly[0]).isFalse();
        assertThat(ids(field.ranked())).containsExactly("mirror");
    }

    @Test
    void strictlyAnOutageDoesNotShowTheNameToTheNextSource() throws InterruptedException {
        for (Verdict verdict : List.of(
                DOWN,
                new Verdict.NeedsAuth("gated"),
                new Verdict.Blocked("a web page"),
                new Verdict.Limited(java.time.Duration.ofSeconds(30), "too many requests"))) {
            FakeSource next = FakeSource.mirror();

            Candidates field = race(Race.Order.STRICT, FakeSource.huggingface().refusing(verdict), next);

            assertThat(next.asked()).as("asked after %s", verdict).isZero();
            assertThat(field.ranked()).isEmpty();
            assertThat(field.probes()).extracting(Probe::source).containsExactly("huggingface");
        }
    }

    @Test
    void strictlyAUsableAnswerIsTheLastQuestion() throws InterruptedException {
        FakeSource next = FakeSource.mirror();

        Candidates field = race(Race.Order.STRICT, FakeSource.huggingface(), next);

        assertThat(ids(field.ranked())).containsExactly("huggingface");
        assertThat(next.asked()).isZero();
    }

    @Test
    void aSourceThatBreaksDoesNotTakeTheRaceWithIt() throws InterruptedException {
        Candidates field = race(
                Race.Order.BY_COST,
                FakeSource.huggingface().answering(() -> {
                    throw new IllegalStateException("no luck");
                }),
                FakeSource.mirror().answering(() -> {
                    throw new FetchException.Usage("odd id", "mend it");
                }),
                FakeSource.modelscope());

        assertThat(ids(field.ranked())).containsExactly("modelscope");
        assertThat(field.probes().get(0).verdict()).isInstanceOf(Verdict.Down.class);
        assertThat(field.probes().get(0).verdict().detail())
                .contains("huggingface")
                .contains("no luck");
        assertThat(field.probes().get(1).verdict()).isEqualTo(new Verdict.Blocked("odd id"));
    }

    @Test
    void everySourceIsAskedOnceOnly() throws InterruptedException {
        FakeSource source = FakeSource.huggingface();
        Candidate entrant = source.entrant();
        var first = entrant.start(executor);

        new Race(Race.Order.BY_COST, executor, recorder.events()).run(List.of(entrant));

        assertThat(entrant.start(executor)).isSameAs(first);
        assertThat(source.asked()).isOne();
        assertThat(recorder.all(FetchEvent.Probed.class)).hasSize(1);
    }

    private Candidates race(Race.Order order, FakeSource... sources) throws InterruptedException {
        List<Candidate> entrants =
                java.util.Arrays.stream(sources).map(FakeSource::entrant).toList();
        return new Race(order, executor, recorder.events()).run(entrants);
    }

    /** A source that has the repository, but says so only once the latch is open. */
    private static FakeSource waiting(FakeSource source, CountDownLatch latch) {
        return source.answering(() -> {
            latch.await();
            Resolved resolved = source.resolved();
            return resolved;
        });
    }

    private static List<String> ids(List<Candidate> entrants) {
        return entrants.stream().map(entrant -> entrant.hub().id()).toList();
    }
}
