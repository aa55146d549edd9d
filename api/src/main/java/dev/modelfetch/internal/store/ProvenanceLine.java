package dev.modelfetch.internal.store;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.modelfetch.Digest;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One stored file.
 *
 * @param at ISO time
 * @param path in the repository
 * @param file where it is, relative to the folder of the record
 * @param modified time of last modification in milliseconds
 * @param sha256 null to say that the content is no longer trusted
 */
record ProvenanceLine(
        int v,
        String at,
        String path,
        String commit,
        String file,
        long size,
        long modified,
        @Nullable String sha256,
        @Nullable String git,
        List<String> from,
        String verified) {

    /** What a file that another program stored is from. */
    static final List<String> FOUND = List.of("cache");

    private static final int VERSION = 1;
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    static ProvenanceLine of(
            Instant at,
            String path,
            String commit,
            String file,
            long size,
            long modified,
            @Nullable Content content,
            List<String> from,
            Verification verified) {
        String sha256 = content == null ? null : content.sha256().hex();
        Digest git = content == null ? null : content.gitBlob();
        return new ProvenanceLine(
                VERSION,
                at.toString(),
                path,
                commit,
                file,
                size,
                modified,
                sha256,
                git == null ? null : git.hex(),
                from,
                verified.word());
    }

    Optional<Content> content() {
        return sha256 == null
                ? Optional.empty()
                : Optional.of(new Content(Digest.sha256(sha256), git == null ? null : Digest.gitBlob(git)));
    }

    Verification level() {
        return Verification.valueOf(verified.toUpperCase(Locale.ROOT));
    }

    /** Whether it says what the content is, and not only that it is in doubt. */
    boolean isTrusting() {
        return sha256 != null;
    }

    /** Whether it came from a source, and was not found on the disk. */
    boolean isFetched() {
        return isTrusting() && !from.equals(FOUND);
    }

    /** Whether the file looked like that. */
    boolean describes(State now) {
        return size == now.size() && modified == now.modified();
    }

    /** How the file looked. */
    State state() {
        return new State(size, modified);
    }

    /** What it was stored for. */
    String stored() {
        return stored(commit, path);
    }

    static String stored(String commit, String path) {
        return commit + " " + path;
    }

    boolean isFor(Set<String> commits) {
        // A line that names none was made by hand.
        return commits.contains(String.valueOf(commit));
    }

    /** The same about the file, whatever it was stored for. */
    ProvenanceLine forNobody() {
        return new ProvenanceLine(v, at, path, "", file, size, modified, sha256, git, from, verified);
    }

    String text() {
        return GSON.toJson(this);
    }

    /** Empty for damaged lines and those of a later version. */
    @SuppressWarnings("NullAway") // Gson leaves out what the text leaves out
    static Optional<ProvenanceLine> parse(String text) {
        try {
            ProvenanceLine line = GSON.fromJson(text, ProvenanceLine.class);
            if (line == null
                    || line.v() != VERSION
                    || line.file() == null
                    || line.path() == null
                    || line.from() == null) {
                return Optional.empty();
            }
            line.level();
            line.content();
            return Optional.of(line);
        } catch (JsonParseException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }

    /** Whether a later version of this program may have written the line: one that only it understands. */
    static boolean mayBeOfALaterVersion(String text) {
        try {
            JsonElement v = GSON.fromJson(text, JsonObject.class).get("v");
            return v != null && v.getAsInt() > VERSION;
        } catch (JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | NumberFormatException
                | NullPointerException e) {
            return false;
        }
    }

    /** Length and time of last modification, in bytes and milliseconds: as long as they stay, so does the content. */
    record State(long size, long modified) {}
}
