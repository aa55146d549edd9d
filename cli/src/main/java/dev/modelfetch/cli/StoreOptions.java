package dev.modelfetch.cli;

import dev.modelfetch.Destination;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where files are kept. */
final class StoreOptions {

    @Nullable
    Path localDir;

    @Nullable
    Path cacheDir;

    void declare(Options options) {
        options.path("--local-dir", "DIR", said -> localDir = said);
        options.path("--cache-dir", "DIR", said -> cacheDir = said);
    }

    Destination destination() {
        return localDir == null ? new Destination.DefaultCache() : new Destination.Directory(localDir);
    }
}
