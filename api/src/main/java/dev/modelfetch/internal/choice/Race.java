package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Asks the allowed sources the real question and stops waiting as soon as the answer is good enough. Strategy (mirrors.md
 * 5.9, steps 0 to 2):
 *
 * <ol>
 *   <li>Where a token is in play, one after the other, and on only after "not here": an outage must not show the name of
 *       a private repository to the next hub.
 *   <li>Otherwise the next source starts 150 ms after the previous one, or at once when one has failed.
 *   <li>In {@code auto}, the first usable answer opens a short grace for the others; then the cheapest wins, and among
 *       equals the most trusted.
 *   <li>In a list given by the user, the first in the list that is usable wins.
 *   <li>Nobody usable, but somebody may be soon: ask those again, at most twice.
 * </ol>
 *
 * Losers are not waited for. They run out on their own short deadline, and what they say still serves failover.
 */
final class Race {

    /** How a race is decided. */
    enum Order {
        /** All at once, by cost. */
        BY_COST,
        /** All at once, by the user's list. */
        AS_LISTED,
        /** One by one, stopping at everything but "not here". */
        STRICT
    }

    private final Order order;
    private final Executor executor;
    private final Events events;
    private final BlockingQueue<Candidate> finished = new LinkedBlockingQueue<>();
    private final Set<Candidate> heard = new HashSet<>();

    Race(Order order, Executor executor, Events events) {
        this.order = order;
        this.executor = executor;
        this.events = events;
    }

    /**
     * @param entrants in start order; those asked are started
     * @return the same, with what is known now
     */
    Candidates run(List<Candidate> entrants) throws InterruptedException {
        Deque<Candidate> waiting = new ArrayDeque<>(entrants);
        long begin = System.nanoTime();
        long deadline = begin + Limits.RACE.toNanos();
        long nextStart = begin;
        long graceEnd = Long.MAX_VALUE;
        long lastStart = Long.MAX_VALUE;
        int running = 0;
        while (!isDecided(entrants) && (running > 0 || !waiting.isEmpty())) {
            long now = System.nanoTime();
            if (now >= Math.min(deadline, graceEnd) || (running == 0 && nextStart > lastStart)) {
                // In the second case there is nobody under way whom the grace could serve.
                break;
            }
            boolean mayStart = !waiting.isEmpty() && (order != Order.STRICT || running == 0);
            if (mayStart && now >= nextStart) {
                start(waiting.remove());
                running++;
                nextStart = now + Limits.STAGGER.toNanos();
                continue;
            }
            long until = Math.min(Math.min(deadline, graceEnd), mayStart ? nextStart : Long.MAX_VALUE);
            Candidate done = finished.poll(until - now, TimeUnit.NANOSECONDS);
            if (done == null) {
                continue;
            }
            running--;
            heard.add(done);
            if (done.isUsable()) {
                if (graceEnd == Long.MAX_VALUE) {
                    // Most likely the winner, and if not, a voice: what it lists is wanted while the others are waited
                    // for.
                    var unused = done.list(executor);
                }
                if (order == Order.BY_COST) {
                    graceEnd = Math.min(graceEnd, System.nanoTime() + grace(done));
                    // Whoever starts later would have to be more than twice as quick to be heard.
                    lastStart = graceEnd - half(done).toNanos();
                }
            } else if (order == Order.STRICT && !mayGoOn(done)) {
                break;
            } else {
                nextStart = System.nanoTime();
            }
        }
        return new Candidates(entrants, order);
    }

    /** Answers are told whenever they come, also those the race no longer waits for. */
    private void start(Candidate entrant) {
        var unused = entrant.start(executor).thenRun(() -> {
            events.emit(at -> new FetchEvent.Probed(at, entrant.probe()));
            finished.add(entrant);
        });
    }

    /** Whether no further answer can change who wins. */
    private boolean isDecided(List<Candidate> entrants) {
        if (order == Order.BY_COST) {
            return false;
        }
        for (Candidate entrant : entrants) {
            // Not before its answer has been told: nothing may look decided by a source nobody has heard of.
            if (!heard.contains(entrant)) {
                return false;
            }
            if (entrant.isUsable()) {
                return true;
            }
        }
        return true;
    }

    private static boolean mayGoOn(Candidate entrant) {
        Verdict.Kind kind = entrant.probe().verdict().kind();
        return kind == Verdict.Kind.NOT_HERE || kind == Verdict.Kind.ALIAS;
    }

    private static Duration half(Candidate answered) {
        return Duration.ofMillis(answered.answer().orElseThrow().millis() / 2);
    }

    private static long grace(Candidate first) {
        Duration half = half(first);
        Duration bounded = half.compareTo(Limits.SHORTEST_GRACE) < 0
                ? Limits.SHORTEST_GRACE
                : half.compareTo(Limits.LONGEST_GRACE) > 0 ? Limits.LONGEST_GRACE : half;
        return bounded.toNanos();
    }
}
