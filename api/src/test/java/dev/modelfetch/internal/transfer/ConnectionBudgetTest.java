package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.spi.Trust;
import java.time.Duration;
import java.time.Instant;
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
    private static final HttpUrl BEST = HttpUrl.get("http://127.0.0.1:1/");
    private static final HttpUrl SECOND = HttpUrl.get("http://127.0.0.1:2/");
    private static final int MEGABYTE = 1_000_000;

    private final AtomicLong clock = new AtomicLong();
    private final Offer best = offer("modelscope", BEST, "direct");
    private final Offer second = offer("mirror", SECOND, "direct");

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
        leave(budget, second);
        assertThat(tryEnter(budget, true, best, second)).contains(second);
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
        more.forEach(offer -> leave(budget, offer));

        assertThat(tryEnter(budget, true, best)).isEmpty();
        window(budget, 40, 0);
        window(budget, 40, 0);
        assertThat(tryEnter(budget, true, best)).isEmpty();
    }

    @Test
    void aHostThatPushesBackLosesAConnectionAndIsNotBlamed() {
        ConnectionBudget budget = budget(true);
        enterAll(budget, best);
        deliver(budget, best, 1);
        // By its kind: the words are for people.
        Fault refused = Fault.of(Fault.Kind.LINK_FORBIDDEN, new Verdict.Down("the data host cdn says no", true), BEST);

        assertThat(fail(budget, best, refused)).isEqualTo(ConnectionBudget.Finding.SUSPECTED);
        clock.addAndGet(Limits.UNDER_WAY.toNanos());
        deliver(budget, best, 1);

        assertThat(tryEnter(budget, true, best)).isEmpty();
        assertThat(budget.isOut(best)).isFalse();
    }

    @Test
    void serverTroubleIsNoPushBack() {
        ConnectionBudget budget = budget(true);
        enterAll(budget, best);
        Fault broken = Fault.of(new Verdict.Down("bad gateway: upstream says HTTP 403", true), BEST);

        fail(budget, best, broken);
        clock.addAndGet(Limits.UNDER_WAY.toNanos());
        deliver(budget, best, 1);

        assertThat(tryEnter(budget, true, best)).contains(best);
    }

    @Test
    void theOnlyConnectionOfAHostCannotBeOneTooMany() {
        ConnectionBudget budget = budget(true);
        assertThat(tryEnter(budget, true, best)).isPresent();

        assertThat(fail(budget, best, Fault.of(new Verdict.Limited(Duration.ofSeconds(3), "slow down"), BEST)))
                .isEqualTo(ConnectionBudget.Finding.OUT);
    }

    @Test
    void aHostSharedByTwoSourcesIsLearnedOnce() {
        HttpUrl cdn = HttpUrl.get("http://127.0.0.1:9/");
        ConnectionBudget budget = budget(true);
        for (Offer offer : List.of(best, second)) {
            assertThat(tryEnter(budget, true, offer)).isPresent();
            budget.opened(place(budget, offer), Endpoints.name(cdn));
        }
        leave(budget, second);

        fail(budget, best, Fault.of(new Verdict.Down("connection refused", false), cdn));

        assertThat(budget.isOut(best)).isTrue();
        assertThat(budget.isOut(second)).isTrue();
        clock.addAndGet(Limits.LONGEST_ABSENCE.toNanos());
        assertThat(tryEnter(budget, true, second)).contains(second);
        deliver(budget, second, 1);
        assertThat(budget.isOut(best)).isFalse();
    }

    @Test
    void theTimeUntilTheFirstByteSaysNothingOfARate() {
        ConnectionBudget budget = budget(true);
        tryEnter(budget, true, best);
        clock.addAndGet(Limits.WINDOW.toNanos());

        deliver(budget, best, 8_000);
        assertThat(budget.perConnection(best)).isZero();
        clock.addAndGet(Limits.WINDOW.toNanos() - 1);
        deliver(budget, best, 8_000);
        clock.addAndGet(1);
        deliver(budget, best, 16_000);

        assertThat(budget.perConnection(best)).isEqualTo(64_000);
    }

    @Test
    void aDataHostThatHasNeverAnsweredIsOutLikeAnyOther() {
        HttpUrl cdn = HttpUrl.get("http://127.0.0.1:9/");
        ConnectionBudget budget = budget(true);
        tryEnter(budget, true, best);

        fail(budget, best, Fault.of(new Verdict.Down("connection reset", false), cdn));

        assertThat(budget.isOut(best)).isTrue();
        assertThat(tryEnter(budget, true, best)).isEmpty();
        clock.addAndGet(Limits.LONGEST_ABSENCE.toNanos());
        assertThat(tryEnter(budget, true, best)).contains(best);
        fail(budget, best, Fault.of(new Verdict.Down("connection reset", false), cdn));
        assertThat(budget.failures(best)).isEqualTo(2);
    }

    @Test
    void theNextTransferKnowsWhoIsHowFastAndAsksThoseAgainWhomNobodyNeeded() {
        Connections connections = new Connections(4, true, clock::get);
        ConnectionBudget first = connections.begin();
        tryEnter(first, true, best);
        deliver(first, best, 1);
        clock.addAndGet(Limits.WINDOW.toNanos());
        deliver(first, best, 32_000);
        double rate = first.perConnection(best);
        fail(first, best, Fault.of(new Verdict.Down("connection reset", false), BEST));
        assertThat(first.isOut(best)).isTrue();

        ConnectionBudget next = connections.begin();

        assertThat(next.perConnection(best)).isEqualTo(rate).isPositive();
        assertThat(next.isOut(best)).isFalse();
        assertThat(next.failures(best)).isZero();
        assertThat(tryEnter(next, true, best)).contains(best);
    }

    @Test
    void aDeadDataHostTakesNothingFromWhatItsHubSendsItself() {
        RepoFile small = Bytes.small("config.json", Bytes.random(10, 2));
        Offer config = new Offer(best.source(), best.manifest(), small);
        ConnectionBudget budget = budget(true);
        tryEnter(budget, true, best);
        HttpUrl cdn = HttpUrl.get("http://127.0.0.1:9/");
        budget.opened(place(budget, best), Endpoints.name(cdn));

        fail(budget, best, Fault.of(new Verdict.Down("connection refused", false), cdn));

        assertThat(budget.isOut(best)).isTrue();
        assertThat(budget.isOut(config)).isFalse();
    }

    @Test
    void silenceIsOfAllConnectionsOfAHost() {
        ConnectionBudget budget = budget(true);
        enterAll(budget, best);
        deliver(budget, best, 1);
        clock.addAndGet(Limits.SILENT.toNanos() - 1);
        assertThat(budget.silent(Limits.SILENT)).isEmpty();

        clock.addAndGet(1);
        assertThat(budget.silent(Limits.SILENT)).hasSize(4);
        deliver(budget, best, 1);
        assertThat(budget.silent(Limits.SILENT)).isEmpty();
    }

    @Test
    void afterASleepEverybodyGetsTheirChanceAtOnceButForAPauseThatWasAskedFor() {
        ConnectionBudget budget = budget(true);
        tryEnter(budget, true, best);
        fail(budget, best, Fault.of(new Verdict.Down("connection reset", false), BEST));
        tryEnter(budget, true, second);
        fail(budget, second, Fault.of(new Verdict.Limited(Duration.ofMinutes(1), "slow down"), SECOND));

        budget.awake();

        assertThat(budget.pause(best)).isZero();
        assertThat(budget.pause(second)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void whoJoinsAndWhoIsLeftIsToldOnce() {
        ConnectionBudget budget = budget(true);
        enterAll(budget, best);
        deliver(budget, best, 1);
        deliver(budget, best, 1);
        List<Place> all = budget.all();
        fail(budget, best, Fault.of(new Verdict.Limited(Duration.ofMinutes(1), "slow down"), BEST));
        all.stream().skip(1).forEach(place -> budget.failed(place, Fault.of(new Verdict.Down("reset", false), BEST)));

        assertThat(budget.news().stream().map(event -> event.apply(Instant.EPOCH)))
                .containsExactly(
                        new FetchEvent.SourceJoined(Instant.EPOCH, "modelscope", "127.0.0.1:1", "direct"),
                        new FetchEvent.SourceLeft(
                                Instant.EPOCH,
                                "modelscope",
                                "127.0.0.1:1",
                                "slow down",
                                Instant.EPOCH.plusSeconds(60)));
        assertThat(budget.news()).isEmpty();
    }

    @Test
    void smallFilesStayWithTheBestSource() {
        ConnectionBudget budget = budget(true);
        enterAll(budget, best, second);
        leave(budget, second);

        assertThat(tryEnter(budget, false, best, second)).isEmpty();
        assertThat(tryEnter(budget, true, best, second)).contains(second);
    }

    @Test
    void aProxiedSourceDoesNotJoinADirectOne() {
        Offer metered = offer("huggingface", SECOND, "http://127.0.0.1:7890");
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

    /** True the first time only. */
    private static BooleanSupplier once() {
        AtomicBoolean first = new AtomicBoolean(true);
        return () -> first.getAndSet(false);
    }

    private ConnectionBudget budget(boolean several) {
        return new ConnectionBudget(4, several, clock::get);
    }

    private static Optional<Offer> tryEnter(ConnectionBudget budget, boolean wide, Offer... open) {
        Failover file = new Failover(FILE, budget, any -> List.of(open), () -> {}, Patiences.none(), System::nanoTime);
        return budget.tryEnter(List.of(open), wide, file).map(Place::offer);
    }

    /** Takes every place there is. */
    private static List<Offer> enterAll(ConnectionBudget budget, Offer... open) {
        List<Offer> entered = new ArrayList<>();
        for (Optional<Offer> place = tryEnter(budget, true, open);
                place.isPresent();
                place = tryEnter(budget, true, open)) {
            entered.add(place.get());
        }
        return entered;
    }

    private static Place place(ConnectionBudget budget, Offer at) {
        return budget.all().stream()
                .filter(place -> place.offer().equals(at))
                .findFirst()
                .orElseThrow();
    }

    private static void leave(ConnectionBudget budget, Offer at) {
        budget.leave(place(budget, at));
    }

    private static void deliver(ConnectionBudget budget, Offer at, int bytes) {
        budget.delivered(place(budget, at), bytes);
    }

    private static ConnectionBudget.Finding fail(ConnectionBudget budget, Offer at, Fault fault) {
        Place place = place(budget, at);
        ConnectionBudget.Finding finding = budget.failed(place, fault);
        budget.leave(place);
        return finding;
    }

    /** One measuring window in which so many megabytes came. */
    private void window(ConnectionBudget budget, long fromBest, long fromSecond) {
        deliver(budget, best, (int) (fromBest * MEGABYTE));
        if (fromSecond > 0) {
            deliver(budget, second, (int) (fromSecond * MEGABYTE));
        }
        clock.addAndGet(Limits.WINDOW.toNanos());
        deliver(budget, best, 0);
    }

    /** As many windows as a trial takes to be judged. */
    private void settle(ConnectionBudget budget, long fromBest, long fromSecond) {
        for (long passed = 0; passed <= Limits.TRIAL.toNanos(); passed += Limits.WINDOW.toNanos()) {
            window(budget, fromBest, fromSecond);
        }
    }

    private static Offer offer(String id, HttpUrl endpoint, String route) {
        FakeSource source = new FakeSource(id, id, Trust.INDEPENDENT, endpoint, 8);
        Source hub = source.source();
        Manifest manifest = source.manifest(FILE);
        return new Offer(
                new Source(
                        hub.backend(),
                        hub.profile(),
                        hub.names(),
                        hub.data(),
                        hub.small(),
                        FakeSource.lineBy(route),
                        null,
                        hub.permits(),
                        hub.threads(),
                        hub.history()),
                manifest,
                FILE);
    }
}
