package dev.modelfetch.internal.engine;

import dev.modelfetch.Cache;
import dev.modelfetch.CacheContents;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CheckProgress;
import dev.modelfetch.Evictable;
import dev.modelfetch.Evicted;
import dev.modelfetch.Eviction;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Threads;
import dev.modelfetch.internal.store.cache.CacheRoot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** The cache in one directory. */
final class RealCache implements Cache {

    private final CacheRoot files;
    private final boolean symlinks;
    private final InstantSource clock;
    private final Threads threads;
    private final Cancellation closing;

    /**
     * @param root absolute
     * @param closing ends what takes long
     */
    RealCache(Path root, boolean symlinks, InstantSource clock, Threads threads, Cancellation closing) {
        this.files = new CacheRoot(root, clock);
        this.symlinks = symlinks;
        this.clock = clock;
        this.threads = threads;
        this.closing = closing;
    }

    @Override
    public Path root() {
        return files.path();
    }

    @Override
    public CacheContents contents() {
        return files.contents();
    }

    @Override
    public Eviction planRemoval(Collection<? extends Evictable> what) {
        return files.removal(what);
    }

    @Override
    public Eviction planPruning(Duration olderThan) {
        return files.pruning(olderThan);
    }

    @Override
    public Eviction planShrinking(long bytes) {
        return files.shrinking(bytes);
    }

    @Override
    public Evicted evict(Eviction plan) {
        return files.evict(plan);
    }

    @Override
    public List<StoredCheck> verify(Collection<CachedRepo> repositories, Consumer<CheckProgress> progress) {
        return new CacheCheck(files.path(), symlinks, clock, threads, closing).run(repositories, progress);
    }
}
