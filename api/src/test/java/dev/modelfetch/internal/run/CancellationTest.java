package dev.modelfetch.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.FetchException;
import dev.modelfetch.internal.testing.Patiences;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CancellationTest {

    private final Cancellation cancellation = new Cancellation();
    private final AtomicInteger ran = new AtomicInteger();

    @Test
    void whatIsToBeDoneIsDoneOnceWhetherItCameBeforeOrAfter() {
        cancellation.onCancel(ran::incrementAndGet);
        cancellation.check();

        cancellation.cancel();
        cancellation.cancel();
        assertThat(ran).hasValue(1);
        cancellation.onCancel(ran::incrementAndGet);

        assertThat(ran).hasValue(2);
        assertThat(cancellation.isCancelled()).isTrue();
        assertThatThrownBy(cancellation::check).isInstanceOf(FetchException.Cancelled.class);
    }

    @Test
    void whatIsForgottenIsNotDone() {
        Runnable hook = ran::incrementAndGet;
        cancellation.onCancel(hook);

        cancellation.forget(hook);
        cancellation.cancel();

        assertThat(ran).hasValue(0);
    }

    @Test
    void whoeverForgetsWhatIsBeingDoneWaitsUntilItIs() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Runnable hook = () -> {
            begun.countDown();
            awaitQuietly(mayEnd);
            ended.set(true);
        };
        cancellation.onCancel(hook);
        Thread cancelling = new Thread(cancellation::cancel);
        cancelling.start();
        begun.await();
        AtomicBoolean endedBefore = new AtomicBoolean();
        Thread leaving = new Thread(() -> {
            cancellation.forget(hook);
            endedBefore.set(ended.get());
        });
        leaving.start();

        await().until(() -> leaving.getState() == Thread.State.BLOCKED || !leaving.isAlive());
        mayEnd.countDown();
        leaving.join();
        cancelling.join();

        assertThat(endedBefore).isTrue();
    }

    @Test
    void aHookMayForgetItself() {
        Runnable[] self = new Runnable[1];
        self[0] = () -> {
            ran.incrementAndGet();
            cancellation.forget(self[0]);
        };
        cancellation.onCancel(self[0]);

        cancellation.cancel();

        assertThat(ran).hasValue(1);
    }

    @Test
    void anAttemptThatIsOverIsOutOfReachOfItsJob() {
        Recording job = new Recording();
        Run attempt = Run.within(job.cancellation, job.events(), Patiences.none());

        attempt.close();
        job.cancellation.cancel();

        assertThat(attempt.cancellation().isCancelled()).isFalse();
        assertThat(attempt.pool().isShutdown()).isTrue();
    }

    @Test
    void anAttemptUnderWayEndsWithItsJob() {
        Recording job = new Recording();
        try (Run attempt = Run.within(job.cancellation, job.events(), Patiences.none())) {
            job.cancellation.cancel();

            assertThat(attempt.cancellation().isCancelled()).isTrue();
            assertThat(attempt.pool().isShutdown()).isTrue();
        }
    }

    private static final class Recording {
        final Cancellation cancellation = new Cancellation();

        Events events() {
            return new Events(event -> {}, java.time.InstantSource.system());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
