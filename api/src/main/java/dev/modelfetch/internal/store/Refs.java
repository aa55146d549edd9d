package dev.modelfetch.internal.store;

import dev.modelfetch.FetchException;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.SafePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Which commit a branch or tag pointed at: a file for each, holding the commit and no line end (huggingface.md 5.2). */
final class Refs {

    static final String DEFAULT = "main";

    private final Path directory;

    Refs(Path directory) {
        this.directory = directory;
    }

    Optional<String> read(String revision) {
        try {
            String text =
                    Files.readString(SafePath.resolve(directory, revision)).strip();
            return CommitName.isPlain(text) ? Optional.of(text) : Optional.empty();
        } catch (IOException | FetchException.Storage e) {
            return Optional.empty();
        }
    }

    /** Points a revision at a commit; one whose name cannot be a file here is left out, as nothing could look it up. */
    void write(Path scratch, String revision, String commit) throws IOException {
        Path file;
        try {
            file = SafePath.resolve(directory, revision);
        } catch (FetchException.Storage e) {
            return;
        }
        if (!Files.isRegularFile(file)
                || !Arrays.equals(Files.readAllBytes(file), commit.getBytes(StandardCharsets.UTF_8))) {
            AtomicFile.write(scratch, file, commit);
        }
    }
}
