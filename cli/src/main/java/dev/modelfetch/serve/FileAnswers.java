package dev.modelfetch.serve;

import dev.modelfetch.Depot;
import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.OpenFile;
import dev.modelfetch.Pinned;
import dev.modelfetch.RepoFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files, whole and by ranges, with every header that clients of the Hub read (serving.md 2). */
final class FileAnswers {

    /** Without a digest in the listing, no more than this is fetched to compute one for somebody who asks for headers. */
    private static final long FETCHED_FOR_A_DIGEST = 64L << 20;

    private static final String PASSED = "from=\"passage\"";
    private static final Duration SOON = Duration.ofSeconds(2);

    private final Depot depot;
    private final Taints taints;
    private final Figures figures;

    FileAnswers(Depot depot, Taints taints, Figures figures) {
        this.depot = depot;
        this.taints = taints;
        this.figures = figures;
    }

    /** The file of a repository. */
    Reply resolve(Ask ask, Pinned pinned, RepoFile row) throws IOException {
        Optional<Digest> digest = Documents.etag(row);
        if (digest.isEmpty()) {
            digest = computed(pinned, row);
        }
        Map<String, String> headers = headers(pinned, row, digest);
        return answer(
                ask, row.size(), headers, digest.map(Digest::hex).orElse(""), () -> depot.open(pinned, row.path()));
    }

    /** What git has: the pointer of a large file, and any other itself. */
    Reply raw(Ask ask, Pinned pinned, RepoFile row) throws IOException {
        Optional<String> pointer = Documents.pointer(row);
        if (pointer.isEmpty() || ask.isHead()) {
            return resolve(ask, pinned, row);
        }
        return Reply.of(200, "text/plain; charset=utf-8", pointer.get().getBytes(StandardCharsets.UTF_8))
                .with("X-Repo-Commit", pinned.commit())
                .with("X-Content-Type-Options", "nosniff");
    }

    /** A stored file, whatever repository it is of; empty if there is none. */
    Optional<Reply> blob(Ask ask, Digest sha256) throws IOException {
        OpenFile file = depot.open(sha256).orElse(null);
        if (file == null) {
            return Optional.empty();
        }
        Map<String, String> headers = common(sha256.hex(), Optional.of(sha256));
        headers.put("Cache-Control", "public, max-age=31536000, immutable");
        Reply reply = answer(ask, file.size(), headers, sha256.hex(), () -> file);
        if (!reply.isFile()) {
            file.close();
        }
        return Optional.of(reply);
    }

    /** Of a file whose listing says no more than its size: it has to be there first. */
    private Optional<Digest> computed(Pinned pinned, RepoFile row) throws IOException {
        if (row.size() > FETCHED_FOR_A_DIGEST) {
            throw new FetchException.Unreachable(
                    "Nobody says what " + row.path() + " should be, so that nothing could verify it.",
                    "Ask a source whose listing names digests.");
        }
        try (OpenFile file = depot.open(pinned, row.path())) {
            if (file.digest().isEmpty() && row.size() > 0) {
                file.transferTo(0, row.size(), new Nowhere());
            }
            return file.digest();
        }
    }

    private static Map<String, String> headers(Pinned pinned, RepoFile row, Optional<Digest> digest) {
        String etag = digest.map(Digest::hex).orElse(pinned.commit());
        Map<String, String> headers = common(etag, Optional.ofNullable(row.sha256()));
        headers.put("X-Repo-Commit", pinned.commit());
        headers.put("X-Linked-Etag", "\"" + etag + "\"");
        headers.put("X-Linked-Size", String.valueOf(row.size()));
        String name = row.path().substring(row.path().lastIndexOf('/') + 1);
        headers.put(
                "Content-Disposition",
                "inline; filename*=UTF-8''" + Form.encoded(name) + "; filename=\"" + ascii(name) + "\";");
        headers.put("X-Modelfetch-Source", pinned.source());
        headers.put("X-Modelfetch-Identity", pinned.identity().word());
        return headers;
    }

    private static Map<String, String> common(String etag, Optional<Digest> sha256) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/octet-stream");
        headers.put("ETag", "\"" + etag + "\"");
        headers.put("Accept-Ranges", "bytes");
        sha256.ifPresent(digest -> headers.put(
                "Repr-Digest",
                "sha-256=:" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest.hex())) + ":"));
        // Whatever is in a repository, it is no page of this service.
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Content-Security-Policy", "sandbox; default-src 'none'");
        return headers;
    }

    private static String ascii(String name) {
        return name.replaceAll("[^ -~]|[\"\\\\]", "_");
    }

    /** Opens what is to be sent; not done where nothing is. */
    private interface Opening {
        OpenFile open() throws IOException;
    }

    private Reply answer(Ask ask, long size, Map<String, String> headers, String digest, Opening opening)
            throws IOException {
        String etag = headers.getOrDefault("ETag", "");
        if (ask.header("If-None-Match").filter(known -> matches(known, etag)).isPresent()) {
            return new Reply(304, headers, 0, new Reply.None());
        }
        Optional<ByteRange> asked = ask.header("Range")
                .filter(range -> ask.header("If-Range")
                        .filter(known -> !known.equals(etag))
                        .isEmpty())
                .flatMap(range -> ByteRange.of(range, size));
        if (size == 0) {
            // A client that looks at the first byte takes 416 for a failure (serving.md 2).
            Reply empty = new Reply(200, headers, 0, new Reply.None());
            return asked.isPresent() ? empty.with("Content-Range", "bytes */0") : empty;
        }
        if (asked.isPresent()
                && taints.has(ask.address(), digest)
                && asked.get().position() > 0) {
            if (ask.header("User-Agent").orElse("").startsWith("Wget/")) {
                return Reply.error(
                        409, "", "What you have of this file is wrong. Remove it, and fetch all of it again.");
            }
            asked = Optional.empty();
        }
        if (asked.isEmpty()) {
            return part(ask, 200, headers, new ByteRange(0, size), digest, opening);
        }
        ByteRange range = asked.get();
        if (!range.isThere() || range.position() >= size) {
            return Reply.error(416, "", "The file has " + size + " bytes.")
                    .with(headers)
                    .with("Content-Range", "bytes */" + size);
        }
        Reply ranged = part(ask, 206, headers, range, digest, opening);
        return ranged.status() == 206 ? ranged.with("Content-Range", range.text(size)) : ranged;
    }

    private Reply part(
            Ask ask, int status, Map<String, String> headers, ByteRange range, String digest, Opening opening)
            throws IOException {
        if (ask.isHead()) {
            return new Reply(status, headers, range.count(), new Reply.None());
        }
        OpenFile file = opening.open();
        if (file.isPassedThrough()) {
            return passed(ask, status, headers, range, digest, file);
        }
        boolean stored = file.path().isPresent();
        if (!stored && depot.isBusy()) {
            file.close();
            return Reply.busy("As many files are fetched as may be at once.", SOON);
        }
        String level = stored ? "from=\"store\"" : "from=\"filling\"";
        figures.add("files_total", level, 1);
        if (!stored && status == 206) {
            figures.add("unverified_ranges_total", "", 1);
        }
        return sent(ask, status, headers, range, digest, file, level);
    }

    /**
     * What is not stored. Of what whoever asks for the rest has already nobody knows whether it was right, so they are
     * given all of it.
     */
    private Reply passed(
            Ask ask, int status, Map<String, String> headers, ByteRange range, String digest, OpenFile file) {
        figures.add("files_total", PASSED, 1);
        boolean resumed = range.position() > 0 && range.position() + range.count() == file.size();
        return resumed
                ? sent(ask, 200, headers, new ByteRange(0, file.size()), digest, file, PASSED)
                : sent(ask, status, headers, range, digest, file, PASSED);
    }

    private Reply sent(
            Ask ask,
            int status,
            Map<String, String> headers,
            ByteRange range,
            String digest,
            OpenFile file,
            String level) {
        Reply.Ending ending = (sent, failure) -> {
            figures.add("served_bytes_total", level, sent);
            note(ask, digest, sent, failure);
        };
        return new Reply(status, headers, range.count(), new Reply.Part(file, range.position(), range.count(), ending));
    }

    /** Others at that address may still have the beginning: that one of them has all of it says nothing of them. */
    private void note(Ask ask, String digest, long sent, @Nullable Exception failure) {
        if (failure == null) {
            return;
        }
        figures.add("aborted_reads_total", "", 1);
        if (failure instanceof FetchException.Corrupt && sent > 0) {
            figures.add("tainted_readers_total", "", 1);
            taints.add(ask.address(), digest);
        }
    }

    private static boolean matches(String header, String etag) {
        for (String each : header.split(",")) {
            String known = each.strip();
            if (known.equals("*") || (known.startsWith("W/") ? known.substring(2) : known).equals(etag)) {
                return true;
            }
        }
        return false;
    }

    /** Takes everything, and keeps nothing. */
    private static final class Nowhere implements WritableByteChannel {

        @Override
        public int write(ByteBuffer bytes) {
            int count = bytes.remaining();
            bytes.position(bytes.limit());
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
