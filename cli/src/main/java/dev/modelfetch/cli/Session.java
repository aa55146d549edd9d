package dev.modelfetch.cli;

import dev.modelfetch.CheckProgress;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.cli.screen.Display;
import dev.modelfetch.cli.screen.Exit;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.Line;
import dev.modelfetch.cli.screen.Loggers;
import dev.modelfetch.cli.screen.Messages;
import dev.modelfetch.cli.screen.Progress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One command from its checked options to its exit code: whatever happens, it is reported once, in the form that was
 * asked for, on the stream it belongs to.
 */
final class Session {

    /** Longest wait of the farewell; a terminal user gets the prompt back within a second. */
    private static final long FAREWELL_MILLIS = 900;

    private final Surroundings around;
    private final OutputOptions output;
    private final Progress progress;
    private volatile Display display;
    private volatile @Nullable Runnable cancel;
    private volatile @Nullable Runnable regularEnd;

    /** What a command does between its options and its answer. */
    interface Work {
        Answer run(Session session) throws Exception;
    }

    private Session(Surroundings around, OutputOptions output, Progress progress) {
        this.around = around;
        this.output = output;
        this.progress = progress;
        this.display = newDisplay();
    }

    private Display newDisplay() {
        return new Display(
                around.console(), around.messages(), progress, output.quiet, output.verbose, Clock.systemUTC());
    }

    /**
     * Runs the work and reports how it ended.
     *
     * @param transfers whether there will be progress to show
     * @return exit code
     */
    static int run(Surroundings around, OutputOptions output, boolean transfers, Work work) {
        return new Session(around, output, output.progress(around, transfers)).run(work);
    }

    /**
     * Reports a command line that makes no sense.
     *
     * @return exit code
     */
    static int refuse(Surroundings around, OutputOptions output, FetchException.Usage why) {
        return new Session(around, output, output.progress(around, false)).failed(Exit.of(why));
    }

    private int run(Work work) {
        Loggers.show(this::note);
        try (Interruption interruption = Interruption.watch(this::farewell)) {
            try {
                Answer answer = work.run(this);
                return interruption.claim() ? answered(answer) : leaving();
            } catch (Exception | Error e) {
                if (!interruption.claim()) {
                    return leaving();
                }
                Exit exit = Exit.of(e);
                int code = failed(exit);
                if (output.verbose && exit.code() == Exit.UNEXPECTED) {
                    around.console().trace(e);
                }
                return code;
            }
        }
    }

    /** The engine, set up as the options say. */
    Modelfetch open(SourceOptions sources, @Nullable Path cacheDirectory) {
        return around.open().apply(sources.setup(around.console(), cacheDirectory));
    }

    /** A request as far as the options of every command decide it. */
    FetchRequest.Builder request(Modelfetch modelfetch, Target target, SourceOptions sources, boolean offline) {
        FetchRequest.Builder builder =
                modelfetch.request(target.address()).revision(target.revision()).selection(target.selection());
        if (sources.choice != null) {
            builder.source(sources.choice);
        }
        if (offline || offline()) {
            builder.offline(true);
        }
        return builder.isPublic(sources.isPublic).probeFresh(sources.probeFresh);
    }

    /** The listener for a job; from here on there may be bars, of this job and of none before it. */
    FetchListener listener() {
        display.close();
        display = newDisplay();
        return display.begin();
    }

    /** The listener for a question without a job: what it is told of appears where events are asked for. */
    FetchListener events() {
        return display.events();
    }

    /** Told how far the hashing of a cache is; a job may follow. */
    Consumer<CheckProgress> checks() {
        return display.checks();
    }

    /** What a signal has to stop. */
    void onInterrupt(Runnable stop) {
        cancel = stop;
    }

    /** A signal is how it is meant to end: that is done, and nothing is said of it. */
    void onRegularEnd(Runnable end) {
        regularEnd = end;
    }

    void note(Line line) {
        display.say(line);
    }

    boolean canAsk() {
        return around.console().canAsk();
    }

    /** Only where {@link #canAsk}. */
    boolean ask(String question) {
        return around.console().ask(question);
    }

    /**
     * What a person types without its being seen, or else what stands on standard input.
     *
     * @throws FetchException.Usage if it would be seen
     */
    String askSecret(String question) {
        return around.console().readSecret(question);
    }

    boolean offline() {
        return around.offline();
    }

    Messages messages() {
        return around.messages();
    }

    private int answered(Answer answer) {
        display.close();
        answer.notes().forEach(display::say);
        if (output.json) {
            around.console().result(answer.json().toString());
        } else {
            answer.out().forEach(around.console()::result);
        }
        Exit failure = answer.failure();
        if (failure == null) {
            display.done(answer.json());
            return Exit.OK;
        }
        display.fail(failure);
        return failure.code();
    }

    private int failed(Exit exit) {
        display.fail(exit);
        if (output.json) {
            around.console().result(Json.failure(exit).toString());
        }
        return exit.code();
    }

    private void farewell() {
        Runnable end = regularEnd;
        if (end != null) {
            end.run();
            return;
        }
        around.console().leaveQuestion();
        Runnable stop = cancel;
        Exit exit = Exit.of(new FetchException.Cancelled());
        if (stop == null) {
            // No job, so nothing of which it could be said that it is kept.
            failed(exit.withoutHints());
            return;
        }
        stop.run();
        display.awaitEnd(FAREWELL_MILLIS);
        failed(exit);
    }

    /** The farewell speaks for us; the JVM is on its way out with a status of its own. */
    private static int leaving() {
        return new FetchException.Cancelled().code();
    }
}
