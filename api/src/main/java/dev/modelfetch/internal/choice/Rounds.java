package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Backoff;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a choice when nobody is left who will do: whether anybody is worth waiting for, for how long, and what
 * is told meanwhile. Used by one thread.
 */
final class Rounds {

    private final Candidates candidates;
    private final Failures failures;
    private final Events events;
    private final Patience patience;
    /** Those that were dismissed for something that passes. */
    private final Set<Candidate> mayRecover = new LinkedHashSet<>();

    private int round = 1;
    private @Nullable Instant waitingSince;

    Rounds(Candidates candidates, Failures failures, Events events, Patience patience) {
        this.candidates = candidates;
        this.failures = failures;
        this.events = events;
        this.patience = patience;
    }

    /** That one was dismissed for something that may be over soon. */
    void mayRecover(Candidate candidate) {
        mayRecover.add(candidate);
    }

    /** Waits, and has those asked anew who may do better then; false if there is nothing to wait for. */
    boolean askAgain() throws InterruptedException {
        return isWorthWaiting() ? askAgainLater() : askAgainSoon();
    }

    /** Before anybody has answered: a few more times, and only those whose failure came quickly. */
    private boolean askAgainSoon() throws InterruptedException {
        List<Candidate> again =
                candidates.all().stream().filter(Rounds::mayBeUsableSoon).toList();
        if (again.isEmpty() || round >= Limits.ROUNDS || !failures.isEmpty()) {
            return false;
        }
        Optional<Duration> pause = Backoff.next(round - 1, askedFor(again), ThreadLocalRandom.current());
        if (pause.isEmpty()) {
            return false;
        }
        round++;
        Thread.sleep(pause.get().toMillis());
        again.forEach(candidate -> candidates.replace(candidate, candidate.again()));
        return true;
    }

    /** Nothing that is final has been said, some of it may pass, and there is time left. */
    private boolean isWorthWaiting() {
        return patience.isPatient()
                && !patience.left().isZero()
                && failures.arePassing()
                && !again().isEmpty()
                && FetchException.ofNoSource("", candidates.refusals()) instanceof FetchException.Unreachable;
    }

    private List<Candidate> again() {
        return candidates.all().stream()
                .filter(candidate -> candidate.isOut()
                        ? mayRecover.contains(candidate)
                        : candidate.trouble().filter(Verdict::retryable).isPresent())
                .toList();
    }

    private boolean askAgainLater() throws InterruptedException {
        List<Candidate> again = again();
        Duration usual = Backoff.rest(round, ThreadLocalRandom.current());
        Duration pause =
                askedFor(again).filter(asked -> asked.compareTo(usual) > 0).orElse(usual);
        round++;
        tellWaiting(again, pause);
        long until = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0 && !patience.left().isZero(); left = until - System.nanoTime()) {
            Thread.sleep(Math.min(Limits.HEARTBEAT.toMillis(), TimeUnit.NANOSECONDS.toMillis(left) + 1));
        }
        for (Candidate candidate : again) {
            mayRecover.remove(candidate);
            candidates.replace(candidate, candidate.again());
        }
        return true;
    }

    /** The shortest pause, if all of them have asked for one. */
    private static Optional<Duration> askedFor(List<Candidate> again) {
        List<Verdict> verdicts = again.stream()
                .map(candidate -> candidate.trouble().orElse(candidate.probe().verdict()))
                .toList();
        boolean allLimited = verdicts.stream().allMatch(verdict -> verdict instanceof Verdict.Limited);
        return allLimited
                ? verdicts.stream()
                        .map(verdict -> ((Verdict.Limited) verdict).pause())
                        .min(Duration::compareTo)
                : Optional.empty();
    }

    private void tellWaiting(List<Candidate> again, Duration pause) {
        boolean brief =
                pause.compareTo(Limits.WORTH_TELLING) < 0 && patience.idle().compareTo(Limits.WORTH_TELLING) < 0;
        if (waitingSince == null && round <= Limits.ROUNDS && brief) {
            return;
        }
        Map<String, String> causes = new LinkedHashMap<>();
        for (Candidate candidate : again) {
            causes.put(
                    candidate.source().id(),
                    candidate.trouble().orElse(candidate.probe().verdict()).detail());
        }
        Duration idle = patience.idle();
        Duration left = patience.left();
        events.emit(at -> {
            Instant since = waitingSince == null ? at.minus(idle) : waitingSince;
            waitingSince = since;
            return new FetchEvent.Waiting(at, since, at.plus(pause), at.plus(left), causes);
        });
    }

    /** Somebody will do. */
    void answered(Candidate answered) {
        Instant since = waitingSince;
        round = 1;
        if (since != null) {
            waitingSince = null;
            if (failures.isEmpty()) {
                // Once bytes have been asked for, only bytes are worth new patience.
                patience.heard();
            }
            events.emit(
                    at -> new FetchEvent.Resumed(at, since, answered.source().id()));
        }
    }

    private static boolean mayBeUsableSoon(Candidate candidate) {
        return !candidate.isOut()
                && candidate
                        .answer()
                        .filter(answer -> answer.verdict().retryable())
                        .filter(answer -> answer.verdict().kind() == Verdict.Kind.LIMITED
                                || answer.verdict().answered()
                                || answer.millis() < Limits.QUICK_FAILURE_MILLIS)
                        .isPresent();
    }
}
