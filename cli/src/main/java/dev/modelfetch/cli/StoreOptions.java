package dev.modelfetch.cli;

import dev.modelfetch.Destination;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where files are kept. */
final class StoreOptions {

    @Nullable
    Path localDir;

    private @Nullable Path cacheDir;
    private Layout layout = Layout.HUGGINGFACE;

    void declare(Options options) {
        options.path("--local-dir", "DIR", said -> localDir = said);
        options.path("--cache-dir", "DIR", said -> cacheDir = said);
        options.word("--layout", "LAYOUT", Layout.WORDS, Layout::parse, said -> layout = said);
    }

    /** Another hub cache than the usual one; null if it is that. */
    @Nullable
    Path hubCache() {
        return layout == Layout.HUGGINGFACE ? cacheDir : null;
    }

    Destination destination() {
        if (localDir != null) {
            return new Destination.Directory(localDir);
        }
        return switch (layout) {
            case HUGGINGFACE -> new Destination.DefaultCache();
            case MODELSCOPE -> new Destination.ModelScopeCache(Optional.ofNullable(cacheDir));
        };
    }
}
