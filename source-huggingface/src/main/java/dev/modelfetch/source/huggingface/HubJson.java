package dev.modelfetch.source.huggingface;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.annotations.SerializedName;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.modelfetch.Digest;
import dev.modelfetch.HubDocument;
import dev.modelfetch.RepoFile;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Answers as they come over the wire. Anything may be missing; fields that nobody needs are not read at all. */
final class HubJson {

    private static final Gson GSON =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();

    private HubJson() {}

    /**
     * An entry of a tree or of paths-info.
     *
     * @param sha256 of a file that git keeps; no hub tells it
     */
    record Row(
            @Nullable String type,
            @Nullable String path,
            @Nullable Long size,
            @Nullable String oid,
            @Nullable Lfs lfs,
            @Nullable String sha256) {

        boolean isFile() {
            return type == null || type.equals("file");
        }

        boolean isDirectory() {
            return "directory".equals(type);
        }

        /** Whether the type is one that the protocol names; it calls links to other repositories unknown itself. */
        boolean isOfKnownType() {
            return isFile() || isDirectory() || "unknown".equals(type);
        }
    }

    /** The digest is {@code oid} in a tree and {@code sha256} in an info (huggingface.md 1.5). */
    record Lfs(
            @Nullable @SerializedName(value = "oid", alternate = "sha256")
            String sha256,

            @Nullable Long size,
            @Nullable Long pointerSize) {}

    /** A file as the repository info names it. */
    record Sibling(
            @Nullable String rfilename,
            @Nullable Long size,
            @Nullable String blobId,
            @Nullable Lfs lfs) {

        Row row() {
            return new Row("file", rfilename, size, blobId, lfs, null);
        }
    }

    /** Who a token belongs to (huggingface.md 3.3). */
    private record User(
            @Nullable String name,
            @Nullable List<@Nullable Named> orgs,
            @Nullable Auth auth) {}

    private record Named(@Nullable String name) {}

    private record Auth(@Nullable AccessToken accessToken) {}

    private record AccessToken(
            @Nullable String displayName, @Nullable FineGrained fineGrained) {}

    private record FineGrained(@Nullable List<@Nullable Scope> scoped) {}

    private record Scope(@Nullable Named entity) {}

    /** The part of a repository info that lists files. */
    record Info(@Nullable String sha, List<Row> rows) {}

    /** Reads an answer that is to be passed on, without the names of files: a list tells those, and tells all of them. */
    /** Branches, then tags; empty of anything else (huggingface.md 2). */
    static List<String> refNames(HubDocument refs) {
        return Stream.of("branches", "tags")
                .flatMap(kind -> strings(members(JsonParser.parseString(refs.json()), kind), "name"))
                .toList();
    }

    /** Of what was found. */
    static List<String> ids(HubDocument found) {
        return strings(Stream.of(JsonParser.parseString(found.json())), "id").toList();
    }

    private static Stream<JsonElement> members(JsonElement object, String name) {
        return object.isJsonObject() && object.getAsJsonObject().has(name)
                ? Stream.of(object.getAsJsonObject().get(name))
                : Stream.empty();
    }

    private static Stream<String> strings(Stream<JsonElement> arrays, String member) {
        return arrays.filter(JsonElement::isJsonArray)
                .flatMap(array -> array.getAsJsonArray().asList().stream())
                .flatMap(each -> members(each, member))
                .filter(JsonElement::isJsonPrimitive)
                .map(JsonElement::getAsString);
    }

    static HubDocument document(JsonReader json, Response response) {
        JsonElement read = JsonParser.parseReader(json);
        if (read.isJsonPrimitive() || read.isJsonNull()) {
            throw new JsonParseException("neither an object nor an array");
        }
        if (read.isJsonObject()) {
            read.getAsJsonObject().remove("siblings");
        }
        String total = response.header("X-Total-Count", "");
        return new HubDocument(
                read.toString(),
                TreeWalk.nextOf(response).map(HttpUrl::encodedQuery),
                total != null && total.matches("[0-9]{1,18}")
                        ? OptionalLong.of(Long.parseLong(total))
                        : OptionalLong.empty());
    }

    /** Reads an info only as far as its commit, which stands before the long list of files in the usual answer. */
    static Optional<String> commit(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            if (json.nextName().equals("sha") && json.peek() == JsonToken.STRING) {
                return Optional.of(json.nextString());
            }
            json.skipValue();
        }
        json.endObject();
        return Optional.empty();
    }

    /**
     * The user, with all organisations that the token may look into, if they are told.
     *
     * @throws JsonParseException if it has no name
     */
    static Account account(JsonReader json) {
        User user = GSON.fromJson(json, User.class);
        if (user == null || user.name() == null) {
            throw new JsonParseException("an account without a name");
        }
        Account account = Account.of(user.name());
        AccessToken token = user.auth() == null ? null : user.auth().accessToken();
        if (token != null && token.displayName() != null && !token.displayName().isBlank()) {
            account = account.withTokenName(token.displayName());
        }
        if (user.orgs() == null) {
            return account;
        }
        account = account.withOrganisations(names(user.orgs().stream()));
        // A fine-grained token may be limited to repositories or organisations, each with the name of its owner.
        return token == null
                        || token.fineGrained() == null
                        || token.fineGrained().scoped() == null
                ? account
                : account.seeing(names(token.fineGrained().scoped().stream()
                        .filter(Objects::nonNull)
                        .map(Scope::entity)));
    }

    private static List<String> names(Stream<@Nullable Named> entities) {
        return entities.filter(Objects::nonNull)
                .flatMap(entity -> Stream.ofNullable(entity.name()))
                .map(name -> name.split("/", 2)[0])
                .toList();
    }

    /** @throws JsonParseException if it has no list of files */
    static Info info(JsonReader json, ListingBounds bounds) throws IOException, SourceException {
        String sha = null;
        List<Row> rows = null;
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (name.equals("sha") && json.peek() == JsonToken.STRING) {
                sha = json.nextString();
            } else if (name.equals("siblings") && json.peek() == JsonToken.BEGIN_ARRAY) {
                rows = list(json, Sibling.class, Sibling::row, bounds);
            } else {
                json.skipValue();
            }
        }
        json.endObject();
        if (rows == null) {
            throw new JsonParseException("no list of files");
        }
        return new Info(sha, rows);
    }

    static List<Row> rows(JsonReader json, ListingBounds bounds) throws IOException, SourceException {
        return list(json, Row.class, row -> row, bounds);
    }

    /** One by one: an array without end must not be in memory before somebody counts it. */
    private static <T> List<Row> list(JsonReader json, Class<T> type, Function<T, Row> row, ListingBounds bounds)
            throws IOException, SourceException {
        List<Row> rows = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            T next = GSON.fromJson(json, type);
            if (next == null) {
                throw new JsonParseException("an empty row");
            }
            Row read = row.apply(next);
            if (read.path() == null || read.path().isEmpty()) {
                throw new JsonParseException("a row without a path");
            }
            bounds.row(read.path());
            rows.add(read);
        }
        json.endArray();
        return rows;
    }

    /** That of the content; null where only that of the pointer is told, or none where there must be one. */
    private static @Nullable Long sizeOf(Row row, Lfs lfs) {
        Long told = row.size();
        if (lfs.size() == null) {
            return told == null || told.equals(lfs.pointerSize()) ? null : told;
        }
        return lfs.size() == 0 && told != null && told != 0 ? null : lfs.size();
    }

    /** The row as a file; empty when its size is not known. */
    static Optional<RepoFile> file(String path, Row row) {
        Lfs lfs = row.lfs();
        Long size = lfs == null ? row.size() : sizeOf(row, lfs);
        if (size == null || size < 0) {
            return Optional.empty();
        }
        if (lfs == null) {
            String oid = row.oid();
            RepoFile file = RepoFile.of(path, size);
            RepoFile named = oid != null && Digest.isGitId(oid) ? file.withGitBlob(oid) : file;
            // Told by a box of our own, and asked for there alone.
            String told = row.sha256();
            return Optional.of(told != null && Digest.isSha256(told) ? named.withSha256(told) : named);
        }
        // The git id of a large file is that of its pointer and says nothing about the content (huggingface.md 1.6).
        String sha256 = lfs.sha256();
        RepoFile file = RepoFile.of(path, size).asLfs();
        return Optional.of(sha256 != null && Digest.isSha256(sha256) ? file.withSha256(sha256) : file);
    }
}
