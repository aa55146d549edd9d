package dev.modelfetch.source.modelscope;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.annotations.JsonAdapter;
import com.google.gson.annotations.SerializedName;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers as they come over the wire (modelscope.md 2). Every part may be missing or null, and numbers may be strings;
 * what a part has to be is decided where it is used.
 */
final class ModelScopeJson {

    private static final Gson GSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.UPPER_CAMEL_CASE)
            .create();

    private ModelScopeJson() {}

    /** What every call answers, good or bad. Its data is read once this says that the call succeeded. */
    record Envelope(
            @Nullable Long code,
            @Nullable Boolean success,
            @Nullable String message,
            @Nullable Long totalCount,
            @Nullable Presence data) {

        boolean succeeded() {
            return (code == null || code == 200) && !Boolean.FALSE.equals(success);
        }

        /** Whether anything in it is the hub's; an empty object could be anybody's. */
        boolean isTheHubs() {
            return code != null || success != null || data != null;
        }
    }

    /** That a part is there, whatever it is; null counts. */
    @JsonAdapter(value = PresenceReader.class, nullSafe = false)
    enum Presence {
        THERE
    }

    private static final class PresenceReader extends TypeAdapter<Presence> {
        @Override
        public Presence read(JsonReader in) throws IOException {
            in.skipValue();
            return Presence.THERE;
        }

        @Override
        public void write(JsonWriter out, Presence value) {
            throw new UnsupportedOperationException();
        }
    }

    /** {@code commit} stays raw: JSON null means an unknown ref, a missing key means a changed protocol. */
    record Commits(@Nullable JsonElement commit) {}

    record Commit(@Nullable String id) {}

    record Revisions(@Nullable RevisionMap revisionMap) {}

    record RevisionMap(
            @Nullable List<@Nullable Ref> branches,
            @Nullable List<@Nullable Ref> tags) {

        static final RevisionMap UNKNOWN = new RevisionMap(null, null);

        List<String> branchNames() {
            return all(branches).map(Ref::revision).flatMap(Stream::ofNullable).toList();
        }

        List<String> tagNames() {
            return all(tags).map(Ref::revision).flatMap(Stream::ofNullable).toList();
        }

        /** The commit of a branch, else of a tag of that name; datasets tell it (modelscope.md 2.3). */
        Optional<String> commitOf(String name) {
            return Stream.concat(all(branches), all(tags))
                    .filter(ref -> name.equals(ref.revision()))
                    .map(Ref::commitId)
                    .flatMap(Stream::ofNullable)
                    .findFirst();
        }

        private static Stream<Ref> all(@Nullable List<@Nullable Ref> refs) {
            return refs == null ? Stream.of() : refs.stream().flatMap(Stream::ofNullable);
        }
    }

    record Ref(@Nullable String revision, @Nullable String commitId) {}

    /** Who a token belongs to. */
    private record Me(
            @Nullable @SerializedName(value = "data", alternate = "Data")
            Account data) {}

    private record Account(
            @Nullable
            @SerializedName(
                    value = "username",
                    alternate = {"Username", "name", "Name"})
            String username) {}

    record Listing(
            @Nullable List<@Nullable Row> files,
            @Nullable Commit latestCommitter,
            @Nullable Long totalCount) {}

    /**
     * One entry. {@code mode} is decimal (modelscope.md 2.4); {@code size} is that of the content, also for LFS. The
     * {@code Revision} of a row is not read: it is the last commit of that entry, not the one listed.
     */
    record Row(
            @Nullable String path,
            @Nullable String type,
            @Nullable String mode,
            @Nullable Long size,
            @Nullable Boolean isLFS,
            @Nullable String sha256) {

        private static final String DIRECTORY_MODE = "16384";

        boolean isTree() {
            return type == null ? DIRECTORY_MODE.equals(mode) : type.equals("tree");
        }

        /** A link to another repository, which has no content here. */
        boolean isCommit() {
            return "commit".equals(type);
        }

        /** Also true for a symbolic link, whose content is the path it points at. */
        boolean isBlob() {
            return type == null ? !DIRECTORY_MODE.equals(mode) : type.equals("blob");
        }
    }

    /** The envelope in that text; null when there is none. */
    static @Nullable Envelope envelope(String text) {
        try {
            Envelope envelope = GSON.fromJson(text, Envelope.class);
            return envelope != null && envelope.isTheHubs() ? envelope : null;
        } catch (JsonParseException notOfThatShape) {
            return null;
        }
    }

    /**
     * The data in that text; null when it is missing or not of that shape. Read from the text and not from a tree of JSON:
     * a tree takes many times the memory, and turns numbers that do not fit into others that do.
     */
    static <T> @Nullable T data(String text, Class<T> type) {
        try (JsonReader json = GSON.newJsonReader(new StringReader(text))) {
            json.setStrictness(Strictness.LENIENT);
            json.beginObject();
            while (json.hasNext()) {
                if (json.nextName().equals("Data")) {
                    return GSON.fromJson(json, type);
                }
                json.skipValue();
            }
            return null;
        } catch (JsonParseException | IllegalStateException | IOException notOfThatShape) {
            return null;
        }
    }

    /** That of an account; null when there is none. The newer calls have names in lower case (modelscope.md 1.2). */
    static @Nullable String username(String text) {
        try {
            Me me = GSON.fromJson(text, Me.class);
            return me == null || me.data() == null ? null : me.data().username();
        } catch (JsonParseException notOfThatShape) {
            return null;
        }
    }

    /** Reads a part; null when it is not of that shape. */
    static <T> @Nullable T part(JsonElement part, Class<T> type) {
        try {
            return GSON.fromJson(part, type);
        } catch (JsonParseException notOfThatShape) {
            return null;
        }
    }
}
