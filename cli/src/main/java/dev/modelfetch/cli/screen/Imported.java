package dev.modelfetch.cli.screen;

import com.google.gson.JsonObject;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What came of a folder of somebody else's.
 *
 * @param snapshot with the files that were taken
 * @param lacking paths that belong to the repository, and are not in the folder or are something else there
 */
public record Imported(Path folder, Snapshot snapshot, List<String> lacking) {

    /** What is named when something is missing. */
    private static final int NAMED = 3;

    public Imported {
        lacking = List.copyOf(lacking);
    }

    /** Of everything that is listed, what was not taken. */
    public static List<String> lacking(List<RepoFile> listed, Snapshot snapshot) {
        Set<String> taken = new HashSet<>();
        snapshot.files().forEach(file -> taken.add(file.path()));
        return listed.stream()
                .map(RepoFile::path)
                .filter(path -> !taken.contains(path))
                .toList();
    }

    /** For a person. */
    public List<Line> lines(Messages messages) {
        List<Line> lines = new ArrayList<>();
        long bytes = snapshot.files().stream().mapToLong(Snapshot.Item::size).sum();
        lines.add(Line.good(messages.say(
                "import.taken",
                snapshot.repo(),
                Count.files(snapshot.files().size(), messages),
                Figures.bytes(bytes),
                folder)));
        if (!lacking.isEmpty()) {
            String named = String.join(", ", lacking.subList(0, Math.min(NAMED, lacking.size())));
            lines.add(Line.note(messages.say(
                    "import.lacking",
                    Count.files(lacking.size(), messages),
                    lacking.size() > NAMED ? named + ", …" : named,
                    snapshot.repo())));
        }
        return lines;
    }

    /** For a program. */
    public static JsonObject json(List<Imported> all) {
        JsonObject json = new JsonObject();
        json.add("imported", Json.array(all, Imported::json));
        return json;
    }

    private JsonObject json() {
        JsonObject json = Json.result(snapshot);
        json.addProperty("folder", folder.toString());
        json.add("lacking", CacheJson.words(lacking));
        return json;
    }
}
