package dev.modelfetch.serve;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.modelfetch.Depot;
import dev.modelfetch.Digest;
import dev.modelfetch.Pinned;
import dev.modelfetch.Proof;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the Hub says of a commit, made from its listing. Nothing of Xet is in it: clients would look for it here. */
final class Documents {

    private static final int POINTER = 127;

    private final Depot depot;
    private final Pinned pinned;

    Documents(Depot depot, Pinned pinned) {
        this.depot = depot;
        this.pinned = pinned;
    }

    /** By which the file is named in the caches of clients; empty if nobody knows it yet. */
    static Optional<Digest> etag(RepoFile row) {
        return isLarge(row) ? Optional.ofNullable(row.sha256()) : Optional.ofNullable(row.gitBlob());
    }

    /** Whether it is shown as one that git has only a pointer of: so is every file of a hub that knows no git. */
    private static boolean isLarge(RepoFile row) {
        return row.sha256() != null && (row.lfs() || row.gitBlob() == null);
    }

    /** The text that git has in the place of a large file; empty for others. */
    static Optional<String> pointer(RepoFile row) {
        Digest sha256 = row.sha256();
        return isLarge(row) && sha256 != null
                ? Optional.of("version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256.hex() + "\nsize "
                        + row.size() + "\n")
                : Optional.empty();
    }

    /** @param details whether each file is described as well */
    JsonObject info(boolean details) {
        JsonObject info = new JsonObject();
        info.addProperty(
                "_id", pinned.commit().substring(0, Math.min(24, pinned.commit().length())));
        info.addProperty("id", pinned.repo().id());
        if (pinned.repo().type() == RepoType.MODEL) {
            info.addProperty("modelId", pinned.repo().id());
        }
        pinned.repo().owner().ifPresent(owner -> info.addProperty("author", owner));
        info.addProperty("sha", pinned.commit());
        info.addProperty("lastModified", time());
        info.addProperty("createdAt", time());
        info.addProperty("private", false);
        // Whoever sees this may read it.
        info.addProperty("gated", false);
        info.addProperty("disabled", false);
        info.addProperty("downloads", 0);
        info.addProperty("likes", 0);
        info.add("tags", new JsonArray());
        info.addProperty("usedStorage", pinned.manifest().totalSize());
        JsonArray siblings = new JsonArray();
        pinned.manifest().files().forEach(row -> siblings.add(sibling(row, details)));
        info.add("siblings", siblings);
        return info;
    }

    /** A stored repository, as a search finds it. */
    static JsonObject finding(Repo repo) {
        JsonObject found = new JsonObject();
        found.addProperty("_id", Form.encoded(repo.toString()));
        found.addProperty("id", repo.id());
        if (repo.type() == RepoType.MODEL) {
            found.addProperty("modelId", repo.id());
        }
        found.addProperty("private", false);
        found.addProperty("downloads", 0);
        found.addProperty("likes", 0);
        found.add("tags", new JsonArray());
        return found;
    }

    private JsonObject sibling(RepoFile row, boolean details) {
        JsonObject sibling = new JsonObject();
        sibling.addProperty("rfilename", row.path());
        if (details) {
            sibling.addProperty("size", row.size());
            depot.gitId(row).ifPresent(id -> sibling.addProperty("blobId", id.hex()));
            if (isLarge(row)) {
                JsonObject lfs = new JsonObject();
                etag(row).ifPresent(sha256 -> lfs.addProperty("sha256", sha256.hex()));
                lfs.addProperty("size", row.size());
                lfs.addProperty("pointerSize", POINTER);
                sibling.add("lfs", lfs);
            }
        }
        return sibling;
    }

    /** Whether there is such a folder; the root always is. */
    boolean hasFolder(String folder) {
        return folder.isEmpty()
                || pinned.manifest().files().stream().anyMatch(row -> row.path().startsWith(folder + "/"));
    }

    /** Folders and files below a folder, by path. */
    List<JsonObject> tree(String folder, boolean recursive, boolean expand, boolean digests) {
        String below = folder.isEmpty() ? "" : folder + "/";
        Set<String> folders = new TreeSet<>();
        List<JsonObject> files = new ArrayList<>();
        for (RepoFile row : pinned.manifest().files()) {
            if (!row.path().startsWith(below)) {
                continue;
            }
            String rest = row.path().substring(below.length());
            for (int mark = rest.indexOf('/'); mark >= 0; mark = rest.indexOf('/', mark + 1)) {
                folders.add(below + rest.substring(0, mark));
                if (!recursive) {
                    break;
                }
            }
            if (recursive || rest.indexOf('/') < 0) {
                JsonObject file = file(row, expand);
                if (digests) {
                    addDigest(row, file);
                }
                files.add(file);
            }
        }
        List<JsonObject> rows = new ArrayList<>();
        folders.forEach(each -> rows.add(folder(each, expand)));
        rows.addAll(files);
        return rows;
    }

    /** What is asked for by name; unknown ones are left out. */
    JsonArray paths(Collection<String> paths, boolean expand) {
        JsonArray rows = new JsonArray();
        Set<String> folders = folders();
        for (String path : new LinkedHashSet<>(paths)) {
            String plain = Form.bare(path);
            Optional<RepoFile> row = pinned.manifest().file(plain);
            if (row.isPresent()) {
                rows.add(file(row.get(), expand));
            } else if (folders.contains(plain)) {
                rows.add(folder(plain, expand));
            }
        }
        return rows;
    }

    /** For our own program: of every file that is known so well, and who has vouched for what is stored. */
    private void addDigest(RepoFile row, JsonObject json) {
        Optional<Proof> proof = depot.proof(pinned, row);
        proof.map(Proof::sha256)
                .or(() -> Optional.ofNullable(row.sha256()))
                .ifPresent(sha256 -> json.addProperty("sha256", sha256.hex()));
        proof.ifPresent(known -> json.addProperty("verified", known.verified().word()));
    }

    private Set<String> folders() {
        Set<String> folders = new HashSet<>();
        for (RepoFile row : pinned.manifest().files()) {
            // Where one is known, so are those around it.
            for (int mark = row.path().lastIndexOf('/');
                    mark > 0 && folders.add(row.path().substring(0, mark));
                    mark = row.path().lastIndexOf('/', mark - 1)) {}
        }
        return folders;
    }

    private JsonObject file(RepoFile row, boolean expand) {
        JsonObject json = new JsonObject();
        json.addProperty("type", "file");
        json.addProperty("oid", depot.gitId(row).map(Digest::hex).orElse(pinned.commit()));
        json.addProperty("size", row.size());
        if (isLarge(row)) {
            JsonObject lfs = new JsonObject();
            etag(row).ifPresent(sha256 -> lfs.addProperty("oid", sha256.hex()));
            lfs.addProperty("size", row.size());
            lfs.addProperty("pointerSize", POINTER);
            json.add("lfs", lfs);
        }
        json.addProperty("path", row.path());
        return expand ? expanded(json) : json;
    }

    private JsonObject folder(String path, boolean expand) {
        JsonObject json = new JsonObject();
        json.addProperty("type", "directory");
        json.addProperty("oid", pinned.commit());
        json.addProperty("size", 0);
        json.addProperty("path", path);
        return expand ? expanded(json) : json;
    }

    private JsonObject expanded(JsonObject json) {
        JsonObject commit = new JsonObject();
        commit.addProperty("id", pinned.commit());
        commit.addProperty("title", "");
        commit.addProperty("date", time());
        json.add("lastCommit", commit);
        return json;
    }

    JsonObject refs(boolean pullRequests) {
        JsonObject branch = new JsonObject();
        branch.addProperty("name", "main");
        branch.addProperty("ref", "refs/heads/main");
        branch.addProperty("targetCommit", pinned.commit());
        JsonArray branches = new JsonArray();
        branches.add(branch);
        JsonObject refs = new JsonObject();
        refs.add("branches", branches);
        refs.add("converts", new JsonArray());
        refs.add("tags", new JsonArray());
        if (pullRequests) {
            refs.add("pullRequests", new JsonArray());
        }
        return refs;
    }

    private String time() {
        return pinned.known().truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ".000Z");
    }
}
