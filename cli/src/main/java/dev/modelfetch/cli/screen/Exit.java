package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * How a command that did not succeed ends.
 *
 * @param code of the process
 * @param kind the word for it in JSON
 * @param message what happened, and where
 * @param hints what to do; may be empty
 * @param probes what the sources had said
 */
public record Exit(int code, String kind, String message, List<Hint> hints, List<Probe> probes) {

    public static final int OK = 0;
    public static final int UNEXPECTED = 1;

    public static final String HELP_HINT = "Run fetch --help to see what is possible.";

    public Exit {
        hints = List.copyOf(hints);
        probes = List.copyOf(probes);
    }

    /** The exit that belongs to an exception; wrappers of other threads are looked through. */
    public static Exit of(Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof CancellationException || cause instanceof InterruptedException) {
            cause = new FetchException.Cancelled();
        }
        if (cause instanceof FetchException e) {
            return new Exit(e.code(), e.kind(), text(e.getMessage()), e.hints(), e.probes());
        }
        String message =
                cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : ": " + cause.getMessage());
        return new Exit(UNEXPECTED, "unexpected", message, new FetchException.Internal(cause).hints(), List.of());
    }

    /** What to do, as JSON has it: in English. */
    public String hint() {
        return Messages.english().hints(hints);
    }

    /** The same, with what the sources have said by now. */
    Exit with(List<Probe> said) {
        return new Exit(code, kind, message, hints, said);
    }

    /** The same where what could be done does not fit. */
    public Exit withoutHints() {
        return new Exit(code, kind, message, List.of(), probes);
    }

    /** The same for stderr. */
    public List<Line> lines(Messages messages) {
        List<Line> lines = new ArrayList<>();
        lines.add(Line.bad(messages.say("exit." + kind, messages.sentence(message))));
        String hint = messages.hints(hints);
        if (!hint.isEmpty()) {
            lines.add(Line.of(messages.say("exit.hint", hint)));
        }
        return lines;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException || cause instanceof ExecutionException) {
            Throwable next = cause.getCause();
            if (next == null) {
                break;
            }
            cause = next;
        }
        return cause;
    }

    private static String text(@Nullable String message) {
        return message == null ? "" : message;
    }
}
