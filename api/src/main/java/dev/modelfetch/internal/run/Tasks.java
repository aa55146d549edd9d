package dev.modelfetch.internal.run;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What came of work that another thread did. */
public final class Tasks {

    private Tasks() {}

    /** Waits for it, and throws what it threw as it was; a task that was interrupted interrupts whoever waits for it. */
    public static <T> T join(Future<T> task) throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (CancellationException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    /** The failure as it was thrown, unless somebody was only interrupted: that is not the fault of any disk. */
    public static IOException unlessInterrupted(IOException e) throws InterruptedException {
        boolean stopped = e instanceof ClosedByInterruptException
                || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException));
        if (stopped) {
            throw interrupted(e);
        }
        return e;
    }

    /** Throws it, as what it is. */
    public static RuntimeException failure(Throwable failure) throws IOException, InterruptedException {
        if (failure instanceof IOException io) {
            throw unlessInterrupted(io);
        }
        if (failure instanceof InterruptedException stopped) {
            throw stopped;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
    }

    private static InterruptedException interrupted(Exception cause) {
        InterruptedException stopped = new InterruptedException(cause.getMessage());
        stopped.initCause(cause);
        return stopped;
    }
}
