package dev.modelfetch.internal.store;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.file.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a depot remembers of one repository beside its files: which family of hubs it is bound to, whether everybody may
 * read it, and which commit a branch was when. Apart from the refs, since those promise the Python library that a commit
 * is complete. Thread-safe; one process at a time is right.
 */
public final class Bindings {

    private static final int VERSION = 1;
    private static final int MOST_READERS = 1_000;
    private static final int SALT = UUID.randomUUID().toString().length();
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    private final Path scratch;
    private final Path file;
    private Document now;

    /**
     * A branch when it was last asked for.
     *
     * @param at when a source has said so
     */
    public record Bound(String commit, Instant at) {}

    private record Entry(@Nullable String commit, @Nullable String at) {}

    private record Document(
            int v,
            @Nullable String family,
            @Nullable Boolean open,
            @Nullable String identity,
            @Nullable Map<String, Entry> revisions,
            @Nullable Set<String> readers) {

        static final Document NOTHING = new Document(VERSION, null, null, null, Map.of(), null);

        Set<String> shownTo() {
            return readers == null ? Set.of() : readers;
        }

        Map<String, Entry> known() {
            return revisions == null ? Map.of() : revisions;
        }
    }

    Bindings(Path scratch) {
        this.scratch = scratch;
        this.file = scratch.resolve("bindings.json");
        this.now = read();
    }

    private Document read() {
        try {
            Document document = GSON.fromJson(Files.readString(file), Document.class);
            return document == null || document.v() != VERSION ? Document.NOTHING : document;
        } catch (IOException | JsonParseException e) {
            return Document.NOTHING;
        }
    }

    /** The family that has served it first; empty if none has. */
    public synchronized Optional<String> family() {
        return Optional.ofNullable(now.family());
    }

    /** Whether everybody may read it, or only some; empty if nobody knows. */
    public synchronized Optional<Boolean> open() {
        return Optional.ofNullable(now.open());
    }

    /** How sure it is that it is the repository asked for; empty if nobody has said. */
    public synchronized Optional<String> identity() {
        return Optional.ofNullable(now.identity());
    }

    public synchronized Optional<Bound> revision(String name) {
        Entry entry = now.known().get(name);
        if (entry == null || entry.commit() == null || entry.at() == null || !CommitName.isPlain(entry.commit())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Bound(entry.commit(), Instant.parse(entry.at())));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** From now on it is of that family, and the branch is that commit. */
    public synchronized void bind(String family, String identity, String revision, Bound bound) throws IOException {
        Map<String, Entry> revisions = new LinkedHashMap<>(now.known());
        revisions.put(revision, new Entry(bound.commit(), bound.at().toString()));
        write(new Document(VERSION, family, now.open(), identity, revisions, now.readers()));
    }

    /** It has turned out who may read it. */
    public synchronized void open(boolean everybody) throws IOException {
        if (now.open() == null || now.open() != everybody) {
            write(new Document(VERSION, now.family(), everybody, now.identity(), now.known(), now.readers()));
        }
    }

    /** Whether it has been shown to that reader at some time. */
    public synchronized boolean wasShownTo(String reader) {
        return now.shownTo().stream().anyMatch(entry -> isOf(reader, entry));
    }

    private static boolean isOf(String reader, String entry) {
        return entry.equals(salted(entry.substring(0, Math.min(SALT, entry.length())), reader));
    }

    /** That reader may not see it any more. */
    public synchronized void hidden(String reader) throws IOException {
        if (wasShownTo(reader)) {
            Set<String> readers = new LinkedHashSet<>(now.shownTo());
            readers.removeIf(entry -> isOf(reader, entry));
            write(new Document(VERSION, now.family(), now.open(), now.identity(), now.known(), readers));
        }
    }

    /** It has been shown to a reader, of whose name nothing but a salted digest is kept. */
    public synchronized void shown(String reader) throws IOException {
        if (!wasShownTo(reader)) {
            Set<String> readers = new LinkedHashSet<>(now.shownTo());
            if (readers.size() < MOST_READERS) {
                readers.add(salted(UUID.randomUUID().toString(), reader));
                write(new Document(VERSION, now.family(), now.open(), now.identity(), now.known(), readers));
            }
        }
    }

    private static String salted(String salt, String reader) {
        return salt + Digests.hexOf(salt + reader);
    }

    private void write(Document document) throws IOException {
        now = document;
        AtomicFile.directories(scratch);
        AtomicFile.write(scratch, file, GSON.toJson(document) + "\n");
    }
}
