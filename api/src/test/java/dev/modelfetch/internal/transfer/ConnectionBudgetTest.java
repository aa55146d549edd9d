package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.spi.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;

class ConnectionBudgetTest {

    private static final RepoFile FILE = Bytes.large("model.bin", Bytes.random(100, 1));
    private static final int MEGABYTE = 1_000_000;

    private final AtomicLong clock = new AtomicLong();
    private final Offer best = offer("modelscope", "direct");
    private final Offer second = offer("mirror", "direct");

    @Test
    void everySourceStartsWithTheBaseTheBestFirst() {
        ConnectionBudget budget = budget(true);

        assertThat(enterAll(budget, best, second))
                .containsExactly(best, best, best, best, second, second, second, second);
    }

    @Test
    void aSecondSourceIsGivenMoreAndKeepsItIfTheJobBecomesFaster() {
        ConnectionBudget budget = budget(true);
        enterAll(budget, best, second);
        // A connection of the second brings more, so it is the first to be tried with more.
        window(budget, 40, 80);

        List<Offer> more = enterAll(budget, best, second);
        assertThat(more).isNotEmpty().containsOnly(second);

        settle(budget, 40, 160);
        budget.leave(second.source());
        assertThat(budget.tryEnter(List.of(best, second), true)).contains(second);
    }

    @Test
    void aSmallFileIsWorthMoreConnectionsOfTheBestSourceOnly() throws InterruptedException {
        ConnectionBudget budget = budget(true);
        enterAll(budget, best, second);

        assertThat(budget.awaitRoom(7, () -> true)).isTrue();
        assertThat(budget.awaitRoom(8, once())).isFalse();
        window(budget, 40, 0);
        assertThat(budget.awaitRoom(8, () -> true)).isTrue();
    }

    @Test
    void connectionsThatBringNothingAreTakenAwayAgainAndNotTriedSoon() {
        ConnectionBudget budget = budget(true);
        enterAll(budget, best);
        window(budget, 40, 0);
        List<Offer> more = enterAll(budget, best);
        assertThat(more).isNotEmpty();

        settle(budget, 40, 0);
        more.forEach(offer -> budget.leave(offer.source()));

        assertThat(budget.tryEnter(List.of(best), true)).isEmpty();
        window(budget, 40, 0);
        window(budget, 40, 0);
        assertThat(budget.tryEnter(List.of(best), true)).isEmpty();
    }

    @Test
    void aHostThatPushesBackLosesAConnectionAndIsNotBlamed() {
        ConnectionBudget budget = budget(true);
        enterAll(budget, best);
        budget.delivered(best.source(), 1);
        // By its kind: the words are for people.
        Fault refused = Fault.of(Fault.Kind.LINK_FORBIDDEN, new Verdict.Down("the data host cdn says no", true));

        assertThat(budget.failed(best.source(), refused)).isTrue();
        budget.leave(best.source());

        assertThat(budget.tryEnter(List.of(best), true)).isEmpty();
        assertThat(budget.isHealthy(best.source())).isTrue();
    }

    @Test
    void wordsThatMentionAStatusMakeNoPushBack() {
        ConnectionBudget budget = budget(true);
        enterAll(budget, best);
        budget.delivered(best.source(), 1);
        Fault broken = Fault.of(new Verdict.Down("bad gateway: upstream says HTTP 403", true));

        assertThat(budget.failed(best.source(), broken)).isFalse();
    }

    @Test
    void theOnlyConnectionOfAHostCannotBeOneTooMany() {
        ConnectionBudget budget = budget(true);
        assertThat(budget.tryEnter(List.of(best), true)).isPresent();

        assertThat(budget.failed(best.source(), Fault.of(new Verdict.Limited(Duration.ofSeconds(3), "slow down"))))
                .isFalse();
    }

    @Test
    void smallFilesStayWithTheBestSource() {
        ConnectionBudget budget = budget(true);
        enterAll(budget, best, second);
        budget.leave(second.source());

        assertThat(budget.tryEnter(List.of(best, second), false)).isEmpty();
        assertThat(budget.tryEnter(List.of(best, second), true)).contains(second);
    }

    @Test
    void aProxiedSourceDoesNotJoinADirectOne() {
        Offer metered = offer("huggingface", "http://127.0.0.1:7890");
        ConnectionBudget budget = budget(true);
        enterAll(budget, best, metered);

        for (int i = 0; i < 40; i++) {
            window(budget, 40, 0);
            assertThat(enterAll(budget, best, metered)).doesNotContain(metered);
        }
    }

    @Test
    void oneSourceAtATimeMeansNobodyJoins() {
        ConnectionBudget budget = budget(false);
        enterAll(budget, best, second);

        for (int i = 0; i < 40; i++) {
            window(budget, 40, 0);
            assertThat(enterAll(budget, best, second)).doesNotContain(second);
        }
    }

    @Test
    void aSourceThatFailsAgainAndAgainIsLeftToThoseWhoHaveNobodyElse() {
        ConnectionBudget budget = budget(true);
        for (int i = 0; i < Limits.STRIKES; i++) {
            budget.failed(best.source(), Fault.of(new Verdict.Down("connect timed out", false)));
        }

        assertThat(budget.tryEnter(List.of(best, second), false)).contains(second);
        assertThat(budget.tryEnter(List.of(best), false)).contains(best);
    }

    /** True the first time only. */
    private static BooleanSupplier once() {
        AtomicBoolean first = new AtomicBoolean(true);
        return () -> first.getAndSet(false);
    }

    private ConnectionBudget budget(boolean several) {
        return new ConnectionBudget(4, several, clock::get);
    }

    /** Takes every place there is. */
    private static List<Offer> enterAll(ConnectionBudget budget, Offer... open) {
        List<Offer> entered = new ArrayList<>();
        for (Optional<Offer> place = budget.tryEnter(List.of(open), true);
                place.isPresent();
                place = budget.tryEnter(List.of(open), true)) {
            entered.add(place.get());
        }
        return entered;
    }

    /** One measuring window in which so many megabytes came. */
    private void window(ConnectionBudget budget, long fromBest, long fromSecond) {
        budget.delivered(best.source(), (int) (fromBest * MEGABYTE));
        budget.delivered(second.source(), (int) (fromSecond * MEGABYTE));
        clock.addAndGet(Limits.WINDOW.toNanos());
        budget.delivered(best.source(), 0);
    }

    /** As many windows as a trial takes to be judged. */
    private void settle(ConnectionBudget budget, long fromBest, long fromSecond) {
        for (long passed = 0; passed <= Limits.TRIAL.toNanos(); passed += Limits.WINDOW.toNanos()) {
            window(budget, fromBest, fromSecond);
        }
    }

    private static Offer offer(String id, String route) {
        FakeSource source = new FakeSource(id, id, Trust.INDEPENDENT, HttpUrl.get("http://localhost:1/"), 8);
        Source hub = source.source();
        Manifest manifest = source.manifest(FILE);
        return new Offer(
                new Source(
                        hub.backend(),
                        hub.profile(),
                        hub.names(),
                        hub.data(),
                        hub.small(),
                        route,
                        false,
                        hub.permits()),
                manifest,
                FILE);
    }
}
