package dev.modelfetch.serve;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.modelfetch.OpenFile;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param status of HTTP
 * @param headers in the order in which they are sent; without {@code Content-Length}
 * @param length of the body; as it would be, in answer to {@code HEAD}
 * @param body what is sent
 */
public record Reply(int status, Map<String, String> headers, long length, Body body) {

    /** What follows the headers. */
    public sealed interface Body {}

    /** Something that is there. */
    static final class Text implements Body {
        private final byte[] bytes;

        private Text(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /** Nothing, in answer to {@code HEAD} or because there is nothing. */
    record None() implements Body {}

    /** A range of a file. */
    record Part(OpenFile file, long position, long count, Ending ending) implements Body {}

    /** Told how the sending of a file has ended. */
    interface Ending {
        Ending IGNORED = (sent, failure) -> {};

        /** Its first byte is on its way. */
        default void begun() {}

        /** @param failure null if all was sent */
        void ended(long sent, @Nullable Exception failure);
    }

    public Reply {
        headers = Map.copyOf(headers);
    }

    /** The body, if it is there. */
    public byte[] text() {
        return body instanceof Text text ? text.bytes.clone() : new byte[0];
    }

    public boolean isFile() {
        return body instanceof Part;
    }

    /** Sends the range of the file, and lets go of it. */
    public void transferTo(WritableByteChannel channel) throws IOException {
        if (body instanceof Part part) {
            part.file().transferTo(part.position(), part.count(), channel);
        }
    }

    /** To be called with the first byte of a file. */
    public void begun() {
        if (body instanceof Part part) {
            part.ending().begun();
        }
    }

    /** To be called once, whatever came of it. */
    public void ended(long sent, @Nullable Exception failure) {
        if (body instanceof Part part) {
            part.file().close();
            part.ending().ended(sent, failure);
        }
    }

    /** The same, of whose end that one is told as well. */
    Reply also(Ending other) {
        if (!(body instanceof Part part)) {
            return this;
        }
        Ending both = new Ending() {
            @Override
            public void begun() {
                part.ending().begun();
                other.begun();
            }

            @Override
            public void ended(long sent, @Nullable Exception failure) {
                part.ending().ended(sent, failure);
                other.ended(sent, failure);
            }
        };
        return new Reply(status, headers, length, new Part(part.file(), part.position(), part.count(), both));
    }

    static Reply of(int status, String type, byte[] bytes) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type);
        return new Reply(status, headers, bytes.length, new Text(bytes));
    }

    static Reply text(int status, String type, String text) {
        return of(status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    static Reply json(int status, JsonElement json) {
        return text(status, "application/json; charset=utf-8", json.toString());
    }

    /** An error, in the words that clients of the Hub read. */
    static Reply error(int status, String code, String message) {
        JsonObject json = new JsonObject();
        json.addProperty("error", message);
        Reply reply = json(status, json).with("X-Error-Message", line(message));
        return code.isEmpty() ? reply : reply.with("X-Error-Code", code);
    }

    /** Come back later: the one refusal of a file after which clients of the Hub do (serving.md 6). */
    public static Reply busy(String message, Duration pause) {
        return error(429, "", message).with("Retry-After", String.valueOf(Math.max(1, pause.toSeconds())));
    }

    /** As a header may have it. */
    private static String line(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().limit(500).forEach(c -> out.append(c < ' ' || c > '~' ? '?' : (char) c));
        return out.toString().strip();
    }

    Reply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, length, body);
    }

    Reply with(Map<String, String> others) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.putAll(others);
        return new Reply(status, more, length, body);
    }

    /** The same without its body, in answer to {@code HEAD}. */
    Reply headOnly() {
        if (body instanceof Part part) {
            part.file().close();
        }
        return new Reply(status, headers, length, new None());
    }
}
