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
        options.value("--local-dir", "DIR", Path::of, said -> localDir = said);
        options.value("--cache-dir", "DIR", Path::of, said -> cacheDir = said);
    }

    Destination destination() {
        return localDir == null ? new Destination.DefaultCache() : new Destination.Directory(localDir);
    }
}
