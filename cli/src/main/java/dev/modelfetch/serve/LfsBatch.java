package dev.modelfetch.serve;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.modelfetch.Pinned;
import dev.modelfetch.RepoFile;
import java.util.Optional;

/** Where git-lfs finds large files: at the addresses that everybody else uses, so that the same rules hold. */
final class LfsBatch {

    private final BoxOptions options;
    private final Ask ask;
    private final Pinned pinned;

    LfsBatch(BoxOptions options, Ask ask, Pinned pinned) {
        this.options = options;
        this.ask = ask;
        this.pinned = pinned;
    }

    static boolean isDownload(JsonObject batch) {
        JsonElement operation = batch.get("operation");
        return operation != null
                && operation.isJsonPrimitive()
                && operation.getAsString().equals("download");
    }

    Reply answer(JsonObject batch) {
        JsonArray objects = new JsonArray();
        JsonElement wanted = batch.get("objects");
        if (wanted != null && wanted.isJsonArray()) {
            for (JsonElement each : wanted.getAsJsonArray()) {
                if (each.isJsonObject()) {
                    objects.add(object(each.getAsJsonObject()));
                }
            }
        }
        JsonObject json = new JsonObject();
        json.addProperty("transfer", "basic");
        json.add("objects", objects);
        return Reply.json(200, json).with("Content-Type", "application/vnd.git-lfs+json");
    }

    private JsonObject object(JsonObject asked) {
        String oid = asked.has("oid") ? asked.get("oid").getAsString() : "";
        JsonObject object = new JsonObject();
        object.addProperty("oid", oid);
        Optional<RepoFile> row = pinned.manifest().files().stream()
                .filter(each -> each.sha256() != null && each.sha256().hex().equals(oid))
                .findFirst();
        if (row.isEmpty()) {
            object.addProperty("size", asked.has("size") ? asked.get("size").getAsLong() : 0);
            JsonObject error = new JsonObject();
            error.addProperty("code", 404);
            error.addProperty("message", "Object does not exist");
            object.add("error", error);
            return object;
        }
        object.addProperty("size", row.get().size());
        JsonObject download = new JsonObject();
        download.addProperty(
                "href",
                options.publicUrl()
                        + Route.address(
                                pinned.repo(), pinned.commit(), row.get().path()));
        ask.header("Authorization").ifPresent(own -> {
            JsonObject header = new JsonObject();
            header.addProperty("Authorization", own);
            download.add("header", header);
        });
        JsonObject actions = new JsonObject();
        actions.add("download", download);
        object.addProperty("authenticated", true);
        object.add("actions", actions);
        return object;
    }
}
