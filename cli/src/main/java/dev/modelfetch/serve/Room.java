package dev.modelfetch.serve;

import dev.modelfetch.Cache;
import dev.modelfetch.Eviction;
import dev.modelfetch.FetchException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Keeps a cache within its size and its disk from running full, by what was used least recently. */
public final class Room implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Room.class.getName());
    private static final long SECONDS = 30;

    private final Cache cache;
    private final Optional<Long> most;
    private final Optional<? extends Reserve> kept;
    private final ScheduledExecutorService clock;

    /** How much of a disk is to stay free. */
    public interface Reserve {
        /** @param total bytes of the disk */
        long of(long total);
    }

    private Room(Cache cache, Optional<Long> most, Optional<? extends Reserve> kept) {
        this.cache = cache;
        this.most = most;
        this.kept = kept;
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "modelfetch-room");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Looks every half minute, from now until it is closed; does nothing if nobody has said how large the cache may be.
     *
     * @param most bytes of the cache
     * @param kept free of its disk
     */
    public static Room keep(Cache cache, Optional<Long> most, Optional<? extends Reserve> kept) {
        Room room = new Room(cache, most, kept);
        if (most.isPresent() || kept.isPresent()) {
            var unused = room.clock.scheduleWithFixedDelay(room::look, 0, SECONDS, TimeUnit.SECONDS);
        }
        return room;
    }

    private void look() {
        try {
            long size = cache.contents().bytes();
            long wanted = Math.min(most.orElse(Long.MAX_VALUE), size - lacking());
            if (size > wanted) {
                Eviction plan = cache.planShrinking(Math.max(0, wanted));
                var unused = cache.evict(plan);
            }
        } catch (IOException | FetchException e) {
            LOG.log(Level.WARNING, "no room could be made: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "no room could be made", e);
        }
    }

    /** What is missing of the space that is to stay free. */
    private long lacking() throws IOException {
        if (kept.isEmpty() || !Files.isDirectory(cache.root())) {
            return 0;
        }
        FileStore disk = Files.getFileStore(cache.root());
        return Math.max(0, kept.get().of(disk.getTotalSpace()) - disk.getUsableSpace());
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
