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
        ConnectionBudget lanes = lanes(true);

        assertThat(enterAll(lanes, best, second))
                .containsExactly(best, best, best, best, second, second, second, second);
    }

    @Test
    void aSecondSourceIsGivenMoreAndKeepsItIfTheJobBecomesFaster() {
        ConnectionBudget lanes = lanes(true);
        enterAll(lanes, best, second);
        // A connection of the second brings more, so it is the first to be tried with more.
        window(lanes, 40, 80);

        List<Offer> more = enterAll(lanes, best, second);
        assertThat(more).isNotEmpty().containsOnly(second);

        settle(lanes, 40, 160);
        lanes.leave(second.source());
        assertThat(lanes.tryEnter(List.of(best, second), true)).contains(second);
    }

    @Test
    void aSmallFileIsWorthMoreConnectionsOfTheBestSourceOnly() throws InterruptedException {
        ConnectionBudget lanes = lanes(true);
        enterAll(lanes, best, second);

        assertThat(lanes.awaitRoom(7, () -> true)).isTrue();
        assertThat(lanes.awaitRoom(8, once())).isFalse();
        window(lanes, 40, 0);
        assertThat(lanes.awaitRoom(8, () -> true)).isTrue();
    }

    @Test
    void connectionsThatBringNothingAreTakenAwayAgainAndNotTriedSoon() {
        ConnectionBudget lanes = lanes(true);
        enterAll(lanes, best);
        window(lanes, 40, 0);
        List<Offer> more = enterAll(lanes, best);
        assertThat(more).isNotEmpty();

        settle(lanes, 40, 0);
        more.forEach(offer -> lanes.leave(offer.source()));

        assertThat(lanes.tryEnter(List.of(best), true)).isEmpty();
        window(lanes, 40, 0);
        window(lanes, 40, 0);
        assertThat(lanes.tryEnter(List.of(best), true)).isEmpty();
    }

    @Test
    void aHostThatPushesBackLosesAConnectionAndIsNotBlamed() {
        ConnectionBudget lanes = lanes(true);
        enterAll(lanes, best);
        lanes.delivered(best.source(), 1);
        // By its kind: the words are for people.
        Fault refused = Fault.of(Fault.Kind.LINK_FORBIDDEN, new Verdict.Down("the data host cdn says no", true));

        assertThat(lanes.failed(best.source(), refused)).isTrue();
        lanes.leave(best.source());

        assertThat(lanes.tryEnter(List.of(best), true)).isEmpty();
        assertThat(lanes.isHealthy(best.source())).isTrue();
    }

    @Test
    void wordsThatMentionAStatusMakeNoPushBack() {
        ConnectionBudget lanes = lanes(true);
        enterAll(lanes, best);
        lanes.delivered(best.source(), 1);
        Fault broken = Fault.of(new Verdict.Down("bad gateway: upstream says HTTP 403", true));

        assertThat(lanes.failed(best.source(), broken)).isFalse();
    }

    @Test
    void theOnlyConnectionOfAHostCannotBeOneTooMany() {
        ConnectionBudget lanes = lanes(true);
        assertThat(lanes.tryEnter(List.of(best), true)).isPresent();

        assertThat(lanes.failed(best.source(), Fault.of(new Verdict.Limited(Duration.ofSeconds(3), "slow down"))))
                .isFalse();
    }

    @Test
    void smallFilesStayWithTheBestSource() {
        ConnectionBudget lanes = lanes(true);
        enterAll(lanes, best, second);
        lanes.leave(second.source());

        assertThat(lanes.tryEnter(List.of(best, second), false)).isEmpty();
        assertThat(lanes.tryEnter(List.of(best, second), true)).contains(second);
    }

    @Test
    void aProxiedSourceDoesNotJoinADirectOne() {
        Offer metered = offer("huggingface", "http://127.0.0.1:7890");
        ConnectionBudget lanes = lanes(true);
        enterAll(lanes, best, metered);

        for (int i = 0; i < 40; i++) {
            window(lanes, 40, 0);
            assertThat(enterAll(lanes, best, metered)).doesNotContain(metered);
        }
    }

    @Test
    void oneSourceAtATimeMeansNobodyJoins() {
        ConnectionBudget lanes = lanes(false);
        enterAll(lanes, best, second);

        for (int i = 0; i < 40; i++) {
            window(lanes, 40, 0);
            assertThat(enterAll(lanes, best, second)).doesNotContain(second);
        }
    }

    @Test
    void aSourceThatFailsAgainAndAgainIsLeftToThoseWhoHaveNobodyElse() {
        ConnectionBudget lanes = lanes(true);
        for (int i = 0; i < Limits.STRIKES; i++) {
            lanes.failed(best.source(), Fault.of(new Verdict.Down("connect timed out", false)));
        }

        assertThat(lanes.tryEnter(List.of(best, second), false)).contains(second);
        assertThat(lanes.tryEnter(List.of(best), false)).contains(best);
    }

    /** True the first time only. */
    private static BooleanSupplier once() {
        AtomicBoolean first = new AtomicBoolean(true);
        return () -> first.getAndSet(false);
    }

    private ConnectionBudget lanes(boolean several) {
        return new ConnectionBudget(4, several, clock::get);
    }

    /** Takes every place there is. */
    private static List<Offer> enterAll(ConnectionBudget lanes, Offer... open) {
        List<Offer> entered = new ArrayList<>();
        for (Optional<Offer> place = lanes.tryEnter(List.of(open), true);
                place.isPresent();
                place = lanes.tryEnter(List.of(open), true)) {
            entered.add(place.get());
        }
        return entered;
    }

    /** One measuring window in which so many megabytes came. */
    private void window(ConnectionBudget lanes, long fromBest, long fromSecond) {
        lanes.delivered(best.source(), (int) (fromBest * MEGABYTE));
        lanes.delivered(second.source(), (int) (fromSecond * MEGABYTE));
        clock.addAndGet(Limits.WINDOW.toNanos());
        lanes.delivered(best.source(), 0);
    }

    /** As many windows as a trial takes to be judged. */
    private void settle(ConnectionBudget lanes, long fromBest, long fromSecond) {
        for (long passed = 0; passed <= Limits.TRIAL.toNanos(); passed += Limits.WINDOW.toNanos()) {
            window(lanes, fromBest, fromSecond);
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
