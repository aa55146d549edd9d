package dev.modelfetch.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TasksTest {

    @Test
    void whatCameOfATaskIsHandedOver() throws Exception {
        assertThat(Tasks.join(done(() -> "bytes"))).isEqualTo("bytes");
    }

    static Throwable[] failures() {
        return new Throwable[] {
            new IOException("no space left"),
            new SocketTimeoutException("timeout"),
            new IllegalStateException("a bug"),
            new NoSuchMethodError("of a plugin")
        };
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsThrownAsItWas(Throwable failure) {
        assertThatThrownBy(() -> Tasks.join(failed(failure))).isSameAs(failure);
    }

    static Throwable[] interruptions() {
        return new Throwable[] {
            new InterruptedException(), new ClosedByInterruptException(), new InterruptedIOException("while hashing")
        };
    }

    @ParameterizedTest
    @MethodSource("interruptions")
    void anInterruptedTaskIsAnInterruption(Throwable interruption) {
        assertThatThrownBy(() -> Tasks.join(failed(interruption))).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aCancelledTaskIsAnInterruption() {
        FutureTask<String> task = new FutureTask<>(() -> "never");
        task.cancel(true);

        assertThatThrownBy(() -> Tasks.join(task)).isInstanceOf(InterruptedException.class);
    }

    private static FutureTask<String> done(Callable<String> work) {
        FutureTask<String> task = new FutureTask<>(work);
        task.run();
        return task;
    }

    private static FutureTask<String> failed(Throwable failure) {
        return done(() -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        });
    }
}
