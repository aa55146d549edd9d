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

    private CompletableFuture<Integer> ask(long begun) {
        return answers.to("q", begun, Runnable::run, asked::incrementAndGet);
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
        CompletableFuture<Integer> one = answers.to("q", 0, later::add, asked::incrementAndGet);
        CompletableFuture<Integer> other = answers.to("q", System.nanoTime(), later::add, asked::incrementAndGet);
        assertThat(later).hasSize(1);

        later.remove().run();

        assertThat(one).isCompletedWithValue(1);
        assertThat(other).isCompletedWithValue(1);
    }

    @Test
    void anAnswerThatDoesNotLastAndAFailureAreToldOnlyToWhoWaitsForThem() {
        long begun = System.nanoTime();
        assertThat(answers.to("q", begun, Runnable::run, () -> -1)).isCompletedWithValue(-1);
        assertThat(answers.to("q", begun, Runnable::run, () -> {
                    throw new IllegalStateException("away");
                }))
                .isCompletedExceptionally();
        assertThat(ask(begun)).isCompletedWithValue(1);
    }

    @Test
    void whoeverAsksAnewIsNeverToldAnOldAnswer() {
        long begun = System.nanoTime();
        assertThat(ask(begun)).isCompletedWithValue(1);
        assertThat(answers.anew("q", Runnable::run, asked::incrementAndGet)).isCompletedWithValue(2);
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
