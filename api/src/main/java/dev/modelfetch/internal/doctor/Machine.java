package dev.modelfetch.internal.doctor;

import dev.modelfetch.Finding;
import dev.modelfetch.Finding.Check;
import dev.modelfetch.Hint;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.file.Locks;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.store.Links;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Looks at the cache and its disk, by doing there what a fetch does, and clears away what that leaves. */
final class Machine implements Callable<Machine.Found> {

    /** Less holds hardly a model. */
    private static final long LITTLE_ROOM = 5_000_000_000L;

    /** @param works whether anything can be stored */
    record Found(boolean works, List<Finding> findings) {}

    private final Settings settings;
    private final Notes notes = Notes.ofMachine();

    Machine(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Found call() {
        Path root = settings.cacheRoot();
        boolean works = tryOut(root);
        space(root);
        return new Found(works, notes.findings());
    }

    private boolean tryOut(Path root) {
        Path scratch = null;
        try {
            // Where it would be made, if it is not there yet.
            scratch = Files.createTempDirectory(StorageErrors.existing(root), ".modelfetch-examine-");
            Files.writeString(scratch.resolve("file"), "written");
            notes.ok(Check.CACHE, "cache-writable", "{0} ({1})", root, settings.cacheFrom());
            links(scratch);
            locks(scratch);
            return true;
        } catch (IOException e) {
            var told = StorageErrors.of(e, root);
            notes.problem(
                    Check.CACHE,
                    told.hints(),
                    "cache-unwritable",
                    "{0} ({1}): {2}",
                    root,
                    settings.cacheFrom(),
                    String.valueOf(told.getMessage()).replaceAll("[.]$", ""));
            return false;
        } finally {
            clear(scratch);
        }
    }

    private static void clear(@Nullable Path scratch) {
        try {
            if (scratch != null) {
                Folders.delete(scratch);
            }
        } catch (IOException e) {
            // Whoever could not write there has said so.
        }
    }

    private void links(Path scratch) {
        if (!settings.symlinks()) {
            notes.note(
                    Check.LINKS,
                    List.of(),
                    "links-off",
                    "switched off by {0}; files are copied, which takes room twice",
                    "HF_HUB_DISABLE_SYMLINKS");
        } else if (new Links(scratch, true).inUse()) {
            notes.ok(Check.LINKS, "links-work", "work");
        } else {
            notes.note(
                    Check.LINKS,
                    List.of(Hint.of(
                            "no-links", "Nothing has to be done; on Windows, developer mode would allow them.")),
                    "links-missing",
                    "cannot be made here; files are copied, which takes room twice");
        }
    }

    private void locks(Path scratch) {
        try {
            Optional<Closeable> lock = Locks.take(scratch, "examine");
            if (lock.isPresent()) {
                lock.get().close();
            }
            notes.ok(Check.LOCKS, "locks-work", "work");
        } catch (IOException e) {
            notes.note(
                    Check.LOCKS,
                    List.of(
                            Hint.of(
                                    "no-locks",
                                    "Do not fetch the same from several programs at once, or keep the cache on a disk of this machine.")),
                    "locks-missing",
                    "do not work here: {0}",
                    String.valueOf(e.getMessage()));
        }
    }

    private void space(Path root) {
        long free = StorageErrors.usableBytes(root);
        String amount = String.format(Locale.ROOT, "%.1f GB", free / 1e9);
        if (free == 0) {
            notes.unknown(Check.SPACE, "space-unknown", "not checked: the system does not say");
        } else if (free < LITTLE_ROOM) {
            notes.note(
                    Check.SPACE,
                    List.of(Hint.of("no-room", "Free some space, store elsewhere, or choose fewer files.")),
                    "space-low",
                    "only {0} free",
                    amount);
        } else {
            notes.ok(Check.SPACE, "space-free", "{0} free", amount);
        }
    }
}
