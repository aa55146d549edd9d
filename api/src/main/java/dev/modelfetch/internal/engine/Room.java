package dev.modelfetch.internal.engine;

import dev.modelfetch.DepotOptions;
import dev.modelfetch.DepotRoom;
import dev.modelfetch.FetchException;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.Stock;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much a depot may store: claimed before a file is filled, and made, where the user has said how large the cache may
 * be, by what was read least recently. Thread-safe.
 */
final class Room {

    private static final Logger LOG = System.getLogger(Room.class.getName());

    private final Path root;
    private final DepotOptions options;
    private final Stock stock;

    // Guarded by this.
    private final Set<Claim> claims = new HashSet<>();
    private long stored;
    private long lookedNanos;
    private boolean known;
    private long evictedFiles;
    private long evictedBytes;

    Room(Path root, DepotOptions options, InstantSource clock) {
        this.root = root;
        this.options = options;
        this.stock = new Stock(root, clock);
    }

    /** Bytes that somebody may write, until it is given back. */
    final class Claim implements AutoCloseable {

        private long bytes;
        private LongSupplier present = () -> 0;
        private final long all;

        private Claim(long all, long bytes) {
            this.all = all;
            this.bytes = bytes;
        }

        /** From now on it is used up. */
        void follow(LongSupplier there) {
            present = there;
        }

        private long left() {
            return Math.max(0, Math.min(bytes, all - present.getAsLong()));
        }

        @Override
        public void close() {
            giveBack(this);
        }
    }

    private synchronized void giveBack(Claim claim) {
        if (claims.remove(claim)) {
            // What of it was written is there now.
            stored += claim.bytes - claim.left();
        }
    }

    /**
     * Claims room for a file, making it if that is allowed.
     *
     * @param all bytes of the file
     * @param missing of them
     * @return null if there is none; where nothing is missing there always is
     */
    synchronized @Nullable Claim claim(long all, long missing) {
        if (missing > 0 && !fits(missing)) {
            make(missing);
            if (!fits(missing)) {
                return null;
            }
        }
        Claim claim = new Claim(all, missing);
        claims.add(claim);
        return claim;
    }

    private boolean fits(long bytes) {
        return lacking(bytes) <= 0;
    }

    /** What is missing of the room for so many more. */
    private long lacking(long bytes) {
        long promised = claims.stream().mapToLong(Claim::left).sum();
        long free = StorageErrors.usableBytes(root) - promised - options.keepFree() - Limits.SPARE_BYTES;
        if (options.cacheSize().isEmpty()) {
            return bytes - free;
        }
        look();
        long within = options.cacheSize().getAsLong()
                - stored
                - claims.stream().mapToLong(claim -> claim.bytes).sum();
        return bytes - Math.min(free, within);
    }

    /** Others store things there as well, so it is looked at again and again. */
    private void look() {
        long now = System.nanoTime();
        if (!known || now - lookedNanos > Limits.LOOK_AT_ROOM.toNanos()) {
            counted(stock.contents());
        }
    }

    private void counted(Stock.Contents contents) {
        stored = contents.bytes();
        for (Claim claim : claims) {
            claim.bytes = claim.left();
        }
        known = true;
        lookedNanos = System.nanoTime();
    }

    /**
     * Makes room for so many bytes more, as far as that goes.
     *
     * @return whether anything has gone
     */
    synchronized boolean make(long bytes) {
        if (!options.mayEvict()) {
            return false;
        }
        Stock.Contents contents = stock.contents();
        counted(contents);
        long atMost = contents.items().stream()
                .filter(item -> !options.kept().test(item.repo()))
                .mapToLong(Stock.Item::bytes)
                .sum();
        if (lacking(bytes) > atMost) {
            // Nothing goes for what would not fit all the same.
            return false;
        }
        long before = evictedFiles;
        for (Stock.Item item : contents.items()) {
            if (fits(bytes)) {
                break;
            }
            if (!options.kept().test(item.repo())) {
                remove(item);
            }
        }
        return evictedFiles > before;
    }

    private void remove(Stock.Item item) {
        try {
            if (stock.remove(item)) {
                stored -= item.bytes();
                evictedFiles++;
                evictedBytes += item.bytes();
                LOG.log(Level.INFO, "made room: " + item.repo() + ", " + item.bytes() + " bytes");
            }
        } catch (IOException | FetchException e) {
            LOG.log(Level.WARNING, "no room could be made: " + e.getMessage());
        }
    }

    /** Returns when no eviction is under way. */
    synchronized void awaitQuiet() {
        // Whoever evicts holds the monitor.
    }

    synchronized DepotRoom state() {
        return new DepotRoom(
                known ? stored : -1, StorageErrors.usableBytes(root), options.cacheSize(), evictedFiles, evictedBytes);
    }
}
