package dev.modelfetch.internal.engine;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Listing;
import dev.modelfetch.LockFile;
import dev.modelfetch.Manifest;
import dev.modelfetch.Message;
import dev.modelfetch.Plan;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.Match;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.SnapshotStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Manifest, selection and pins to files; files and store to what has to be fetched. Writes nothing. */
final class Planner {

    private final FetchRequest request;

    Planner(FetchRequest request) {
        this.request = request;
    }

    /**
     * The files wanted, in listing order; pinned ones carry the pinned digest.
     *
     * @throws FetchException if a file asked for by name is missing, nothing matches, or the listing is not what is pinned
     */
    List<RepoFile> selected(Manifest manifest) {
        return request.locked()
                .map(lock -> pinned(lock, manifest))
                .orElseGet(() -> request.selection().from(manifest));
    }

    /** What is selected of what the lock file pins, if it is all listed as it is pinned. */
    private List<RepoFile> pinned(LockFile lock, Manifest manifest) {
        List<RepoFile> pinned = new ArrayList<>();
        for (RepoFile pin : selected(lock)) {
            RepoFile listed = manifest.file(pin.path()).orElse(null);
            if (listed == null || Match.of(listed, pin) == Match.OTHER) {
                throw new FetchException.NotStored(
                        listed == null
                                ? Message.of(
                                        "pin-not-listed",
                                        "{0} is not what the lock file pins: {1} does not list it.",
                                        pin.path(),
                                        manifest.source())
                                : Message.of(
                                        "pin-differs",
                                        "{0} is not what the lock file pins: {1} lists other content.",
                                        pin.path(),
                                        manifest.source()),
                        Hint.of(
                                "source-of-lock",
                                "Choose the source the lock file was made from (" + lock.family()
                                        + "), or write a new lock file.",
                                lock.family()));
            }
            pinned.add(new RepoFile(pin.path(), pin.size(), pin.sha256(), listed.gitBlob(), listed.lfs()));
        }
        return pinned;
    }

    private List<RepoFile> selected(LockFile lock) {
        List<RepoFile> pins = lock.files().stream()
                .map(pin -> new RepoFile(pin.path(), pin.size(), Digest.sha256(pin.sha256()), null, false))
                .toList();
        try {
            return request.selection()
                    .from(new Manifest(
                            "the lock file",
                            lock.family(),
                            request.repo(),
                            lock.revision(),
                            lock.commit(),
                            pins,
                            true));
        } catch (FetchException.NotFound e) {
            throw new FetchException.NotFound(
                    Message.of("not-pinned", "The lock file does not pin what is asked for.")
                            .then(e.message()),
                    Hint.plain("Ask for what it pins, or write a new lock file."));
        }
    }

    /**
     * Refuses before the first byte what could not end well: files that must not be replaced, a full disk.
     *
     * @throws FetchException.Storage naming what is in the way
     */
    void check(List<RepoFile> files, SnapshotStore store) throws IOException {
        long needed = 0;
        for (RepoFile file : files) {
            if (request.force() || !store.seems(file)) {
                store.checkReplaceable(file);
                needed += file.size() - store.partialBytes(file);
            } else if (store.bytesToCopy(file) > 0) {
                store.checkReplaceable(file);
                needed += store.bytesToCopy(file);
            }
        }
        long free = store.usableBytes();
        if (free > 0 && needed > 0 && needed > free - Math.min(Limits.SPARE_BYTES, needed)) {
            throw new FetchException.Storage(
                    Message.of(
                            "no-room",
                            "No room: {0} to fetch, {1} free under {2}.",
                            size(needed),
                            size(free),
                            store.root()),
                    Hint.of("no-room", "Free some space, store elsewhere, or choose fewer files."));
        }
    }

    /** The same facts for people who only want to look. */
    List<Plan.Item> items(List<Listing.Row> rows, SnapshotStore store) {
        return rows.stream()
                .map(row -> {
                    RepoFile file = row.file();
                    boolean stored = !request.force() && store.seems(file);
                    long present = stored ? file.size() : request.force() ? 0 : store.partialBytes(file);
                    return new Plan.Item(file, row.sources(), stored, present);
                })
                .toList();
    }

    private static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.95) {
            value /= 1000;
            unit++;
        }
        return String.format(java.util.Locale.ROOT, "%.1f %sB", value, "kMGTPE".charAt(unit));
    }
}
