package dev.modelfetch.internal.engine;

import dev.modelfetch.Caller;
import dev.modelfetch.DepotOptions;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Pinned;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.transfer.Connections;
import dev.modelfetch.internal.transfer.Passage;
import dev.modelfetch.internal.transfer.Transfer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Fills one file of a depot from its first byte to its final name. Thread-safe. */
final class Filler {

    private static final int CONNECTIONS = 8;

    /** Of a file of which something has come, before its readers are told that nobody delivers. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Means means;
    private final DepotOptions options;
    private final Path root;
    private final Questions questions;
    private final Revisions revisions;
    private final Room room;
    private final Connections connections;

    Filler(Means means, DepotOptions options, Path root, Questions questions, Revisions revisions, Room room) {
        this.means = means;
        this.options = options;
        this.root = root;
        this.questions = questions;
        this.revisions = revisions;
        this.room = room;
        this.connections = new Connections(options.fillings(), true);
    }

    private SnapshotStore store(Pinned pinned) {
        return revisions.store(pinned);
    }

    /** On a thread of its own. */
    void fill(Flight flight) {
        Runnable wake = Thread.currentThread()::interrupt;
        flight.cancellation().onCancel(wake);
        Snapshot.Item item = null;
        FetchException failure = null;
        try {
            item = filledAsRoomAllows(flight);
        } catch (Throwable e) {
            flight.cancellation().forget(wake);
            var unused = Thread.interrupted();
            failure = Ending.of(e, flight.cancellation().isCancelled(), root);
        } finally {
            flight.cancellation().forget(wake);
            var unused = Thread.interrupted();
        }
        if (item != null) {
            flight.stored(store(flight.pinned()).pathOf(flight.row()), item);
        } else if (failure != null) {
            flight.failed(failure);
        }
    }

    /** Where the disk has become full on the way, something else goes, and it goes on. */
    private Snapshot.Item filledAsRoomAllows(Flight flight) throws IOException, InterruptedException {
        while (true) {
            try {
                return filled(flight);
            } catch (FetchException.Storage e) {
                // What is missing of it is claimed already.
                if (!StorageErrors.isOfFullDisk(e) || !room.make(0)) {
                    throw e;
                }
            }
        }
    }

    private Snapshot.Item filled(Flight flight) throws IOException, InterruptedException {
        Pinned pinned = flight.pinned();
        FetchRequest request = request(pinned, flight.row());
        Optional<Chosen> found = senders(pinned);
        if (found.isPresent()) {
            try {
                return filled(flight, request, found.get());
            } catch (FetchException.Unreachable | FetchException.NotFound | FetchException.AccessDenied e) {
                // They were found long ago.
                revisions.shelf(pinned.repo()).forgetSenders(pinned.commit());
                flight.cancellation().check();
            }
        }
        return filled(flight, request, questions.known(request, pinned.manifest(), pinned.identity()));
    }

    private FetchRequest request(Pinned pinned, RepoFile row) {
        Caller caller = pinned.open() ? Caller.ANONYMOUS : pinned.caller();
        return questions.request(pinned.repo(), pinned.commit(), caller).toBuilder()
                .files(row.path())
                .connectionsPerFile(CONNECTIONS)
                .patience(PATIENCE)
                .build();
    }

    /** Callers with tokens are not served by the sources that all others share. */
    private Connections connections(Pinned pinned, FetchRequest request) {
        return pinned.open() ? connections : new Connections(CONNECTIONS, !request.singleSource());
    }

    private Optional<Chosen> senders(Pinned pinned) {
        return pinned.open() ? revisions.shelf(pinned.repo()).senders(pinned.commit()) : Optional.empty();
    }

    /** Sends a range of it without storing any of it. */
    void pass(Pinned pinned, RepoFile row, long position, long count, WritableByteChannel channel)
            throws IOException, InterruptedException {
        Chosen chosen = senders(pinned)
                .orElseGet(() -> questions.known(request(pinned, row), pinned.manifest(), pinned.identity()));
        Events events = new Events(List.of(options.listener()), means.clock());
        try {
            new Passage(chosen, row, means.throttle(), events).send(position, count, channel);
        } catch (FetchException.Unreachable e) {
            // The next one asks anew who has it.
            revisions.shelf(pinned.repo()).forgetSenders(pinned.commit());
            throw e;
        } finally {
            events.close();
        }
    }

    private Snapshot.Item filled(Flight flight, FetchRequest request, Chosen chosen)
            throws IOException, InterruptedException {
        Pinned pinned = flight.pinned();
        SnapshotStore store = store(pinned);
        List<RepoFile> plan = List.of(flight.row());
        store.check(plan);
        new Planner(request).check(plan, store);
        Events events = new Events(List.of(options.listener(), flight.watch()), means.clock());
        Patience patience = new Patience(PATIENCE, false, System::nanoTime);
        Closeable inside = revisions.enter(pinned).orElse(() -> {});
        try (inside;
                Run run = Run.within(flight.cancellation(), events, patience, means.threads(), System::nanoTime)) {
            store.prepare(pinned.manifest());
            Transfer transfer = new Transfer(
                    run, request, chosen, store, means.throttle(), connections(pinned, request), row -> flight.live());
            Snapshot.Item item = transfer.run(plan).files().get(0);
            finish(pinned);
            return item;
        }
    }

    /** If everything of it is stored, the branch points at it, for programs that read the cache without asking anybody. */
    void finish(Pinned pinned) {
        SnapshotStore store = store(pinned);
        List<RepoFile> files = pinned.manifest().files();
        boolean all = true;
        // Most clients begin at the front: what is still missing is soon found from the other end.
        for (int i = files.size() - 1; i >= 0 && all; i--) {
            all = store.seems(files.get(i));
        }
        if (all) {
            try {
                store.finish(pinned.manifest(), pinned.manifest().revision());
            } catch (IOException e) {
                // The next one tries again.
            }
        }
    }
}
