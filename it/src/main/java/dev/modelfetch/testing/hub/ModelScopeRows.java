package dev.modelfetch.testing.hub;

import dev.modelfetch.RepoType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** ModelScope's JSON for repositories and files (modelscope.md 2). */
final class ModelScopeRows {

    private static final long THEN = 1_751_443_200L;

    private ModelScopeRows() {}

    static Reply success(@Nullable Object data, @Nullable Object... more) {
        Map<String, @Nullable Object> envelope =
                Json.object("Code", 200, "Message", "success", "RequestId", "6c0a6f0e", "Success", true);
        envelope.putAll(Json.object(more));
        envelope.put("Data", data);
        return Reply.json(200, envelope);
    }

    static Map<String, @Nullable Object> info(Repository repository) {
        boolean model = repository.type() == RepoType.MODEL;
        String[] id = repository.id().split("/", -1);
        Map<String, @Nullable Object> info = Json.object(
                "Id",
                371234,
                "Name",
                id[1],
                model ? "Path" : "Namespace",
                id[0],
                "Visibility",
                5,
                "License",
                "apache-2.0");
        info.putAll(Json.object("Downloads", 1234, "LastUpdatedTime", THEN, "ReadMeContent", ""));
        if (model) {
            info.put("Revision", "master");
        } else {
            info.put("Type", 4);
        }
        return info;
    }

    static Map<String, @Nullable Object> revisions(Repository repository) {
        Map<String, @Nullable Object> master = revision("master");
        if (repository.type() == RepoType.DATASET) {
            master.put("CommitId", repository.head().id());
        }
        List<Map<String, @Nullable Object>> tags = repository.refs().keySet().stream()
                .sorted()
                .map(ModelScopeRows::revision)
                .toList();
        return Json.object(
                "RevisionMap", Json.object("Branches", List.of(master), "Tags", tags.isEmpty() ? null : tags));
    }

    private static Map<String, @Nullable Object> revision(String name) {
        return Json.object("Revision", name, "CreatedAt", THEN, "ShowName", name);
    }

    static Map<String, @Nullable Object> commit(Commit commit) {
        return Json.object(
                "Id",
                commit.id(),
                "ShortId",
                commit.id().substring(0, 8),
                "Title",
                "Upload",
                "Message",
                "Upload\n",
                "AuthorName",
                "demo-bot",
                "CommittedDate",
                THEN,
                "CreatedAt",
                THEN);
    }

    static Map<String, @Nullable Object> row(Commit.Row row, RepoType type) {
        StoredFile file = row.file();
        String name = row.path().substring(row.path().lastIndexOf('/') + 1);
        Map<String, @Nullable Object> json = Json.object(
                "Name",
                name,
                "Path",
                row.path(),
                "Type",
                file == null ? "tree" : "blob",
                "Mode",
                file == null ? "16384" : "33188",
                "Size",
                file == null ? 0 : file.content().size(),
                "IsLFS",
                file != null && file.lfs(),
                "Sha256",
                file == null ? "" : file.content().sha256(),
                // The commit that last touched this entry, never the commit listed.
                "Revision",
                Content.text("touched " + row.path()).gitBlob(),
                "CommitMessage",
                "Upload",
                "CommittedDate",
                THEN,
                "InCheck",
                false);
        if (type == RepoType.DATASET) {
            json.put("CommitId", null);
        }
        return json;
    }

    static List<Map<String, @Nullable Object>> rows(Stream<Commit.Row> rows, RepoType type) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        rows.forEach(row -> list.add(row(row, type)));
        return list;
    }
}
