package dev.modelfetch.cli;

import dev.modelfetch.Cache;
import dev.modelfetch.CacheContents;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CheckProgress;
import dev.modelfetch.Evictable;
import dev.modelfetch.Evicted;
import dev.modelfetch.Eviction;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.cli.screen.CacheSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** A cache that holds, plans and finds what the test says, and writes down what it was asked for. */
final class FakeCache implements Cache {

    final List<String> asked = new ArrayList<>();
    CacheContents contents = CacheSamples.contents();
    Eviction plan = new Eviction(CacheSamples.ROOT, List.of(), List.of());
    Evicted evicted = new Evicted(0, List.of(), List.of());
    List<StoredCheck> checks = List.of();

    @Override
    public Path root() {
        return contents.root();
    }

    @Override
    public CacheContents contents() {
        return contents;
    }

    @Override
    public Eviction planRemoval(Collection<? extends Evictable> what) {
        asked.add("remove " + what.stream().map(each -> each.path().toString()).toList());
        return plan;
    }

    @Override
    public Eviction planPruning(Duration olderThan) {
        asked.add("prune " + olderThan);
        return plan;
    }

    @Override
    public Eviction planShrinking(long bytes) {
        asked.add("shrink " + bytes);
        return plan;
    }

    @Override
    public Evicted evict(Eviction what) {
        asked.add("evict");
        return evicted;
    }

    @Override
    public List<StoredCheck> verify(Collection<CachedRepo> repositories, Consumer<CheckProgress> progress) {
        asked.add("verify " + repositories.stream().map(CachedRepo::key).toList());
        return checks;
    }
}
