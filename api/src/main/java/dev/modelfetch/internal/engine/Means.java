package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchRequest;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.internal.transfer.Throttle;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

/**
 * What an engine lends to a depot.
 *
 * @param allowed the sources that a request may ask, in order
 * @param race how long one of those may take for its first answer
 * @param offline whether nobody may be asked
 * @param cacheRoot unless the depot has its own
 * @param symlinks whether snapshots may link to blobs
 */
record Means(
        Function<FetchRequest, List<Source>> allowed,
        Function<List<Source>, Duration> race,
        boolean offline,
        Path cacheRoot,
        boolean symlinks,
        ExecutorService pool,
        Threads threads,
        Throttle throttle,
        InstantSource clock) {}
