package dev.modelfetch.cli;

import dev.modelfetch.Destination;
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

    Destination destination() {
        return localDir == null ? new Destination.DefaultCache() : new Destination.Directory(localDir);
    }
}
