package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchException;
import dev.modelfetch.internal.file.StorageErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** The one place where whatever ended a job becomes an exception of ours. */
final class Ending {

    private Ending() {}

    /**
     * The failure as the caller is to see it.
     *
     * @param cancelled whether the job was told to stop; what breaks after that is only the stopping
     * @param folder that the job really stores in
     */
    static FetchException of(Throwable thrown, boolean cancelled, Path folder) {
        Throwable failure = unwrapped(thrown);
        if (failure instanceof FetchException known && !(cancelled && known.retryable())) {
            return known;
        }
        if (cancelled || isInterruption(failure)) {
            FetchException.Cancelled stopped = new FetchException.Cancelled();
            stopped.addSuppressed(failure);
            return stopped;
        }
        if (failure instanceof IOException io) {
            return StorageErrors.of(io, folder);
        }
        return new FetchException.Internal(failure);
    }

    /** What another thread, or a stream of files, has wrapped. */
    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown.getCause();
        boolean wraps = thrown instanceof ExecutionException
                || thrown instanceof CompletionException
                || thrown instanceof UncheckedIOException;
        return wraps && cause != null ? unwrapped(cause) : thrown;
    }

    /** A file channel that an interrupt has closed says nothing about the disk. */
    private static boolean isInterruption(Throwable failure) {
        return failure instanceof InterruptedException || failure instanceof ClosedByInterruptException;
    }
}
