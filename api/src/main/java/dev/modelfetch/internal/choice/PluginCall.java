package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.spi.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.ServiceConfigurationError;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call into the code that came with a source, on a thread of its own. However that ends, whoever waits for it has an
 * answer or a {@link SourceException}, and in time: what throws what it may not, or returns nothing, is {@link
 * Verdict.Broken}; what does not return is {@link Verdict.Down}, and interrupted. Both say where in the code it was.
 * Thread-safe.
 */
public final class PluginCall<T> {

    /** What is called. */
    @FunctionalInterface
    public interface Code<T> {
        @Nullable
        T call() throws Exception;
    }

    /** Longer words of an exception are cut: some libraries print what they were working on. */
    private static final int MOST_WORDS = 300;

    private final Class<?> owner;
    private final String method;
    private final String asked;
    private final Code<T> code;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private @Nullable Thread thread;

    private PluginCall(Class<?> owner, String method, String asked, Code<T> code) {
        this.owner = owner;
        this.method = method;
        this.asked = asked;
        this.code = code;
    }

    /**
     * Begins it.
     *
     * @param owner whose method it is
     * @param method its name, for messages
     * @param asked whom it asks, for messages
     */
    static <T> PluginCall<T> begin(Executor executor, Class<?> owner, String method, String asked, Code<T> code) {
        PluginCall<T> call = new PluginCall<>(owner, method, asked, code);
        executor.execute(call::run);
        return call;
    }

    private void run() {
        if (!enter()) {
            return;
        }
        T value = null;
        Throwable failure = null;
        try {
            value = code.call();
        } catch (Throwable e) {
            failure = e;
        }
        leave();
        boolean welcome = value != null
                ? outcome.complete(value)
                : outcome.completeExceptionally(failure == null ? nothing() : refusal(failure));
        if (!welcome && value instanceof Closeable late) {
            closeQuietly(late);
        }
    }

    private synchronized boolean enter() {
        thread = Thread.currentThread();
        return !outcome.isDone();
    }

    /** Whoever goes on with the answer, and the next task of the thread, are not the ones who are to be interrupted. */
    private synchronized void leave() {
        thread = null;
        var unused = Thread.interrupted();
    }

    private synchronized void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Ends it for whoever waits; its thread is interrupted, and what it returns yet is closed. */
    public void cut() {
        if (outcome.completeExceptionally(new SourceException(new Verdict.Down(method + " was cut short", false)))) {
            interrupt();
        }
    }

    /**
     * Waits for it.
     *
     * @throws SourceException if nothing comes of it, or nothing within that time
     */
    public T await(Duration most) throws SourceException, InterruptedException {
        try {
            return within(most).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SourceException refusal ? refusal : refusal(e);
        } catch (InterruptedException e) {
            cut();
            throw e;
        }
    }

    /** What comes of it; ends within that time, if need be with a {@link SourceException}. */
    CompletableFuture<T> within(Duration most) {
        return outcome.orTimeout(most.toMillis(), TimeUnit.MILLISECONDS).handle((value, failure) -> {
            if (failure == null) {
                return value;
            }
            throw new CompletionException(failure instanceof TimeoutException ? overdue(most) : failure);
        });
    }

    /** Done when it has ended, on whichever thread that is. */
    public void onEnd(Runnable action) {
        var unused = outcome.whenComplete((value, failure) -> action.run());
    }

    /** What to say where nothing has come of it for so long; its thread is interrupted. */
    public SourceException overdue(Duration most) {
        Thread stuck;
        synchronized (this) {
            stuck = thread;
        }
        TimeoutException late = new TimeoutException(method + " has not returned");
        if (stuck != null) {
            late.setStackTrace(stuck.getStackTrace());
        }
        interrupt();
        String words = method + " has not returned within " + most.toSeconds() + " s" + place(late);
        return new SourceException(new Verdict.Down(words, false), late);
    }

    private SourceException nothing() {
        return new SourceException(new Verdict.Broken(method + " returned null, of " + owner.getName()));
    }

    private SourceException refusal(Throwable thrown) {
        Throwable failure = unwrapped(thrown);
        if (failure instanceof SourceException said) {
            return said.verdict().kind() == Verdict.Kind.USABLE
                    ? new SourceException(new Verdict.Broken(method + " throws that it is usable" + place(said)), said)
                    : said;
        }
        if (failure instanceof FetchException known) {
            return new SourceException(
                    new Verdict.Blocked(String.valueOf(known.getMessage()).replaceAll("[.]$", "")), known);
        }
        if (failure instanceof IOException io) {
            return SourceException.of(io, asked);
        }
        if (failure instanceof InterruptedException) {
            return new SourceException(new Verdict.Down(method + " was interrupted", false), failure);
        }
        return new SourceException(new Verdict.Broken(method + " failed: " + words(failure) + place(failure)), failure);
    }

    /** What a service loader, or the first use of a class, has only passed on. */
    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown.getCause();
        boolean passedOn = thrown instanceof ServiceConfigurationError || thrown instanceof ExceptionInInitializerError;
        return passedOn && cause != null ? unwrapped(cause) : thrown;
    }

    private static String words(Throwable failure) {
        String text;
        try {
            text = Redact.words(failure.toString());
        } catch (RuntimeException | Error e) {
            // Its own words fail as well.
            text = failure.getClass().getName();
        }
        return text.length() > MOST_WORDS ? text.substring(0, MOST_WORDS) + "…" : text;
    }

    /** Where its author has to look: the innermost line of the source's own package, or of whoever it has called. */
    private String place(Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        return Arrays.stream(stack)
                .filter(frame -> frame.getClassName().startsWith(owner.getPackageName() + "."))
                .findFirst()
                .or(() -> Arrays.stream(stack).findFirst())
                .map(frame -> ", at " + frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName()
                        + ":" + frame.getLineNumber() + ")")
                .orElse("");
    }

    private static void closeQuietly(Closeable late) {
        try {
            late.close();
        } catch (IOException | RuntimeException | Error e) {
            // Nobody wants it any more.
        }
    }
}
