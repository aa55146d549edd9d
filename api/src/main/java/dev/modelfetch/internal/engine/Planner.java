package dev.modelfetch.internal.engine;

import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.LockFile;
import dev.modelfetch.Manifest;
import dev.modelfetch.Plan;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Selection;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.choice.Offer;
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
        Selection selection = request.selection().among(manifest.paths());
        for (String exact : selection.exactFiles()) {
            if (manifest.file(exact).isEmpty()) {
                throw missing(exact, manifest);
            }
        }
        List<RepoFile> wanted = manifest.files().stream()
                .filter(file -> selection.matches(file.path()))
                .toList();
        if (wanted.isEmpty() && !selection.isEverything()) {
            throw new FetchException.NotFound(
                    "No file of " + request.repo() + " matches " + selection + ".",
                    "List what there is with: fetch ls " + request.repo());
        }
        return request.locked().map(lock -> pinned(lock, selection, manifest)).orElse(wanted);
    }

    private FetchException.NotFound missing(String exact, Manifest manifest) {
        String folder = exact + "/";
        boolean isFolder = manifest.paths().stream().anyMatch(path -> path.startsWith(folder));
        return new FetchException.NotFound(
                (isFolder ? exact + " is a folder in " : "There is no file " + exact + " in ") + request.repo() + " at "
                        + manifest.source() + " (revision " + manifest.revision() + ").",
                isFolder
                        ? "Everything below it is asked for as " + folder
                        : "List what there is with: fetch ls " + request.repo());
    }

    /** Exactly what the lock file pins, of what is selected. */
    private List<RepoFile> pinned(LockFile lock, Selection selection, Manifest manifest) {
        List<RepoFile> pinned = new ArrayList<>();
        for (LockFile.Pin pin : lock.files()) {
            if (!selection.matches(pin.path())) {
                continue;
            }
            Digest digest = Digest.sha256(pin.sha256());
            RepoFile listed = manifest.file(pin.path()).orElse(null);
            RepoFile wanted = new RepoFile(pin.path(), pin.size(), digest, null, false);
            if (listed == null || Match.of(listed, wanted) == Match.OTHER) {
                throw new FetchException.NotStored(
                        pin.path() + " is not what the lock file pins: " + manifest.source()
                                + (listed == null ? " does not list it." : " lists other content."),
                        "Choose the source the lock file was made from (" + lock.family()
                                + "), or write a new lock file.");
            }
            pinned.add(new RepoFile(pin.path(), pin.size(), digest, listed.gitBlob(), listed.lfs()));
        }
        return pinned;
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
            }
        }
        long free = store.usableBytes();
        if (free > 0 && needed > 0 && needed > free - Limits.SPARE_BYTES) {
            throw new FetchException.Storage(
                    "No room: " + size(needed) + " to fetch, " + size(free) + " free under " + store.root() + ".",
                    "Free some space, choose another --cache-dir or --local-dir, or fewer files with --include.");
        }
    }

    /** The same facts for people who only want to look. */
    List<Plan.Item> items(List<RepoFile> files, Chosen chosen, SnapshotStore store) {
        return files.stream()
                .map(file -> {
                    boolean stored = !request.force() && store.seems(file);
                    long present = stored ? file.size() : request.force() ? 0 : store.partialBytes(file);
                    return new Plan.Item(
                            file, chosen.offers(file).stream().map(Offer::id).toList(), stored, present);
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
