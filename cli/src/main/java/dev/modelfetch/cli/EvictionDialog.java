package dev.modelfetch.cli;

import dev.modelfetch.Cache;
import dev.modelfetch.Evicted;
import dev.modelfetch.Eviction;
import dev.modelfetch.FetchException;
import dev.modelfetch.Message;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.cli.screen.CacheJson;
import dev.modelfetch.cli.screen.EvictionLines;
import dev.modelfetch.cli.screen.Exit;
import dev.modelfetch.cli.screen.Line;
import java.util.List;
import java.util.function.Function;

/** Deletes nothing that a person has not seen and said yes to, now or beforehand. */
final class EvictionDialog {

    private final EvictionOptions options;

    /** Whether what has to stay because it is in use, or has changed, is a failure too. */
    private final boolean strict;

    EvictionDialog(EvictionOptions options, boolean strict) {
        this.options = options;
        this.strict = strict;
    }

    /**
     * From the plan to what became of it.
     *
     * @throws FetchException.Usage if nobody can be asked who would have to be
     */
    Answer run(Session session, Function<Cache, Eviction> planning) {
        if (!options.yes && !options.dryRun && !session.canAsk()) {
            throw new FetchException.Usage(
                    "Nothing is deleted without being asked for, and there is no terminal to ask on.",
                    "Add -y to delete without a question, or --dry-run to see what would go.");
        }
        try (Modelfetch modelfetch = session.open(new SourceOptions(), options.cacheDir)) {
            Cache cache = modelfetch.cache();
            Eviction plan = planning.apply(cache);
            EvictionLines lines = new EvictionLines(session.messages());
            if (plan.isEmpty() || options.dryRun) {
                return Answer.success(CacheJson.plan(plan, options.dryRun), lines.plan(plan), List.of());
            }
            lines.plan(plan).forEach(line -> session.note(Line.of(line)));
            if (!options.yes && !session.ask(lines.question(plan))) {
                return Answer.failure(declined(), CacheJson.plan(plan, false), List.of());
            }
            Evicted evicted = cache.evict(plan);
            lines.skipped(evicted).forEach(session::note);
            List<String> done = List.of(lines.done(evicted));
            return evicted.skipped().stream().anyMatch(this::isFailure)
                    ? Answer.failure(Exit.of(unfinished()), CacheJson.done(plan, evicted), done)
                    : Answer.success(CacheJson.done(plan, evicted), done, List.of());
        }
    }

    private boolean isFailure(Evicted.Skipped skipped) {
        return strict || skipped.reason() == Evicted.Reason.FAILED;
    }

    private static FetchException.Storage unfinished() {
        return new FetchException.Storage(
                "Not everything that was chosen could be deleted.",
                "Wait until nobody fetches into it, check who owns it, and run the same command again.");
    }

    private static Exit declined() {
        Exit interrupted = Exit.of(new FetchException.Cancelled());
        return new Exit(
                interrupted.code(), interrupted.kind(), Message.plain("Nothing was deleted."), List.of(), List.of());
    }
}
