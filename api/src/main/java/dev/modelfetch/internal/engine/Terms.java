package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * On which terms all jobs of an engine run.
 *
 * @param maxJobs at the same time; others wait
 * @param maxConnections that bring bytes at the same time; {@link Integer#MAX_VALUE} for no limit
 * @param bytesPerSecond over all of them; 0 for no limit
 * @param offline whether none of them may make a connection
 * @param threads makes theirs; empty for our own
 * @param listeners of every job
 * @param defaults what requests begin with
 */
public record Terms(
        int maxJobs,
        int maxConnections,
        long bytesPerSecond,
        boolean offline,
        Optional<ThreadFactory> threads,
        List<Function<? super FetchJob, ? extends FetchListener>> listeners,
        UnaryOperator<FetchRequest.Builder> defaults) {

    /** Where nobody has said anything. */
    static final Terms USUAL =
            new Terms(8, Integer.MAX_VALUE, 0, false, Optional.empty(), List.of(), UnaryOperator.identity());

    public Terms {
        listeners = List.copyOf(listeners);
    }
}
