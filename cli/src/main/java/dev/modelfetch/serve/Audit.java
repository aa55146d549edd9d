package dev.modelfetch.serve;

import com.google.gson.JsonObject;
import dev.modelfetch.Pinned;
import dev.modelfetch.RepoFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Who has read which file, one line of JSON for each reading; without tokens and queries. The file is opened for every line,
 * so that it may be moved away at any time. Thread-safe.
 */
final class Audit {

    private final Optional<Path> file;
    private final InstantSource clock;

    /** @param file empty to note down nothing */
    Audit(Optional<Path> file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /** @param outcome {@code sent}, {@code aborted} or {@code refused} */
    void note(Ask ask, Visitor visitor, Pinned pinned, RepoFile row, long bytes, String outcome) {
        if (file.isEmpty()) {
            return;
        }
        JsonObject line = new JsonObject();
        line.addProperty("time", clock.instant().toString());
        visitor.account().ifPresent(account -> line.addProperty("account", account.name()));
        line.addProperty("address", ask.address());
        line.addProperty("repo", pinned.repo().toString());
        line.addProperty("commit", pinned.commit());
        line.addProperty("path", row.path());
        row.digest().ifPresent(digest -> line.addProperty("digest", digest.toString()));
        line.addProperty("bytes", bytes);
        line.addProperty("outcome", outcome);
        append(file.get(), line + "\n");
    }

    private synchronized void append(Path to, String line) {
        try {
            Files.writeString(to, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.getLogger(Audit.class.getName())
                    .log(Level.WARNING, "what was read is not noted down: " + e.getMessage());
        }
    }
}
