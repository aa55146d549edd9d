package dev.modelfetch.internal.engine;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.Filling;
import dev.modelfetch.Hint;
import dev.modelfetch.Pinned;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * What a depot fills: each content once, however many want it, from however many repositories that everybody may read. A
 * digest is no ticket: what only some may read is filled for those of its own repository. Thread-safe.
 */
final class Flights {

    /**
     * What names the same content: under two paths it is filled once.
     *
     * @param repository empty where it is for everybody
     */
    private record Content(String repository, String content, long size) {

        static Content of(Pinned pinned, RepoFile row) {
            return pinned.open() && row.digest().isPresent() ? ofEverybody(row) : ofItsOwn(pinned, row);
        }

        static Content ofEverybody(RepoFile row) {
            return new Content("", row.digest().map(Object::toString).orElse("?"), row.size());
        }

        private static Content ofItsOwn(Pinned pinned, RepoFile row) {
            String content = row.digest().map(Object::toString).orElseGet(() -> pinned.commit() + " " + row.path());
            return new Content(pinned.repo().toString(), content, row.size());
        }
    }

    private final Map<Content, Flight> underway = new ConcurrentHashMap<>();
    private final ExecutorService pool;
    private final boolean strict;
    private final int most;
    private volatile boolean closed;

    /**
     * @param strict whether nothing is read before it is verified
     * @param most at the same time
     */
    Flights(ExecutorService pool, boolean strict, int most) {
        this.pool = pool;
        this.strict = strict;
        this.most = most;
    }

    /**
     * Joins the filling of that file, or begins it.
     *
     * @param room for what is missing of it; given back if somebody fills it already
     * @param fill from the first byte to its end, on a thread of its own
     * @return to be {@linkplain Flight#leave left}
     */
    Flight join(Pinned pinned, RepoFile row, Room.Claim room, Consumer<Flight> fill) {
        Flight known = underway.get(Content.ofEverybody(row));
        if (known != null && known.join()) {
            room.close();
            return known;
        }
        while (true) {
            Flight fresh = new Flight(pinned, row, strict, room);
            Flight joined = underway.computeIfAbsent(Content.of(pinned, row), any -> fresh);
            if (joined.join()) {
                if (joined == fresh) {
                    begin(fresh, fill);
                } else {
                    room.close();
                }
                return joined;
            }
            // One that has just come to its end.
            underway.remove(Content.of(pinned, row), joined);
        }
    }

    /** Whether that file is being filled. */
    boolean has(Pinned pinned, RepoFile row) {
        return underway.containsKey(Content.of(pinned, row)) || underway.containsKey(Content.ofEverybody(row));
    }

    private void begin(Flight flight, Consumer<Flight> fill) {
        try {
            if (closed) {
                throw new RejectedExecutionException("closed");
            }
            pool.execute(() -> {
                try {
                    fill.accept(flight);
                } finally {
                    underway.remove(Content.of(flight.pinned(), flight.row()), flight);
                }
            });
            pool.execute(() -> watch(flight));
        } catch (RejectedExecutionException e) {
            underway.remove(Content.of(flight.pinned(), flight.row()), flight);
            flight.failed(new FetchException.Unreachable(
                    "The service is about to end.", Hint.plain("Ask again when it is back.")));
        }
    }

    /** A reader that has gone may come back for the rest in a moment. */
    private static void watch(Flight flight) {
        boolean unwanted = false;
        while (true) {
            try {
                var unused = flight.end().get(Limits.LINGER.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException e) {
                return;
            } catch (InterruptedException e) {
                flight.cancellation().cancel();
                return;
            } catch (TimeoutException e) {
                boolean nobody = flight.isUnwanted();
                if (nobody && unwanted && flight.endIfUnwanted()) {
                    return;
                }
                unwanted = nobody;
            }
        }
    }

    /** One that fills that content, for everybody. */
    Optional<Flight> of(Digest sha256) {
        return underway.values().stream()
                .filter(flight ->
                        flight.pinned().open() && sha256.equals(flight.row().sha256()))
                .findFirst();
    }

    boolean isBusy() {
        return underway.size() >= most;
    }

    List<Filling> fillings() {
        return underway.values().stream().map(Flight::filling).toList();
    }

    /** Ends them all, keeping what is there. */
    void close(Duration atMost) throws InterruptedException {
        closed = true;
        underway.values().forEach(flight -> flight.cancellation().cancel());
        long until = System.nanoTime() + atMost.toNanos();
        while (!underway.isEmpty() && System.nanoTime() - until < 0) {
            Thread.sleep(Limits.ROOM_POLL.toMillis() / 10);
        }
    }
}
