package dev.modelfetch.internal.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Removes what a killed process left in our folder and nobody will ever continue. */
final class Leftovers {

    // Nothing of that kind stays untouched for an hour while it is in use, save a partial behind a stalled network.
    private static final Duration ABANDONED = Duration.ofDays(7);

    private Leftovers() {}

    static void sweep(Path folder, Instant now) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Leftovers::isPassing)) {
            for (Path entry : entries) {
                if (Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(now.minus(ABANDONED))) {
                    Files.deleteIfExists(entry);
                }
            }
        }
    }

    private static boolean isPassing(Path entry) {
        String name = String.valueOf(entry.getFileName());
        return name.startsWith(AtomicFile.TEMPORARY) || Partial.isPrivateName(name);
    }
}
