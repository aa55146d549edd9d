package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    private static final RepoFile FILE = Bytes.large("model.bin", Bytes.random(100, 1));
    private static final HttpUrl ORIGIN = HttpUrl.get("http://127.0.0.1:1/");
    private static final HttpUrl MIRROR = HttpUrl.get("http://127.0.0.1:2/");

    private final AtomicLong clock = new AtomicLong();
    /** Of the wall clock against the other. */
    private final AtomicLong drift = new AtomicLong();

    private final Recorder recorder = new Recorder();
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final Patience patience = new Patience(Duration.ofMinutes(10), true, clock::get);
    private final Run run = new Run(recorder.events(), new Cancellation(), pool, clock::get, patience, () -> {});
    private final ConnectionBudget budget = new ConnectionBudget(4, true, clock::get);
    private final Tally tally = new Tally(100_000_000);
    private final AtomicInteger helped = new AtomicInteger();
    private final AtomicInteger askedAgain = new AtomicInteger();
    private final Watchdog watchdog = new Watchdog(
            run,
            budget,
            tally,
            new Watchdog.Help() {
                @Override
                public void wake() {
                    helped.incrementAndGet();
                }

                @Override
                public void askAgain() {
                    askedAgain.incrementAndGet();
                }
            },
            () -> TimeUnit.NANOSECONDS.toMillis(clock.get()) + drift.get());

    private final Offer origin = offer(FakeSource.huggingface(ORIGIN));
    private final Offer mirror = offer(FakeSource.mirror(MIRROR));

    @AfterEach
    void close() {
        pool.shutdownNow();
    }

    @Test
    void aHostThatFallsSilentIsLeftOnAllItsConnectionsWhereThereIsAnother() {
        Place one = enter(mirror, origin);
        Place two = enter(mirror, origin);
        deliver(one, 1);
        pass(Limits.SILENT.minusMillis(200));
        assertThat(cut(one)).isNull();

        pass(Duration.ofMillis(400));

        assertThat(cut(one)).isEqualTo(Fault.Kind.SILENCE);
        assertThat(cut(two)).isEqualTo(Fault.Kind.SILENCE);
    }

    @Test
    void whereThereIsNobodyElseASilentHostKeepsItsTime() {
        Place lone = enter(mirror);

        pass(Limits.SILENT_ALONE.multipliedBy(2));

        assertThat(cut(lone)).isNull();
    }

    @Test
    void aLoneHostThatHasDeliveredIsAskedAnewWhenItFallsSilent() {
        Place lone = enter(mirror);
        deliver(lone, 1);
        pass(Limits.SILENT_ALONE.minusMillis(200));
        assertThat(cut(lone)).isNull();

        pass(Limits.WATCH);

        assertThat(cut(lone)).isEqualTo(Fault.Kind.SILENCE);
    }

    @Test
    void aStandstillIsToldAndItsEnd() {
        Place place = enter(mirror);
        deliver(place, 1);
        fail(place);
        for (int i = 0; i < 30; i++) {
            budget.tryEnter(List.of(mirror), true, file(mirror)).ifPresent(this::fail);
            pass(Limits.WATCH);
        }

        assertThat(recorder.all(FetchEvent.Waiting.class)).isNotEmpty().allSatisfy(wait -> {
            assertThat(wait.causes()).containsExactly(java.util.Map.entry("mirror", "connection refused"));
            assertThat(wait.nextTry()).isNotNull();
            assertThat(wait.givesUp()).isAfter(wait.at());
        });
        assertThat(recorder.all(FetchEvent.Resumed.class)).isEmpty();

        pass(Limits.LONGEST_ABSENCE);
        Place trial = enter(mirror);
        deliver(trial, 1);
        pass(Limits.WATCH);

        assertThat(recorder.all(FetchEvent.Resumed.class)).singleElement().satisfies(resumed -> {
            assertThat(resumed.source()).isEqualTo("mirror");
            assertThat(resumed.since())
                    .isEqualTo(recorder.all(FetchEvent.Waiting.class).get(0).since());
        });
    }

    @Test
    void whileOneWaitsThoseWhoWereAwayAreAskedAgain() {
        Place place = enter(mirror);
        deliver(place, 1);

        pass(Limits.WORTH_TELLING.plus(Limits.ASK_AGAIN).plusSeconds(1));

        assertThat(askedAgain.get()).isBetween(1, 2);
    }

    @Test
    void helpIsWokenWhenWhatIsLeftWouldTakeLong() {
        Place place = enter(mirror);
        for (int i = 0; i < 10; i++) {
            deliver(place, 100_000);
            pass(Limits.WATCH);
        }

        assertThat(budget.isMuchLeft()).isTrue();
        assertThat(helped.get()).isPositive();
    }

    @Test
    void aJobThatIsNearlyDoneNeedsNoHelp() {
        tally.add(99_900_000);
        Place place = enter(mirror);
        for (int i = 0; i < 10; i++) {
            deliver(place, 100_000);
            pass(Limits.WATCH);
        }

        assertThat(budget.isMuchLeft()).isFalse();
        assertThat(helped.get()).isZero();
    }

    @Test
    void connectionsThatDoNotOutliveASleepAreDroppedWithoutBlame() {
        Place place = enter(mirror);
        deliver(place, 1);
        clock.addAndGet(Duration.ofMinutes(1).toNanos());
        watchdog.look();
        assertThat(cut(place)).isNull();

        pass(Limits.AFTER_SLEEP);

        assertThat(cut(place)).isEqualTo(Fault.Kind.DROPPED);
        assertThat(patience.left()).isGreaterThan(Duration.ofMinutes(9));
    }

    @Test
    void aMachineThatWasSuspendedIsKnownByItsWallClock() {
        Place place = enter(mirror);
        deliver(place, 1);
        drift.addAndGet(Duration.ofHours(8).toMillis());

        pass(Limits.AFTER_SLEEP.plus(Limits.WATCH));

        assertThat(cut(place)).isEqualTo(Fault.Kind.DROPPED);
    }

    @Test
    void aWallClockThatJumpsHarmsNobodyWhoDelivers() {
        Place place = enter(mirror);
        for (long hours : new long[] {8, -16}) {
            drift.addAndGet(Duration.ofHours(hours).toMillis());
            for (int i = 0; i < 20; i++) {
                deliver(place, 1);
                pass(Limits.WATCH);
            }
        }

        assertThat(cut(place)).isNull();
        assertThat(recorder.all(FetchEvent.Waiting.class)).isEmpty();
    }

    @Test
    void whenPatienceIsOverWhoeverStillWaitsIsCut() {
        Place lone = enter(mirror);
        for (int minutes = 0; minutes < 10; minutes++) {
            assertThat(cut(lone)).isNull();
            pass(Duration.ofMinutes(1));
        }
        pass(Limits.WATCH);

        assertThat(cut(lone)).isEqualTo(Fault.Kind.SILENCE);
    }

    @Test
    void timeThatNobodyWaitsForTheNetworkCostsNoPatience() {
        Place place = enter(mirror);
        budget.leave(place);

        pass(Duration.ofMinutes(30));

        assertThat(patience.left()).isGreaterThan(Duration.ofMinutes(9));
        assertThat(recorder.all(FetchEvent.Waiting.class)).isEmpty();
    }

    @Test
    void timeIsToldOnceASecondToThoseThatJoined() {
        AtomicInteger beats = new AtomicInteger();
        Watchdog.Beat beat = beats::incrementAndGet;
        watchdog.join(beat);
        pass(Duration.ofSeconds(5));
        assertThat(beats).hasValue(5);

        watchdog.leave(beat);
        pass(Duration.ofSeconds(5));
        assertThat(beats).hasValue(5);
    }

    /** Time goes by, looked at as always. */
    private void pass(Duration time) {
        for (long passed = 0; passed < time.toNanos(); passed += Limits.WATCH.toNanos()) {
            clock.addAndGet(Limits.WATCH.toNanos());
            watchdog.look();
        }
    }

    private Place enter(Offer... open) {
        return budget.tryEnter(List.of(open), true, file(open)).orElseThrow();
    }

    private Failover file(Offer... open) {
        return new Failover(FILE, budget, any -> List.of(open), () -> {}, patience, clock::get);
    }

    private void deliver(Place place, int bytes) {
        patience.heard();
        tally.add(bytes);
        budget.delivered(place, bytes);
    }

    private void fail(Place place) {
        budget.failed(place, Fault.of(new Verdict.Down("connection refused", false), MIRROR));
        budget.leave(place);
    }

    /** Why it was cut; null if it was not. */
    private static Fault.Kind cut(Place place) {
        Fault none = Fault.of(Fault.Kind.BROKEN, new Verdict.Down("", false));
        Fault fault = place.faultOf(none);
        return fault == none ? null : fault.kind();
    }

    private static Offer offer(FakeSource source) {
        return new Offer(source.source(), source.manifest(FILE), FILE);
    }
}
