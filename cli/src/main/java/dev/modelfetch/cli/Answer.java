package dev.modelfetch.cli;

import com.google.gson.JsonObject;
import dev.modelfetch.cli.screen.Exit;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.Line;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command has to say at its end, in both forms.
 *
 * @param failure null when it succeeded
 * @param json the one object of {@code --json}
 * @param out lines for stdout otherwise
 * @param notes lines for stderr, before the result
 */
record Answer(@Nullable Exit failure, JsonObject json, List<String> out, List<Line> notes) {

    Answer {
        out = List.copyOf(out);
        notes = List.copyOf(notes);
    }

    static Answer success(JsonObject json, List<String> out, List<Line> notes) {
        return new Answer(null, json, out, notes);
    }

    /** Ended as {@code exit} says; other keys of {@code details} stand beside {@code error} and {@code probes}. */
    static Answer failure(Exit exit, JsonObject details, List<String> out) {
        JsonObject json = Json.failure(exit);
        details.entrySet().stream()
                .filter(entry -> !json.has(entry.getKey()))
                .toList()
                .forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        return new Answer(exit, json, out, List.of());
    }
}
