package dev.modelfetch.internal.choice;

import dev.modelfetch.internal.run.Limits;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What one source has said, for all jobs at once: many that want the same ask once. A job never gets an answer that had
 * been given before it was begun, since it may have been begun to hear of something newer; so nothing here is a cache
 * with an age. Thread-safe.
 *
 * @param <Q> what is asked
 * @param <A> what comes of it
 */
final class Answers<Q, A> {

    private static final class Asked<A> {

        private final CompletableFuture<A> answer = new CompletableFuture<>();
        private final long askedNanos = System.nanoTime();
        private volatile long answeredNanos;

        void ask(Supplier<CompletableFuture<A>> asking) {
            var unused = asking.get().whenComplete((said, failure) -> {
                answeredNanos = System.nanoTime();
                if (failure == null) {
                    answer.complete(said);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        }

        /** Whether it is at least as new as a job that was begun then, and worth being told again. */
        boolean serves(long begunNanos, Predicate<A> lasting) {
            if (!answer.isDone()) {
                return System.nanoTime() - askedNanos < Limits.SHARED_QUESTION.toNanos();
            }
            return !answer.isCompletedExceptionally() && answeredNanos - begunNanos >= 0 && lasting.test(answer.join());
        }
    }

    private final Map<Q, Asked<A>> byQuestion = new ConcurrentHashMap<>();
    private final Predicate<A> lasting;

    /** @param lasting whether an answer may be told again once it is there; others serve only who waits for them already */
    Answers(Predicate<A> lasting) {
        this.lasting = lasting;
    }

    /**
     * Asks, unless somebody is asking or has asked.
     *
     * @param asking begins to ask, and does not wait
     * @param begunNanos when whoever wants to know began, on the clock of {@link System#nanoTime}
     */
    CompletableFuture<A> to(Q question, long begunNanos, Supplier<CompletableFuture<A>> asking) {
        Asked<A> mine = new Asked<>();
        Asked<A> asked = byQuestion.compute(
                question, (any, known) -> known != null && known.serves(begunNanos, lasting) ? known : mine);
        if (asked == mine) {
            mine.ask(asking);
        }
        return asked.answer;
    }

    /** Asks in any case: whoever asks again wants to hear something else. */
    CompletableFuture<A> anew(Q question, Supplier<CompletableFuture<A>> asking) {
        Asked<A> mine = new Asked<>();
        byQuestion.put(question, mine);
        mine.ask(asking);
        return mine.answer;
    }

    /** Lets go of what no job can want any more. */
    void forget(long oldestBegunNanos) {
        byQuestion.values().removeIf(asked -> !asked.serves(oldestBegunNanos, lasting));
    }
}
