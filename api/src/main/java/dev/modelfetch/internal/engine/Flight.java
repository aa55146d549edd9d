package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.Filling;
import dev.modelfetch.Pinned;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.transfer.LiveFile;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One filling of one file, for all who want it. Ends when the file is stored, or when nobody wants it any more. */
final class Flight {

    private final Pinned pinned;
    private final RepoFile row;
    private final LiveFile live;
    private final Cancellation cancellation = new Cancellation();
    private final CompletableFuture<Snapshot.Item> end = new CompletableFuture<>();
    private final Room.Claim room;
    private final Pace pace = new Pace();
    private volatile List<String> sources = List.of();
    private volatile @Nullable Path place;

    // Guarded by this.
    private int wanting;
    private boolean over;

    /** @param room for what is missing of it; given back at its end */
    Flight(Pinned pinned, RepoFile row, boolean strict, Room.Claim room) {
        this.room = room;
        this.pinned = pinned;
        this.row = row;
        this.live = new LiveFile(row, strict);
        room.follow(live::present);
    }

    Pinned pinned() {
        return pinned;
    }

    RepoFile row() {
        return row;
    }

    LiveFile live() {
        return live;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    /** What is stored in the end. */
    CompletableFuture<Snapshot.Item> end() {
        return end;
    }

    /** One more wants it; false if it has come to its end. */
    synchronized boolean join() {
        if (over) {
            return false;
        }
        wanting++;
        return true;
    }

    /** One less wants it. What is half there is brought to its end all the same. */
    synchronized void leave() {
        wanting--;
    }

    synchronized boolean isUnwanted() {
        return wanting == 0;
    }

    /** Whether nobody wants it, and too little is there to go on for later readers. From then on nobody joins. */
    synchronized boolean endIfUnwanted() {
        if (wanting == 0 && !over && !(live.isWantedWhole() && live.present() >= row.size() / 2)) {
            over = true;
            cancellation.cancel();
        }
        return over;
    }

    void send(long position, long count, WritableByteChannel channel) throws IOException, InterruptedException {
        live.send(position, count, channel);
    }

    /** Where it is in the end. */
    Optional<Path> path() {
        return Optional.ofNullable(place);
    }

    void stored(Path path, Snapshot.Item item) {
        close();
        place = path;
        live.stored(path);
        end.complete(item);
    }

    void failed(FetchException why) {
        close();
        live.failed(why);
        end.completeExceptionally(why);
    }

    private synchronized void close() {
        over = true;
        room.close();
    }

    /** Notes who sends. */
    FetchListener watch() {
        return event -> {
            if (event instanceof FetchEvent.Progress progress) {
                sources = progress.sources();
                pace.came(
                        progress.at(),
                        progress.received().values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
            }
        };
    }

    Filling filling() {
        return new Filling(
                pinned.repo(),
                row.path(),
                row.size(),
                live.present(),
                live.readers(),
                sources,
                pace.rate(),
                pinned.open());
    }
}
