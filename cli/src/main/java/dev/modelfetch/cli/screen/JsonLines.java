package dev.modelfetch.cli.screen;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.modelfetch.CheckProgress;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events as one JSON object each: {@code event}, {@code at} and {@code v} first, then what the event carries. Whoever
 * owns it tells the board first.
 */
final class JsonLines {

    /** Of what the fields mean; new ones do not change it. */
    private static final int VERSION = 1;

    private final Board board;
    private final Map<String, Long> received = new TreeMap<>();
    private boolean ended;

    /** @param board how far the job is */
    JsonLines(Board board) {
        this.board = board;
    }

    /** The line for that event. */
    String line(FetchEvent event) {
        ended |= event instanceof FetchEvent.Failed || event instanceof FetchEvent.Done;
        if (event instanceof FetchEvent.Progress progress) {
            progress.received().forEach((source, bytes) -> received.merge(source, bytes, Long::sum));
        }
        JsonObject json = head(event.word(), event.at());
        body(event).entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        return json.toString();
    }

    /** The line for how far the hashing of a cache is. */
    String line(CheckProgress progress, Instant now) {
        JsonObject json = head("checking", now);
        json.addProperty("id", progress.repo().key());
        json.addProperty("path", progress.file());
        json.addProperty("done", progress.done());
        json.addProperty("size", progress.total());
        return json.toString();
    }

    /** The line for a failure that no event told about; none when one did. */
    List<String> failure(Exit exit, Instant now) {
        return last("error", Json.failure(exit), now);
    }

    /** The line for an end that no event told about; none when one did. */
    List<String> success(JsonObject result, Instant now) {
        return last("done", result, now);
    }

    private List<String> last(String word, JsonObject fields, Instant now) {
        if (ended) {
            return List.of();
        }
        ended = true;
        JsonObject json = head(word, now);
        fields.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        return List.of(json.toString());
    }

    private static JsonObject head(String word, Instant at) {
        JsonObject json = new JsonObject();
        json.addProperty("event", word);
        json.addProperty("at", at.toString());
        json.addProperty("v", VERSION);
        return json;
    }

    /** How far all of it is; what nobody can tell is null. */
    private JsonObject job(Instant now) {
        JsonObject job = new JsonObject();
        job.addProperty("done", board.bytesDone());
        job.addProperty("size", board.bytes());
        job.addProperty("filesDone", board.filesDone());
        job.addProperty("files", board.files());
        OptionalDouble rate = board.rate(now);
        job.add(
                "bytesPerSecond",
                rate.isPresent() ? new JsonPrimitive(Math.round(rate.getAsDouble())) : JsonNull.INSTANCE);
        job.add(
                "secondsLeft",
                board.left(now)
                        .<JsonElement>map(left -> new JsonPrimitive(left.toSeconds()))
                        .orElse(JsonNull.INSTANCE));
        return job;
    }

    private static JsonObject bytes(Map<String, Long> bySource) {
        JsonObject json = new JsonObject();
        new TreeMap<>(bySource).forEach(json::addProperty);
        return json;
    }

    private JsonObject body(FetchEvent event) {
        JsonObject json = new JsonObject();
        if (event instanceof FetchEvent.Probed e) {
            return Json.probe(e.probe());
        } else if (event instanceof FetchEvent.Resolved e) {
            json.addProperty("source", e.manifest().source());
            json.addProperty("repo", e.manifest().repo().id());
            json.addProperty("type", e.manifest().repo().type().word());
            json.addProperty("revision", e.manifest().revision());
            json.addProperty("commit", e.manifest().commit());
            json.addProperty("identity", e.identity().word());
            json.addProperty("reason", e.reason());
            json.addProperty("files", e.files());
            json.addProperty("bytes", e.bytes());
            JsonArray list = new JsonArray();
            for (RepoFile file : e.selected()) {
                JsonObject row = new JsonObject();
                row.addProperty("path", file.path());
                row.addProperty("size", file.size());
                list.add(row);
            }
            json.add("list", list);
        } else if (event instanceof FetchEvent.FileStarted e) {
            transfer(json, e.path(), e.source(), e.size());
            json.addProperty("present", e.present());
        } else if (event instanceof FetchEvent.Progress e) {
            transfer(json, e.path(), String.join(",", e.sources()), e.size());
            json.addProperty("done", e.done());
            JsonArray sources = new JsonArray();
            e.sources().forEach(sources::add);
            json.add("sources", sources);
            json.add("received", bytes(e.received()));
            json.add("job", job(e.at()));
        } else if (event instanceof FetchEvent.SourceJoined e) {
            json.addProperty("source", e.source());
            json.addProperty("host", e.host());
            json.addProperty("route", e.route());
        } else if (event instanceof FetchEvent.SourceLeft e) {
            json.addProperty("source", e.source());
            json.addProperty("host", e.host());
            json.addProperty("reason", e.reason());
            json.addProperty("until", e.until().toString());
        } else if (event instanceof FetchEvent.SourceSwitched e) {
            json.addProperty("path", e.path());
            json.addProperty("from", e.from());
            json.addProperty("to", e.to());
            json.addProperty("reason", e.reason());
        } else if (event instanceof FetchEvent.Retrying e) {
            json.addProperty("path", e.path());
            json.addProperty("source", e.source());
            json.addProperty("reason", e.reason());
            json.addProperty("pauseMillis", e.pause().toMillis());
        } else if (event instanceof FetchEvent.Waiting e) {
            json.addProperty("since", e.since().toString());
            json.add("nextTry", time(e.nextTry()));
            json.add("givesUp", time(e.givesUp()));
            JsonObject causes = new JsonObject();
            e.causes().forEach(causes::addProperty);
            json.add("causes", causes);
        } else if (event instanceof FetchEvent.Resumed e) {
            json.addProperty("since", e.since().toString());
            json.addProperty("source", e.source());
        } else if (event instanceof FetchEvent.Hashing e) {
            json.addProperty("path", e.path());
            json.addProperty("done", e.done());
            json.addProperty("size", e.size());
        } else if (event instanceof FetchEvent.Verified e) {
            json.addProperty("path", e.path());
            json.addProperty("ok", e.ok());
            json.addProperty("detail", e.detail());
        } else if (event instanceof FetchEvent.FileDone e) {
            return Json.item(e.file());
        } else if (event instanceof FetchEvent.Done e) {
            JsonObject result = Json.result(e.result());
            result.add("received", bytes(received));
            return result;
        } else if (event instanceof FetchEvent.Failed e) {
            FetchException error = e.error();
            return Json.failure(Exit.of(error).with(e.probes()));
        }
        return json;
    }

    private static JsonElement time(@Nullable Instant time) {
        return time == null ? JsonNull.INSTANCE : new JsonPrimitive(time.toString());
    }

    private static void transfer(JsonObject json, String path, String source, long size) {
        json.addProperty("path", path);
        json.addProperty("source", source);
        json.addProperty("size", size);
    }
}
