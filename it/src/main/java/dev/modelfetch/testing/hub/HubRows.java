package dev.modelfetch.testing.hub;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Hub's JSON for repositories and files (huggingface.md 1.5 to 1.8). */
final class HubRows {

    private static final String DATE = "2026-07-30T09:12:44.000Z";

    private HubRows() {}

    static Map<String, @Nullable Object> info(Repository repository, Commit commit, boolean blobs) {
        Map<String, @Nullable Object> info = new LinkedHashMap<>();
        info.put("_id", repositoryHash(repository));
        info.put("id", repository.id());
        info.put("author", repository.id().split("/", -1)[0]);
        info.put("sha", commit.id());
        info.put("lastModified", DATE);
        info.put("createdAt", DATE);
        info.put("private", repository.access() == Repository.Access.PRIVATE);
        info.put("gated", repository.access() == Repository.Access.GATED ? "manual" : (Object) false);
        info.put("disabled", false);
        info.put("xetEnabled", true);
        info.put("downloads", 18342);
        info.put("likes", 211);
        info.put("tags", List.of("safetensors", "license:apache-2.0", "region:us"));
        info.put(
                "siblings",
                commit.files().values().stream()
                        .map(file -> sibling(file, blobs))
                        .toList());
        return info;
    }

    static Map<String, @Nullable Object> entry(Commit.Row row) {
        StoredFile file = row.file();
        if (file == null) {
            String tree = Content.text("tree " + row.path()).gitBlob();
            return Json.object("type", "directory", "oid", tree, "size", 0, "path", row.path());
        }
        Map<String, @Nullable Object> entry = Json.object(
                "type", "file", "oid", file.oid(), "size", file.content().size());
        if (file.lfs()) {
            entry.put("lfs", large(file, "oid"));
            entry.put("xetHash", file.xetHash());
        }
        entry.put("path", row.path());
        return entry;
    }

    static Map<String, @Nullable Object> refs(Repository repository) {
        List<Map<String, @Nullable Object>> tags = repository.refs().entrySet().stream()
                .map(ref -> Json.object(
                        "name", ref.getKey(),
                        "ref", "refs/tags/" + ref.getKey(),
                        "targetCommit", ref.getValue().id()))
                .toList();
        Object main = Json.object(
                "name",
                "main",
                "ref",
                "refs/heads/main",
                "targetCommit",
                repository.head().id());
        return Json.object("branches", List.of(main), "converts", List.of(), "tags", tags);
    }

    /** One commit of a page of history. */
    static List<Map<String, @Nullable Object>> history(Commit commit) {
        return List.of(
                Json.object("id", commit.id(), "title", "Upload", "message", "", "date", DATE, "authors", List.of()));
    }

    /** The repository's internal number, 24 hex digits. */
    static String repositoryHash(Repository repository) {
        return Content.text(repository.id()).sha256().substring(0, 24);
    }

    private static Map<String, @Nullable Object> sibling(StoredFile file, boolean blobs) {
        Map<String, @Nullable Object> sibling = Json.object("rfilename", file.path());
        if (blobs) {
            sibling.put("blobId", file.oid());
            sibling.put("size", file.content().size());
            if (file.lfs()) {
                sibling.put("lfs", large(file, "sha256"));
            }
        }
        return sibling;
    }

    // The digest has another name in listings than in repository information.
    private static Map<String, @Nullable Object> large(StoredFile file, String digestName) {
        return Json.object(
                digestName,
                file.content().sha256(),
                "size",
                file.content().size(),
                "pointerSize",
                file.pointer().size());
    }
}
