package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnswersTest {

    private final Answers<String, Integer> answers = new Answers<>(answer -> answer >= 0);
    private final AtomicInteger asked = new AtomicInteger();
    private final Deque<Runnable> later = new ArrayDeque<>();

    private CompletableFuture<Integer> now() {
        return CompletableFuture.completedFuture(asked.incrementAndGet());
    }

    private CompletableFuture<Integer> later() {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        later.add(() -> answer.complete(asked.incrementAndGet()));
        return answer;
    }

    private CompletableFuture<Integer> ask(long begun) {
        return answers.to("q", begun, this::now);
    }

    @Test
    void whoWasBegunBeforeAnAnswerIsToldIt() {
        long begun = System.nanoTime();
        assertThat(ask(begun)).isCompletedWithValue(1);
        assertThat(ask(begun)).isCompletedWithValue(1);
    }

    @Test
    void whoWasBegunAfterItIsNot() {
        assertThat(ask(System.nanoTime())).isCompletedWithValue(1);
        assertThat(ask(System.nanoTime() + 1)).isCompletedWithValue(2);
    }

    @Test
    void whileOneIsAskingOthersWaitForTheSame() {
        CompletableFuture<Integer> one = answers.to("q", 0, this::later);
        CompletableFuture<Integer> other = answers.to("q", System.nanoTime(), this::later);
        assertThat(later).hasSize(1);

        later.remove().run();

        assertThat(one).isCompletedWithValue(1);
        assertThat(other).isCompletedWithValue(1);
    }

    @Test
    void anAnswerThatDoesNotLastAndAFailureAreToldOnlyToWhoWaitsForThem() {
        long begun = System.nanoTime();
        assertThat(answers.to("q", begun, () -> CompletableFuture.completedFuture(-1)))
                .isCompletedWithValue(-1);
        assertThat(answers.to("q", begun, () -> CompletableFuture.failedFuture(new IllegalStateException("away"))))
                .isCompletedExceptionally();
        assertThat(ask(begun)).isCompletedWithValue(1);
    }

    @Test
    void whoeverAsksAnewIsNeverToldAnOldAnswer() {
        long begun = System.nanoTime();
        assertThat(ask(begun)).isCompletedWithValue(1);
        assertThat(answers.anew("q", this::now)).isCompletedWithValue(2);
        assertThat(ask(begun)).isCompletedWithValue(2);
    }

    @Test
    void whatNobodyCanWantAnyMoreIsLetGo() {
        long begun = System.nanoTime();
        assertThat(ask(begun)).isCompletedWithValue(1);

        answers.forget(begun);
        assertThat(ask(begun)).isCompletedWithValue(1);
        answers.forget(System.nanoTime() + 1);
        assertThat(ask(begun)).isCompletedWithValue(2);
    }
}
