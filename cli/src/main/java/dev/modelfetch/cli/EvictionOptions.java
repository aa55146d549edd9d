package dev.modelfetch.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What every command that deletes can be told. */
final class EvictionOptions {

    final OutputOptions output = new OutputOptions();

    @Nullable
    Path cacheDir;

    boolean yes;
    boolean dryRun;

    void declare(Options options) {
        options.flag("-y", "--yes", said -> yes = said);
        options.ownFlag("dry-run-of-deletion", said -> dryRun = said, "--dry-run");
        options.path("--cache-dir", "DIR", said -> cacheDir = said);
        output.declareBrief(options);
    }
}
