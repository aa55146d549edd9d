package dev.modelfetch.internal.store;

import dev.modelfetch.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The mark by which backup programs know that a directory can be fetched again; its first line is fixed. */
final class CacheTag {

    private static final String TEXT = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This file is a cache directory tag created by modelfetch.
            # For information about cache directory tags, see https://bford.info/cachedir/
            """;

    private CacheTag() {}

    /** Puts it there unless there is one. */
    static void ensure(Path scratch, Path directory) throws IOException {
        Path tag = directory.resolve("CACHEDIR.TAG");
        if (!Files.exists(tag)) {
            AtomicFile.write(scratch, tag, TEXT);
        }
    }
}
