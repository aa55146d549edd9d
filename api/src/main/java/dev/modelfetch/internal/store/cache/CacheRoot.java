package dev.modelfetch.internal.store.cache;

import dev.modelfetch.CacheContents;
import dev.modelfetch.Evictable;
import dev.modelfetch.Evicted;
import dev.modelfetch.Eviction;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.internal.file.StorageErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/** The directory that holds the folders of repositories. */
public final class CacheRoot {

    private final Path root;
    private final InstantSource clock;

    /** @param root absolute; need not exist */
    public CacheRoot(Path root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
    }

    public Path path() {
        return root;
    }

    /** What is there. */
    public CacheContents contents() {
        return survey().contents();
    }

    public Eviction removal(Collection<? extends Evictable> what) {
        return new EvictionPlanner(survey()).removal(what);
    }

    public Eviction pruning(Duration olderThan) {
        if (olderThan.isNegative()) {
            throw new FetchException.Usage(
                    Message.of("negative-age", "An age of {0} is negative.", olderThan),
                    Hint.plain("Use 0 for any age."));
        }
        return new EvictionPlanner(survey()).pruning(olderThan);
    }

    public Eviction shrinking(long bytes) {
        if (bytes < 0) {
            throw new FetchException.Usage(
                    Message.of("negative-cache", "A cache of {0} bytes is smaller than none.", bytes),
                    Hint.plain("Use 0 to remove everything."));
        }
        return new EvictionPlanner(survey()).shrinking(bytes);
    }

    public Evicted evict(Eviction plan) {
        if (!plan.root().equals(root)) {
            throw new FetchException.Usage(
                    Message.of("other-cache", "The eviction was planned for {0}, not for {1}.", plan.root(), root),
                    Hint.plain("Plan it with the cache that is to do it."));
        }
        if (!Files.exists(root)) {
            return new Evicted(0, List.of(), List.of());
        }
        try {
            return new Evictor(root, clock).evict(plan);
        } catch (IOException e) {
            throw StorageErrors.of(e, root);
        }
    }

    private Survey survey() {
        try {
            return Survey.of(root, clock);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private FetchException.Storage unreadable(IOException e) {
        return new FetchException.Storage(
                Message.of("cache-unreadable", "The cache {0} cannot be read: {1}.", root, Phrase.Clause.of(e)),
                Hint.plain("Check that it is a folder, and who owns it."),
                e);
    }
}
