package dev.modelfetch.cli;

import dev.modelfetch.Destination;
import dev.modelfetch.FetchException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where files are kept. */
final class StoreOptions {

    @Option(names = "--local-dir", paramLabel = "DIR", descriptionKey = "opt.local-dir")
    @Nullable
    Path localDir;

    @Option(names = "--cache-dir", paramLabel = "DIR", descriptionKey = "opt.cache-dir")
    @Nullable
    Path cacheDir;

    /** Root of the hub cache; null for the default. */
    @Nullable
    Path cacheDirectory() {
        if (localDir != null && cacheDir != null) {
            throw new FetchException.Usage(
                    "--local-dir and --cache-dir contradict each other.",
                    "Use --local-dir for plain files, or --cache-dir for a cache that programs share.");
        }
        return cacheDir == null ? null : cacheDir.toAbsolutePath().normalize();
    }

    Destination destination() {
        return localDir == null ? new Destination.DefaultCache() : new Destination.Directory(localDir);
    }
}
