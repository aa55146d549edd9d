package dev.modelfetch.cli.screen;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.modelfetch.CacheContents;
import dev.modelfetch.CacheWarning;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Evicted;
import dev.modelfetch.Eviction;
import dev.modelfetch.Leftover;
import java.nio.file.Path;
import java.util.List;

/** The objects of {@code fetch cache … --json}, in the manner of {@link Json}. */
public final class CacheJson {

    private CacheJson() {}

    public static JsonObject contents(CacheContents contents, List<StoredRow> rows, boolean byRevision) {
        JsonObject json = root(contents.root());
        json.addProperty("bytes", contents.bytes());
        json.add(byRevision ? "revisions" : "repositories", Json.array(rows, CacheJson::row));
        json.add("leftovers", Json.array(contents.leftovers(), CacheJson::leftover));
        json.add("warnings", Json.array(contents.warnings(), CacheJson::warning));
        json.add("probes", new JsonArray());
        return json;
    }

    private static JsonObject row(StoredRow row) {
        CachedRevision revision = row.revision();
        JsonObject json = named(row.repo());
        if (revision != null) {
            json.addProperty("commit", revision.commit());
        }
        json.addProperty("path", (revision == null ? row.repo().path() : revision.path()).toString());
        json.addProperty("size", row.size());
        json.addProperty(
                "files",
                revision == null ? row.repo().files() : revision.files().size());
        json.addProperty("lastAccessed", row.lastAccessed().toString());
        json.addProperty("lastModified", row.lastModified().toString());
        json.add("refs", words(row.refs()));
        json.add("sources", words(row.sources()));
        row.verified().ifPresent(level -> json.addProperty("verified", level.word()));
        if (revision == null) {
            json.addProperty("revisions", row.repo().revisions().size());
            json.addProperty("unfinished", row.unfinished());
            json.add("leftovers", Json.array(row.repo().leftovers(), CacheJson::leftover));
            json.add("warnings", Json.array(row.repo().warnings(), CacheJson::warning));
        } else {
            revision.missing().ifPresent(files -> json.addProperty("missing", files));
        }
        return json;
    }

    /** What would go; {@code bytes} is what that frees. */
    public static JsonObject plan(Eviction plan, boolean dryRun) {
        JsonObject json = root(plan.root());
        json.addProperty("dryRun", dryRun);
        json.addProperty("bytes", plan.bytes());
        json.add("repositories", Json.array(plan.repositories(), share -> {
            JsonObject one = named(share.repo());
            one.addProperty("whole", share.whole());
            one.addProperty("bytes", share.bytes());
            one.add(
                    "commits",
                    words(share.revisions().stream().map(CachedRevision::commit).toList()));
            one.add("deletions", Json.array(share.deletions(), CacheJson::deletion));
            return one;
        }));
        json.add("shared", Json.array(plan.shared(), CacheJson::deletion));
        json.add("probes", new JsonArray());
        return json;
    }

    /** What was to go, and what really became of it. */
    public static JsonObject done(Eviction plan, Evicted evicted) {
        JsonObject json = plan(plan, false);
        json.addProperty("freed", evicted.bytes());
        json.add("deleted", words(evicted.deleted().stream().map(Path::toString).toList()));
        json.add("skipped", Json.array(evicted.skipped(), skipped -> {
            JsonObject one = new JsonObject();
            one.addProperty("path", skipped.path().toString());
            one.addProperty("reason", skipped.reason().word());
            one.addProperty("detail", skipped.detail());
            return one;
        }));
        return json;
    }

    public static JsonObject checks(Path root, List<StoredRevisionCheck> checks) {
        JsonObject json = root(root);
        json.addProperty("ok", checks.stream().allMatch(each -> each.check().ok()));
        json.add("revisions", Json.array(checks, each -> {
            JsonObject one = named(each.repo());
            Json.check(each.check()).entrySet().stream()
                    .filter(entry -> !entry.getKey().equals("probes"))
                    .forEach(entry -> one.add(entry.getKey(), entry.getValue()));
            return one;
        }));
        json.add("probes", new JsonArray());
        return json;
    }

    private static JsonObject root(Path root) {
        JsonObject json = new JsonObject();
        json.addProperty("root", root.toString());
        return json;
    }

    private static JsonObject named(CachedRepo repo) {
        JsonObject json = new JsonObject();
        json.addProperty("id", repo.key());
        json.addProperty("repo", repo.id());
        json.addProperty("type", repo.type());
        return json;
    }

    private static JsonObject deletion(Eviction.Deletion deletion) {
        JsonObject json = new JsonObject();
        json.addProperty("path", deletion.path().toString());
        json.addProperty("bytes", deletion.bytes());
        return json;
    }

    private static JsonObject leftover(Leftover leftover) {
        JsonObject json = new JsonObject();
        json.addProperty("path", leftover.path().toString());
        json.addProperty("kind", leftover.kind().word());
        json.addProperty("bytes", leftover.bytes());
        json.addProperty("lastModified", leftover.lastModified().toString());
        return json;
    }

    private static JsonObject warning(CacheWarning warning) {
        JsonObject json = new JsonObject();
        json.addProperty("path", warning.path().toString());
        json.addProperty("kind", warning.kind().word());
        json.addProperty("detail", warning.detail());
        return json;
    }

    static JsonArray words(List<String> words) {
        JsonArray array = new JsonArray();
        words.forEach(word -> array.add(new JsonPrimitive(word)));
        return array;
    }
}
