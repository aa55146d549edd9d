package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.internal.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a job as a whole, five times a second: what no single connection can know. Whether a host has fallen silent
 * on all of them, whether what is left would take long, whether everybody is away and for how long that is borne, whether
 * the machine has slept. And it tells of time that passes without a byte.
 *
 * <p>One thread; {@link #join} from any.
 */
final class Watchdog {

    /** What has to be told that time goes by. */
    interface Beat {
        void beat();
    }

    /** Whom to ask for help. */
    interface Help {
        /** Those that could deliver and were not asked yet. */
        void wake();

        /** Those that could not be reached, and other versions; without waiting. */
        void askAgain();
    }

    private final Run run;
    private final ConnectionBudget budget;
    private final Tally tally;
    private final Help help;
    private final Patience patience;
    private final LongSupplier wallMillis;
    private final Set<Beat> beats = ConcurrentHashMap.newKeySet();

    private long lookedNanos;
    private long lookedMillis;
    private long beatNanos;
    private long helpNanos;
    private long askedNanos;
    private @Nullable Long sleptNanos;
    private @Nullable Waiting waiting;

    /** What was last said of it. */
    private record Waiting(Instant since, long nextNanos, Map<String, String> causes) {}

    Watchdog(Run run, ConnectionBudget budget, Tally tally, Help help) {
        this(run, budget, tally, help, System::currentTimeMillis);
    }

    Watchdog(Run run, ConnectionBudget budget, Tally tally, Help help, LongSupplier wallMillis) {
        this.run = run;
        this.budget = budget;
        this.tally = tally;
        this.help = help;
        this.patience = run.patience();
        this.wallMillis = wallMillis;
        this.lookedNanos = run.nanos().getAsLong();
        this.lookedMillis = wallMillis.getAsLong();
        this.beatNanos = lookedNanos;
        this.helpNanos = lookedNanos;
        this.askedNanos = lookedNanos;
    }

    void join(Beat beat) {
        beats.add(beat);
    }

    void leave(Beat beat) {
        beats.remove(beat);
    }

    /** Until it is interrupted. */
    void watch() {
        try {
            while (true) {
                Thread.sleep(Limits.WATCH.toMillis());
                look();
            }
        } catch (InterruptedException end) {
            tellNews();
        }
    }

    void look() {
        long now = run.nanos().getAsLong();
        noticeSleep(now);
        budget.tick();
        leaveTheSilent();
        tellNews();
        if (!budget.isWanted()) {
            // Nobody is waiting for the network: files are hashed, or fetched by others.
            patience.heard();
        }
        askForHelp(now);
        tellWaiting(now);
        if (patience.isPatient() && patience.left().isZero()) {
            String words = "nothing came for too long";
            budget.all().stream()
                    .filter(place -> place.isOf(patience))
                    .forEach(place -> place.cut(Fault.of(Fault.Kind.SILENCE, new Verdict.Down(words, false))));
        }
        if (now - beatNanos >= Limits.HEARTBEAT.toNanos()) {
            beatNanos = now;
            beats.forEach(Beat::beat);
        }
    }

    /** A stopped process misses looks; a suspended machine may miss none, but then the wall clock has gone ahead. */
    private void noticeSleep(long now) {
        long millis = wallMillis.getAsLong();
        long passed = now - lookedNanos;
        long ahead = TimeUnit.MILLISECONDS.toNanos(millis - lookedMillis) - passed;
        lookedNanos = now;
        lookedMillis = millis;
        if (Math.max(passed, ahead) > Limits.LONGEST_LOOK.toNanos()) {
            sleptNanos = now;
            budget.awake();
        }
        Long slept = sleptNanos;
        if (slept != null && now - slept >= Limits.AFTER_SLEEP.toNanos()) {
            sleptNanos = null;
            budget.silent(Limits.AFTER_SLEEP)
                    .forEach(place -> place.cut(Fault.of(
                            Fault.Kind.DROPPED, new Verdict.Down("connection lost while this machine slept", false))));
        }
    }

    /** Out for all files at once that have somebody else; with nobody else, asked anew a while later. */
    private void leaveTheSilent() {
        budget.silent(Limits.SILENT).stream()
                .filter(Place::hasAlternative)
                .forEach(place -> leave(place, Limits.SILENT));
        budget.silent(Limits.SILENT_ALONE).stream()
                .filter(Place::isOfOneThatDelivered)
                .forEach(place -> leave(place, Limits.SILENT_ALONE));
    }

    private static void leave(Place place, Duration silent) {
        String words =
                "silent for " + silent.toSeconds() + " s (" + place.host().name() + ")";
        place.cut(Fault.of(Fault.Kind.SILENCE, new Verdict.Down(words, false)));
    }

    /** The question is time, not size. */
    private void askForHelp(long now) {
        boolean stands = patience.idle().compareTo(Limits.HEARTBEAT) >= 0;
        double rate = budget.rate();
        boolean much = stands || (rate > 0 && tally.left() / rate > Limits.LONG_SECONDS);
        budget.muchLeft(much);
        if (much && now - helpNanos >= Limits.HEARTBEAT.toNanos()) {
            helpNanos = now;
            help.wake();
        }
        if (waiting != null && now - askedNanos >= Limits.ASK_AGAIN.toNanos()) {
            askedNanos = now;
            help.askAgain();
        }
    }

    private void tellWaiting(long now) {
        Duration idle = patience.idle();
        Standstill still = budget.standstill();
        Waiting before = waiting;
        boolean worthTelling = patience.isPatient() && isWorthTelling(idle, still);
        if (before == null && !worthTelling) {
            return;
        }
        if (before != null && idle.compareTo(Limits.WATCH.multipliedBy(2)) < 0 && !worthTelling) {
            waiting = null;
            String source = budget.lastDeliverer();
            run.events().emit(at -> new FetchEvent.Resumed(at, before.since(), source));
            return;
        }
        long next = still.next().map(pause -> now + pause.toNanos()).orElse(now);
        if (before == null || isNews(before, next, still)) {
            Duration left = patience.left();
            run.events().emit(at -> {
                Instant since = before == null ? at.minus(idle) : before.since();
                waiting = new Waiting(since, next, still.causes());
                return new FetchEvent.Waiting(
                        at, since, at.plus(still.next().orElse(Duration.ZERO)), at.plus(left), still.causes());
            });
        }
    }

    private boolean isWorthTelling(Duration idle, Standstill still) {
        boolean longPause = still.next()
                .filter(next -> next.compareTo(Limits.WORTH_TELLING) >= 0)
                .isPresent();
        return idle.compareTo(Limits.WORTH_TELLING) >= 0 || (budget.isWanted() && still.isComplete() && longPause);
    }

    private static boolean isNews(Waiting before, long next, Standstill still) {
        boolean later = still.next().isPresent() && Math.abs(next - before.nextNanos()) > Limits.HEARTBEAT.toNanos();
        return later || !before.causes().equals(still.causes());
    }

    private void tellNews() {
        budget.news().forEach(run.events()::emit);
    }
}
