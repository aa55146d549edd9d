package dev.modelfetch.cli;

import dev.modelfetch.Destination;
import dev.modelfetch.FetchException;
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

    /** The text of a shell variable that is not set names no directory, rather than the current one. */
    static Path directory(String text) {
        if (text.isBlank()) {
            throw new FetchException.Usage("The name of the directory is empty.", "Name one, or leave the option out.");
        }
        return Path.of(text);
    }

    Destination destination() {
        return localDir == null ? new Destination.DefaultCache() : new Destination.Directory(localDir);
    }
}
