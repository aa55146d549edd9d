package dev.modelfetch.cli.screen;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.modelfetch.CheckProgress;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as one JSON object each: {@code event} and {@code at} first, then what the event carries. */
final class JsonLines {

    private boolean ended;

    /** The line for that event. */
    String line(FetchEvent event) {
        ended |= event instanceof FetchEvent.Failed || event instanceof FetchEvent.Done;
        JsonObject json = new JsonObject();
        json.addProperty("event", event.word());
        json.addProperty("at", event.at().toString());
        body(event).entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        return json.toString();
    }

    /** The line for how far the hashing of a cache is. */
    String line(CheckProgress progress, Instant now) {
        JsonObject json = new JsonObject();
        json.addProperty("event", "checking");
        json.addProperty("at", now.toString());
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
        JsonObject json = new JsonObject();
        json.addProperty("event", word);
        json.addProperty("at", now.toString());
        fields.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        return List.of(json.toString());
    }

    private static JsonObject body(FetchEvent event) {
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
        } else if (event instanceof FetchEvent.FileStarted e) {
            transfer(json, e.path(), e.source(), e.size());
            json.addProperty("present", e.present());
        } else if (event instanceof FetchEvent.Progress e) {
            transfer(json, e.path(), String.join(",", e.sources()), e.size());
            json.addProperty("done", e.done());
            JsonArray sources = new JsonArray();
            e.sources().forEach(sources::add);
            json.add("sources", sources);
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
            return Json.result(e.result());
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
