package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.run.Tasks;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.StoredFile;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** The life of one file in a job: found in the store, or else opened, filled and published. Safe for several at once. */
final class FileTransfer {

    /**
     * A file that is there.
     *
     * @param fetched bytes of it that came over the network in this job
     */
    record Stored(Snapshot.Item item, long fetched) {}

    private final Run run;
    private final FetchRequest request;
    private final Chosen chosen;
    private final SnapshotStore store;
    private final ConnectionBudget budget;
    private final Throttle throttle;
    private final Tally tally;
    private final Watchdog watchdog;
    private final Function<RepoFile, LiveFile> readers;
    private final Failover.Late late;
    /** Bytes that were missing when their files were begun. */
    private final AtomicLong due = new AtomicLong();

    FileTransfer(
            Run run,
            FetchRequest request,
            Chosen chosen,
            SnapshotStore store,
            ConnectionBudget budget,
            Throttle throttle,
            Tally tally,
            Watchdog watchdog,
            Function<RepoFile, LiveFile> readers) {
        this.readers = readers;
        this.run = run;
        this.request = request;
        this.chosen = chosen;
        this.store = store;
        this.budget = budget;
        this.tally = tally;
        this.watchdog = watchdog;
        this.throttle = throttle;
        this.late = lateOf(chosen);
    }

    /** Returns when the file has its final name. */
    Stored bring(RepoFile file) throws InterruptedException {
        try {
            return findOrFetch(file);
        } catch (IOException e) {
            throw StorageErrors.of(Tasks.unlessInterrupted(e), store.pathOf(file));
        }
    }

    /** As {@link #bring}, if it takes nothing from anybody. */
    Optional<Stored> bringStored(RepoFile file) throws InterruptedException {
        try {
            Optional<StoredFile> stored = find(file);
            if (stored.isEmpty()) {
                return Optional.empty();
            }
            checkVoucher(file, stored.get().verified());
            tally.add(file.size());
            return Optional.of(new Stored(item(file, stored.get(), true), 0));
        } catch (IOException e) {
            throw StorageErrors.of(Tasks.unlessInterrupted(e), store.pathOf(file));
        }
    }

    private Stored findOrFetch(RepoFile file) throws IOException, InterruptedException {
        Optional<StoredFile> stored = request.force() ? Optional.empty() : find(file);
        long since = run.nanos().getAsLong();
        boolean waited = false;
        boolean told = false;
        while (stored.isEmpty()) {
            Optional<Partial> partial = store.partial(file);
            if (partial.isPresent()) {
                try (Partial open = partial.get()) {
                    // Whoever was waited for may have published it.
                    stored = waited && !request.force() ? find(file) : Optional.empty();
                    if (stored.isEmpty()) {
                        return fetch(file, open);
                    }
                    open.discard();
                }
            } else {
                // Another job or process is writing it; look again rather than fetch it twice.
                waited = true;
                long waitedNanos = run.nanos().getAsLong() - since;
                if (!told && waitedNanos >= Limits.TELL_WAITING.toNanos()) {
                    told = true;
                    tellWaiting(file, waitedNanos);
                }
                Thread.sleep(Limits.LOCK_POLL.toMillis());
            }
        }
        checkVoucher(file, stored.get().verified());
        tally.add(file.size());
        return new Stored(item(file, stored.get(), true), 0);
    }

    private void tellWaiting(RepoFile file, long waitedNanos) {
        Map<String, String> causes = Map.of("cache", "another process is fetching " + file.path());
        run.events().emit(at -> new FetchEvent.Waiting(at, at.minusNanos(waitedNanos), null, null, causes));
    }

    private Optional<StoredFile> find(RepoFile file) throws IOException {
        // If the store has it, it satisfies the row; so whoever names one of the row's digests vouches for it.
        Verification listed = file.sha256() == null
                ? file.gitBlob() == null ? Verification.SIZE : Verification.SELF
                : chosen.voucher(file, new Content(file.sha256(), file.gitBlob()), isPinned());
        return store.find(file, listed, hashing(file)).map(stored -> strongest(file, stored));
    }

    /** Tells once in a while how far the digest of what is here already is. */
    private IntConsumer hashing(RepoFile file) {
        return new IntConsumer() {
            private long told = run.nanos().getAsLong();
            private long hashed;

            @Override
            public void accept(int more) {
                hashed = Math.min(file.size(), hashed + more);
                long now = run.nanos().getAsLong();
                if (now - told >= Limits.TELL_HASHING.toNanos()) {
                    told = now;
                    long done = hashed;
                    run.events().emit(at -> new FetchEvent.Hashing(at, file.path(), done, file.size()));
                }
            }
        };
    }

    /** Today's listings may vouch for more than those of the day it was stored. */
    private StoredFile strongest(RepoFile file, StoredFile stored) {
        Verification now = chosen.voucher(file, new Content(stored.sha256(), file.gitBlob()), isPinned());
        return now.compareTo(stored.verified()) < 0
                ? new StoredFile(stored.path(), stored.sha256(), stored.from(), now)
                : stored;
    }

    /** Refuses what nobody vouches for strongly enough, once those have spoken who may. */
    private Verification checkedVoucher(RepoFile file, Content content) throws InterruptedException {
        Verification level = chosen.voucher(file, content, isPinned());
        if (!request.minVerification().isMetBy(level)) {
            chosen.awaitLate();
            level = chosen.voucher(file, content, isPinned());
        }
        checkVoucher(file, level);
        return level;
    }

    private void checkVoucher(RepoFile file, Verification level) {
        if (!request.minVerification().isMetBy(level)) {
            throw new FetchException.Unreachable(
                    Message.of(
                            "level-too-low",
                            "{0} is vouched for at the level {1} only, and {2} is asked for.",
                            file.path(),
                            level.word(),
                            request.minVerification().word()),
                    Hint.of(
                            "vouch",
                            "Try again when a source that vouches for more answers, pin it with a lock file, or ask for less."));
        }
    }

    private Stored fetch(RepoFile file, Partial partial) throws IOException, InterruptedException {
        if (file.sha256() != null) {
            // As far as a listing can tell, before the first byte.
            var unused = checkedVoucher(file, new Content(file.sha256(), file.gitBlob()));
        }
        if (request.force()) {
            partial.dropAll();
        }
        begin(file, partial.ranges().total());
        Failover failover = new Failover(file, budget, chosen::offers, late, run.patience(), run.nanos());
        Meter meter =
                new Meter(run.events(), run.nanos(), file, partial.ranges().total(), tally);
        Fill fill = new Fill(
                run, file, partial, failover, throttle, meter, request.connectionsPerFile(), readers.apply(file));
        Watchdog.Beat beat = fill::beat;
        watchdog.join(beat);
        try {
            Content content = fill.fill();
            StoredFile stored = publish(file, partial, content, fill.contributors());
            return new Stored(item(file, stored, false), fill.fetched());
        } catch (FetchException.Corrupt e) {
            // Nothing of it is worth going on with.
            partial.discard();
            throw e;
        } finally {
            watchdog.leave(beat);
        }
    }

    private void begin(RepoFile file, long present) {
        if (due.addAndGet(file.size() - present) >= Limits.WORTH_SEVERAL_SOURCES && !request.singleSource()) {
            chosen.wakeHelpers();
        }
        String source = chosen.offers(file).stream().map(Offer::id).findFirst().orElse("?");
        run.events().emit(at -> new FetchEvent.FileStarted(at, file.path(), file.size(), present, source));
    }

    private StoredFile publish(RepoFile file, Partial partial, Content content, List<String> contributors)
            throws IOException, InterruptedException {
        Verification level = checkedVoucher(file, content);
        List<String> from = contributors.isEmpty() ? List.of(chosen.source().id()) : contributors;
        try {
            return store.publish(partial, file, content, from, level);
        } catch (NoSuchFileException e) {
            // Where locks lie, another process has worked on the same partial file and published it before us.
            return find(file).orElseThrow(() -> e);
        }
    }

    private Snapshot.Item item(RepoFile file, StoredFile stored, boolean wasThere) {
        return new Snapshot.Item(
                file.path(),
                file.size(),
                stored.sha256().hex(),
                stored.from(),
                isPinned() ? Verification.PINNED : stored.verified(),
                wasThere);
    }

    private boolean isPinned() {
        return request.locked().isPresent();
    }

    private static Failover.Late lateOf(Chosen chosen) {
        return new Failover.Late() {
            @Override
            public void await() throws InterruptedException {
                chosen.awaitLate();
            }

            @Override
            public void wake() {
                chosen.wakeReserves();
            }

            @Override
            public boolean arePending() {
                return chosen.isAnybodyPending();
            }

            @Override
            public void inVain(Source source) {
                chosen.inVain(source);
            }

            @Override
            public boolean isAnotherVersionNear() {
                return chosen.isAnotherVersionNear();
            }
        };
    }
}
