package dev.modelfetch.cli;

import dev.modelfetch.Cache;
import dev.modelfetch.Eviction;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code fetch cache prune}: what nobody will miss, or what was used least recently. */
final class CachePruneCommand implements Command {

    private static final Duration USUAL_AGE = Duration.ofDays(7);

    private final Surroundings around;
    private final EvictionOptions eviction = new EvictionOptions();

    private Age olderThan = new Age(USUAL_AGE);
    private @Nullable Amount maxSize;

    CachePruneCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.value("--older-than", "AGE", Age::parse, said -> olderThan = said);
        options.value("--max-size", "SIZE", Amount::parse, said -> maxSize = said);
        eviction.declare(options);
    }

    @Override
    public int call() {
        return Session.run(
                around,
                eviction.output,
                false,
                session -> new EvictionDialog(eviction, false).run(session, this::plan));
    }

    private Eviction plan(Cache cache) {
        return maxSize == null ? cache.planPruning(olderThan.time()) : cache.planShrinking(maxSize.bytes());
    }
}
