package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Candidates.Order;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks the candidates the real question and stops waiting as soon as the answer is good enough. Strategy (mirrors.md
 * 5.9, steps 0 to 2):
 *
 * <ol>
 *   <li>Where a token is in play, one after the other, and on only after "not here": an outage must not show the name of
 *       a private repository to the next hub.
 *   <li>Otherwise the next source starts 150 ms after the previous one, or at once when one has failed. So does the next
 *       {@linkplain dev.modelfetch.internal.net.Line line} of the same source, unless the hub has spoken by the first.
 *   <li>In {@code auto}, the first usable answer opens a short grace for the others. Where earlier jobs have shown who is
 *       best, that one is asked first and, if it answers as it does, alone.
 *   <li>In a list given by the user, the first in the list that will do decides.
 * </ol>
 *
 * Losers are not waited for. They run out on their own short deadline, and what they say still serves. The race goes on
 * where it stopped when it is {@linkplain #run run} again, because whoever won it could not serve after all.
 */
final class Race {

    private final Candidates candidates;
    private final Executor executor;
    private final Events events;
    private final Duration longest;
    private final Patience patience;
    private final BlockingQueue<Candidate> news = new LinkedBlockingQueue<>();
    private final Set<Candidate> asked = new HashSet<>();
    private final Set<Candidate> heard = new HashSet<>();
    private final Set<Candidate> watched = new HashSet<>();
    private @Nullable Candidate favoured;

    /**
     * @param longest that one source may take for its answer
     * @param patience of the job, which may be over sooner
     */
    Race(Candidates candidates, Executor executor, Events events, Duration longest, Patience patience) {
        this.candidates = candidates;
        this.executor = executor;
        this.events = events;
        this.longest = longest;
        this.patience = patience;
    }

    /**
     * Returns when somebody has answered who will do, or nobody is left to ask or to wait for.
     *
     * @param willDo of those that are usable
     */
    void run(Predicate<Candidate> willDo) throws InterruptedException {
        candidates.all().stream()
                .filter(candidate -> candidate.isPending() && !asked.contains(candidate))
                .forEach(this::ask);
        Optional<Candidate> favourite = favourite();
        long nextStart = System.nanoTime();
        long graceEnd = Long.MAX_VALUE;
        long lastStart = Long.MAX_VALUE;
        if (candidates.order() == Order.BY_COST && anybody(willDo)) {
            return;
        }
        while (!isDecided(willDo)) {
            candidates.alternatesDue().forEach(this::ask);
            long now = System.nanoTime();
            Optional<Candidate> next =
                    mayAskAnother() ? candidates.nextToAsk(any -> isHopeful(any, willDo)) : Optional.empty();
            long patienceEnd = patienceEnd();
            boolean anybodyUnderWay = patienceEnd > now;
            if (now >= graceEnd || (!anybodyUnderWay && (next.isEmpty() || nextStart > lastStart))) {
                // In the last case there is nobody under way whom the grace could serve.
                return;
            }
            if (next.isPresent() && now >= nextStart) {
                ask(next.get());
                nextStart = now + headStart(next.get(), favourite).toNanos();
                continue;
            }
            long until = Math.min(graceEnd, next.isPresent() ? nextStart : patienceEnd);
            until = Math.min(
                    until,
                    candidates
                            .untilAlternate()
                            .map(left -> now + left.toNanos())
                            .orElse(Long.MAX_VALUE));
            if (next.isEmpty() && mayAskAnother() && candidates.isAnybodySpared()) {
                // Looked at again: whoever keeps them from being asked may have had their time by then.
                until = Math.min(until, now + Limits.STAGGER.toNanos());
            }
            Candidate told = news.poll(until - now, TimeUnit.NANOSECONDS);
            if (told == null || told.answer().isEmpty()) {
                continue;
            }
            boolean answered = heard.add(told);
            if (told.isUsable() && willDo.test(told)) {
                if (!answered && candidates.order() == Order.BY_COST && graceEnd == Long.MAX_VALUE) {
                    // A manifest that nobody counted on any more has come.
                    return;
                }
                // Most likely the winner, and if not, a voice: what it lists is wanted while the others are waited for.
                list(told);
                if (favourite.filter(told::equals).isPresent()) {
                    favoured = told;
                    return;
                }
                if (candidates.order() == Order.BY_COST) {
                    graceEnd = Math.min(graceEnd, System.nanoTime() + grace(told));
                    // Whoever starts later would have to be more than twice as quick to be heard.
                    lastStart = graceEnd - half(told).toNanos();
                }
            } else if (answered) {
                nextStart = System.nanoTime();
            }
        }
    }

    /** Who answered lately, and is best asked first, if nobody has been asked yet. */
    private Optional<Candidate> favourite() {
        return candidates.order() == Order.BY_COST && asked.isEmpty()
                ? candidates.all().stream()
                        .findFirst()
                        .filter(first -> first.usualMillis().isPresent())
                : Optional.empty();
    }

    /** Until the next is asked: a favourite is given the time in which it should have answered. */
    private static Duration headStart(Candidate asked, Optional<Candidate> favourite) {
        if (favourite.filter(asked::equals).isEmpty()) {
            return Limits.STAGGER;
        }
        return Candidates.patienceWith(asked);
    }

    /** Whether it may still win: it has, or has not been heard of, and is not one of those asked last. */
    private boolean isHopeful(Candidate candidate, Predicate<Candidate> willDo) {
        return isHeard(candidate)
                ? candidate.isUsable() && willDo.test(candidate)
                : candidate.avoided().isEmpty()
                        && candidate.waitedFor().compareTo(hope(candidate)) < 0
                        && !isTimeUp(candidate);
    }

    /** Who is silent for so long keeps nobody else from being asked. */
    private static Duration hope(Candidate candidate) {
        return candidate.usualMillis().isPresent()
                ? Candidates.patienceWith(candidate).plus(Limits.STAGGER)
                : Limits.HOPE;
    }

    /** Lists it, and wakes the race when that has ended. */
    void list(Candidate candidate) {
        if (watched.add(candidate)) {
            var unused = candidate.list(executor).whenComplete((manifest, failure) -> news.add(candidate));
        }
    }

    /** Whether it was asked first because of what is remembered, and answered as it was expected to. */
    boolean wasFavoured(Candidate candidate) {
        return candidate == favoured;
    }

    /** Has it look again at who may be asked. */
    void wake() {
        news.addAll(candidates.all());
    }

    /** Whether somebody has been asked whose answer is still waited for. */
    boolean isUnderWay() {
        return patienceEnd() > System.nanoTime();
    }

    /** Answers are told whenever they come, also those the race no longer waits for. */
    private void ask(Candidate candidate) {
        asked.add(candidate);
        var unused = candidate.ask(executor).thenRun(() -> {
            events.emit(at -> new FetchEvent.Probed(at, candidate.probe()));
            news.add(candidate);
        });
    }

    private boolean mayAskAnother() {
        return candidates.order() != Order.STRICT
                || candidates.bySource().stream()
                        .filter(lines -> lines.stream().anyMatch(Candidate::isStarted))
                        .allMatch(lines -> lines.stream().anyMatch(line -> isHeard(line) && isNotHere(line)));
    }

    /** When the last of those under way will have had its time; in the past when there is none. */
    private long patienceEnd() {
        long now = System.nanoTime();
        return candidates.all().stream()
                .filter(candidate -> candidate.isStarted() && !isHeard(candidate) && !isTimeUp(candidate))
                .mapToLong(candidate -> now + timeLeft(candidate).toNanos())
                .max()
                .orElse(Long.MIN_VALUE);
    }

    private Duration timeLeft(Candidate asked) {
        Duration own = longest.minus(asked.waitedFor());
        Duration ofJob = patience.isPatient() ? patience.left() : own;
        return ofJob.compareTo(own) < 0 ? ofJob : own;
    }

    private boolean isTimeUp(Candidate asked) {
        Duration left = timeLeft(asked);
        return left.isZero() || left.isNegative();
    }

    private boolean anybody(Predicate<Candidate> willDo) {
        return candidates.all().stream()
                .anyMatch(candidate -> isHeard(candidate) && candidate.isUsable() && willDo.test(candidate));
    }

    /** Whether no further answer can change who is first. */
    private boolean isDecided(Predicate<Candidate> willDo) {
        if (candidates.order() == Order.BY_COST) {
            return false;
        }
        for (List<Candidate> lines : candidates.bySource()) {
            if (lines.stream().anyMatch(line -> isHeard(line) && line.isUsable() && willDo.test(line))) {
                return true;
            }
            if (lines.stream().anyMatch(this::mayStillAnswer)) {
                return false;
            }
        }
        return true;
    }

    private boolean mayStillAnswer(Candidate candidate) {
        return !isHeard(candidate) && (candidate.isStarted() ? !isTimeUp(candidate) : candidates.isInTurn(candidate));
    }

    /** Not before its answer has been told: nothing may look decided by a source nobody has heard of. */
    private boolean isHeard(Candidate candidate) {
        return heard.contains(candidate)
                || (!asked.contains(candidate) && candidate.answer().isPresent());
    }

    /** A revision that does not exist belongs to a repository that does, and may be private. */
    private static boolean isNotHere(Candidate candidate) {
        Verdict verdict = candidate.probe().verdict();
        return verdict.kind() == Verdict.Kind.ALIAS
                || (verdict instanceof Verdict.NotHere absent && absent.what() == Verdict.What.REPOSITORY);
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
