package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.FetchException;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.spi.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PluginCallTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ExecutorService threads = Threads.OWN.perTask("test");
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void stop() {
        never.countDown();
        threads.shutdownNow();
    }

    @Test
    void whatItReturnsIsTheAnswer() throws Exception {
        assertThat(call(() -> "yes").await(LONG)).isEqualTo("yes");
    }

    @Test
    void whatItSaysIsHonoured() {
        SourceException gated = SourceException.needsAuth(Verdict.Missing.PERMISSION, "gated");

        assertThat(refusal(() -> {
                    throw gated;
                }))
                .isSameAs(gated);
    }

    @Test
    void anExceptionOfOursIsTakenByItsWords() {
        Verdict verdict = refusal(() -> {
                    throw new FetchException.Usage("\"a b\" is not a repository id.", "Mend it.");
                })
                .verdict();

        assertThat(verdict).isEqualTo(new Verdict.Blocked("\"a b\" is not a repository id"));
    }

    @Test
    void aFailureOfTheNetworkIsNoFaultOfTheCode() {
        SourceException reset = refusal(() -> {
            throw new SocketTimeoutException("Read timed out");
        });

        assertThat(reset.verdict()).isEqualTo(new Verdict.Down("no answer in time (bucket.test)", false));
        assertThat(reset).hasCauseInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void whatItMayNotThrowIsTakenForBrokenAndSaysWhere() {
        IllegalStateException bug = new IllegalStateException("row 7 is odd");

        SourceException broken = refusal(() -> {
            throw bug;
        });

        assertThat(broken.verdict()).isInstanceOf(Verdict.Broken.class);
        assertThat(broken.verdict().detail())
                .startsWith("list failed: java.lang.IllegalStateException: row 7 is odd, at "
                        + getClass().getName() + ".whatItMayNotThrow")
                .contains("(PluginCallTest.java:");
        assertThat(broken).hasCause(bug);
    }

    @Test
    void thePlaceIsInTheSourcesOwnCodeThoughALibraryThrows() {
        SourceException broken = refusal(() -> Integer.valueOf("seven").toString());

        assertThat(broken.verdict().detail()).contains(", at " + getClass().getName());
    }

    @Test
    void nothingIsNoAnswer() {
        assertThat(refusal(() -> null).verdict())
                .isEqualTo(new Verdict.Broken(
                        "list returned null, of " + getClass().getName()));
    }

    @Test
    void aRefusalCannotSayThatItIsUsable() {
        assertThat(refusal(() -> {
                            throw new SourceException(new Verdict.Usable("c0ffee"));
                        })
                        .verdict())
                .isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void wordsThatFailThemselvesAreLeftOut() {
        class Mute extends RuntimeException {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("not even this");
            }
        }

        assertThat(refusal(() -> {
                            throw new Mute();
                        })
                        .verdict()
                        .detail())
                .startsWith("list failed: " + Mute.class.getName() + ", at ");
    }

    @Test
    void noSecretOfAnAddressAndNoSecondLineIsTold() {
        String detail = refusal(() -> {
                    throw new IllegalStateException(
                            "GET https://me:pass@bucket.test/a?X-Amz-Signature=abc#x\n\u001b[2Jfailed "
                                    + "x".repeat(9_000));
                })
                .verdict()
                .detail();

        assertThat(detail)
                .contains("GET https://bucket.test/a [2Jfailed")
                .doesNotContain("pass")
                .doesNotContain("abc")
                .doesNotContain("\n")
                .hasSizeLessThan(600);
    }

    @Test
    void whatDoesNotReturnIsInterruptedAndToldWhereItIs() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch inside = new CountDownLatch(1);
        PluginCall<String> call = call(() -> {
            inside.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return "too late";
        });
        inside.await();

        SourceException late = catchThrowableOfType(SourceException.class, () -> call.await(SHORT));

        assertThat(late.verdict().retryable()).isTrue();
        assertThat(late.verdict().answered()).isFalse();
        assertThat(late.verdict().detail())
                .startsWith("list has not returned within 0 s, at " + getClass().getName());
        assertThat(late).hasCauseInstanceOf(TimeoutException.class);
        await().untilTrue(interrupted);
    }

    @Test
    void evenWhatNoInterruptReachesHoldsUpNobody() {
        PluginCall<String> deaf = call(() -> {
            while (never.getCount() > 0) {
                Thread.onSpinWait();
            }
            return "too late";
        });

        assertThat(catchThrowableOfType(SourceException.class, () -> deaf.await(SHORT)))
                .isNotNull();
    }

    @Test
    void whatComesTooLateIsClosed() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        PluginCall<Closeable> call = call(() -> {
            inside.countDown();
            awaitDeaf(goOn);
            return closed::countDown;
        });

        inside.await();
        call.cut();
        goOn.countDown();

        assertThat(catchThrowableOfType(SourceException.class, () -> call.await(LONG)))
                .hasMessage("list was cut short");
        closed.await();
    }

    @Test
    void whoeverWaitsAndIsInterruptedTakesTheCallWithIt() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        PluginCall<String> call = call(() -> {
            inside.countDown();
            try {
                never.await();
            } finally {
                interrupted.countDown();
            }
            return "never";
        });
        inside.await();
        Thread.currentThread().interrupt();

        assertThat(catchThrowableOfType(InterruptedException.class, () -> call.await(LONG)))
                .isNotNull();
        interrupted.await();
    }

    @Test
    void anInterruptThatItLeavesBehindIsNotForWhoGoesOn() throws Exception {
        PluginCall<String> call = call(() -> {
            Thread.currentThread().interrupt();
            return "yes";
        });
        AtomicBoolean seen = new AtomicBoolean(true);
        CountDownLatch told = new CountDownLatch(1);

        call.onEnd(() -> {
            seen.set(Thread.currentThread().isInterrupted());
            told.countDown();
        });

        told.await();
        assertThat(seen).isFalse();
    }

    /** As code that ignores interrupts. */
    private static void awaitDeaf(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    private SourceException refusal(PluginCall.Code<Object> code) {
        return catchThrowableOfType(SourceException.class, () -> call(code).await(LONG));
    }

    private <T> PluginCall<T> call(PluginCall.Code<T> code) {
        return PluginCall.begin(threads, getClass(), "list", "bucket.test", code);
    }

    @Test
    void whatBrokeInAStreamIsAFailureOfTheNetworkToo() throws IOException {
        assertThat(refusal(() -> {
                            throw new IOException();
                        })
                        .verdict())
                .isEqualTo(new Verdict.Down("IOException (bucket.test)", false));
    }
}
