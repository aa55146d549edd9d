package dev.modelfetch.serve;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.modelfetch.Pinned;
import dev.modelfetch.RepoFile;
import java.util.HashMap;
import java.util.Map;
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
        return Form.text(batch, "operation").equals("download");
    }

    Reply answer(JsonObject batch) {
        Map<String, RepoFile> rows = new HashMap<>();
        for (RepoFile row : pinned.manifest().files()) {
            Optional.ofNullable(row.sha256()).ifPresent(sha256 -> rows.putIfAbsent(sha256.hex(), row));
        }
        JsonArray objects = new JsonArray();
        JsonElement wanted = batch.get("objects");
        if (wanted != null && wanted.isJsonArray()) {
            for (JsonElement each : wanted.getAsJsonArray()) {
                if (each.isJsonObject()) {
                    String oid = Form.text(each.getAsJsonObject(), "oid");
                    RepoFile row = rows.get(oid);
                    objects.add(row == null ? absent(oid, each.getAsJsonObject()) : object(oid, row));
                }
            }
        }
        JsonObject json = new JsonObject();
        json.addProperty("transfer", "basic");
        json.add("objects", objects);
        return Reply.json(200, json).with("Content-Type", "application/vnd.git-lfs+json");
    }

    private static JsonObject absent(String oid, JsonObject asked) {
        JsonObject error = new JsonObject();
        error.addProperty("code", 404);
        error.addProperty("message", "Object does not exist");
        JsonObject object = new JsonObject();
        object.addProperty("oid", oid);
        object.add("size", asked.get("size"));
        object.add("error", error);
        return object;
    }

    private JsonObject object(String oid, RepoFile row) {
        JsonObject object = new JsonObject();
        object.addProperty("oid", oid);
        object.addProperty("size", row.size());
        JsonObject download = new JsonObject();
        download.addProperty("href", options.publicUrl() + Route.address(pinned.repo(), pinned.commit(), row.path()));
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
