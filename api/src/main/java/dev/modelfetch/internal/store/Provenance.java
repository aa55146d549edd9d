package dev.modelfetch.internal.store;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.modelfetch.Digest;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where each stored file came from, what it hashed to and how it looked then: one JSON line for each, only ever
 * appended. A file that still has the length and time of its line needs no hashing. Safe for several threads; what
 * other processes append is noticed.
 */
final class Provenance {

    private static final int VERSION = 1;
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    /**
     * One stored file.
     *
     * @param at ISO time
     * @param path in the repository
     * @param file where it is, relative to the folder of the record
     * @param modified time of last modification in milliseconds
     * @param sha256 null to say that the content is no longer trusted
     */
    record Line(
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

        static Line of(
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
            return new Line(
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

        boolean describes(long itsSize, long itsModified) {
            return size == itsSize && modified == itsModified;
        }
    }

    private final Path record;

    // All guarded by this.
    private final Map<String, List<Line>> byFile = new HashMap<>();
    private final Map<String, String> fileByDigest = new HashMap<>();
    private final Set<String> paths = new HashSet<>();
    private long read;
    private boolean torn;

    Provenance(Path record) {
        this.record = record;
    }

    /** The latest line that describes the file as it is now. */
    synchronized Optional<Line> of(String file, long size, long modified) {
        refresh();
        List<Line> lines = byFile.getOrDefault(file, List.of());
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).describes(size, modified)) {
                return Optional.of(lines.get(i));
            }
        }
        return Optional.empty();
    }

    /** Whether a file that looks like that was recorded with its content, even if that was doubted since. */
    synchronized boolean stored(String file, long size, long modified) {
        refresh();
        return byFile.getOrDefault(file, List.of()).stream()
                .anyMatch(line -> line.describes(size, modified) && line.sha256() != null);
    }

    /** A file that once had that content. */
    synchronized Optional<String> fileWith(Digest digest) {
        refresh();
        return Optional.ofNullable(fileByDigest.get(digest.hex()));
    }

    /** Whether a repository path was stored for a commit. */
    synchronized boolean knows(String commit, String path) {
        refresh();
        return paths.contains(commit + " " + path);
    }

    synchronized void append(Line line) throws IOException {
        refresh();
        AtomicFile.directoriesAbove(record);
        // A line that a kill cut short is ended first, so that it spoils no other.
        String text = (torn ? "\n" : "") + GSON.toJson(line) + "\n";
        Files.write(
                record, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Reads what was appended since the last time. An unreadable record only means that files are hashed again. */
    private void refresh() {
        try {
            long size = lengthNow();
            if (size < read) {
                byFile.clear();
                fileByDigest.clear();
                paths.clear();
                read = 0;
            }
            if (size > read) {
                take(bytesFrom(read));
            }
            torn = size > read;
        } catch (IOException e) {
            torn = true;
        }
    }

    private long lengthNow() throws IOException {
        try {
            return Files.size(record);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private byte[] bytesFrom(long position) throws IOException {
        try (InputStream in = Files.newInputStream(record)) {
            in.skipNBytes(position);
            return in.readAllBytes();
        }
    }

    private void take(byte[] bytes) {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                parse(new String(bytes, from, i - from, StandardCharsets.UTF_8)).ifPresent(this::index);
                from = i + 1;
            }
        }
        read += from;
    }

    private void index(Line line) {
        byFile.computeIfAbsent(line.file(), any -> new ArrayList<>(1)).add(line);
        if (line.sha256() != null) {
            paths.add(line.commit() + " " + line.path());
            fileByDigest.put(line.sha256(), line.file());
            if (line.git() != null) {
                fileByDigest.put(line.git(), line.file());
            }
        }
    }

    /** Empty for damaged lines and those of a later version. */
    @SuppressWarnings("NullAway") // Gson leaves out what the text leaves out
    private static Optional<Line> parse(String text) {
        try {
            Line line = GSON.fromJson(text, Line.class);
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
}
