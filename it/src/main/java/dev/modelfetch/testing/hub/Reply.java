package dev.modelfetch.testing.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/**
 * What a hub answers: a value until the moment it is sent, so that faults can change it. Immutable.
 *
 * @param status HTTP status
 * @param headers as sent, {@code Content-Length} included
 * @param content of which a part is the body
 * @param from start of the body within the content
 * @param to end of the body, exclusive
 * @param file path of the repository file this is about; empty if about none
 * @param filters through which the body is sent, first one nearest to the content
 */
record Reply(
        int status,
        Map<String, String> headers,
        Content content,
        long from,
        long to,
        String file,
        List<UnaryOperator<OutputStream>> filters) {

    Reply {
        Map<String, String> ordered = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ordered.putAll(headers);
        headers = ordered;
        filters = List.copyOf(filters);
    }

    static Reply of(int status, String type, Content content) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type);
        headers.put("Content-Length", Long.toString(content.size()));
        return new Reply(status, headers, content, 0, content.size(), "", List.of());
    }

    static Reply text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", Content.text(text));
    }

    static Reply json(int status, Object value) {
        return of(status, "application/json; charset=utf-8", Content.text(Json.text(value)));
    }

    static Reply page(int status, String title) {
        String page = "<!DOCTYPE html><html><head><title>%s</title></head><body><h1>%s</h1></body></html>";
        return of(status, "text/html; charset=utf-8", Content.text(page.formatted(title, title)));
    }

    /** As a real redirection, with a body whose length is not that of the file. */
    static Reply redirect(int status, String location) {
        return text(status, "Redirecting to " + location).with("Location", location);
    }

    /** The whole file. */
    static Reply file(StoredFile file) {
        String type = file.name().endsWith(".json") || file.name().endsWith(".md")
                ? "text/plain; charset=utf-8"
                : "application/octet-stream";
        return of(200, type, file.content()).about(file.path());
    }

    Reply with(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.keySet().removeIf(name::equalsIgnoreCase);
        changed.put(name, value);
        return new Reply(status, changed, content, from, to, file, filters);
    }

    Reply without(String name) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.keySet().removeIf(name::equalsIgnoreCase);
        return new Reply(status, changed, content, from, to, file, filters);
    }

    Reply status(int other) {
        return new Reply(other, headers, content, from, to, file, filters);
    }

    Reply about(String path) {
        return new Reply(status, headers, content, from, to, path, filters);
    }

    /** Another part of the content as the body, with a fitting {@code Content-Length}. */
    Reply slice(long start, long end) {
        return new Reply(status, headers, content, start, end, file, filters)
                .with("Content-Length", Long.toString(end - start));
    }

    /** Other content; the part stays where it is. */
    Reply content(Content other) {
        return new Reply(status, headers, other, from, to, file, filters);
    }

    /** The whole content compressed, of unknown length. */
    Reply gzipped() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            content.write(out, 0, content.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Content small = Content.bytes(packed.toByteArray());
        return status(200)
                .content(small)
                .slice(0, small.size())
                .with("Content-Encoding", "gzip")
                .without("Content-Range")
                .without("Content-Length");
    }

    Reply through(UnaryOperator<OutputStream> filter) {
        List<UnaryOperator<OutputStream>> more = new ArrayList<>(filters);
        more.add(filter);
        return new Reply(status, headers, content, from, to, file, more);
    }

    long length() {
        return to - from;
    }
}
