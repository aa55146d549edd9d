package dev.modelfetch.internal.store;

import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/** Removes what a killed process left in our folder and nobody will ever continue. */
public final class Leftovers {

    // Nothing of that kind stays untouched for an hour while it is in use, save a partial behind a stalled network.
    private static final Duration ABANDONED = Duration.ofDays(7);

    private Leftovers() {}

    public static void sweep(Path folder, Instant now) throws IOException {
        for (Path entry : Folders.entries(folder, Leftovers::isPassing)) {
            if (isAbandoned(entry, now)) {
                Folders.delete(entry);
            }
        }
        Partial.tidy(folder);
    }

    /** As far in the future counts too: the clock was wrong then, or is now. */
    private static boolean isAbandoned(Path entry, Instant now) throws IOException {
        try {
            FileTime touched = Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS);
            return Duration.between(touched.toInstant(), now).abs().compareTo(ABANDONED) > 0;
        } catch (NoSuchFileException e) {
            // Another process has just given it its name.
            return false;
        }
    }

    private static boolean isPassing(Path entry) {
        String name = String.valueOf(entry.getFileName());
        return name.startsWith(AtomicFile.TEMPORARY) || Partial.isPrivateName(name);
    }
}
