package dev.modelfetch.cli;

import dev.modelfetch.Cache;
import dev.modelfetch.Eviction;
import dev.modelfetch.cli.screen.StoredRow;
import java.util.ArrayList;
import java.util.List;

/** {@code fetch cache rm TARGET...}: repositories and revisions by their names. */
final class CacheRmCommand implements Command {

    private final Surroundings around;
    private final EvictionOptions eviction = new EvictionOptions();

    private List<String> targets = new ArrayList<>();

    CacheRmCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.parameters("TARGET", "arg.cache-target", true, said -> targets = said);
        eviction.declare(options);
    }

    @Override
    public int call() {
        return Session.run(
                around, eviction.output, false, session -> new EvictionDialog(eviction, true).run(session, this::plan));
    }

    private Eviction plan(Cache cache) {
        List<StoredRow> named = new CacheNames(cache.contents()).all(targets);
        return cache.planRemoval(named.stream().map(StoredRow::evictable).toList());
    }
}
