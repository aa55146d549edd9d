package dev.modelfetch.it.stress;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.modelfetch.it.e2e.Contents;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is on disk of one repository, looked at from outside: nothing here believes the program's own reading of it. */
final class Remains {

    private final Layout layout;
    private final Repository repository;
    private final Path folder;
    private final Path root;
    private final Pattern lasting;
    private final Map<String, StoredFile> byId = new HashMap<>();

    Remains(Layout layout, Lab lab, Repository repository) {
        this.layout = layout;
        this.repository = repository;
        this.folder = layout.folder(lab, repository);
        this.root = layout.root(folder, repository);
        this.lasting = layout.lasting(repository);
        repository.head().files().values().forEach(file -> byId.put(idOf(file), file));
    }

    /** How many files there are to be. */
    int files() {
        return byId.size();
    }

    /** How many have their final name. */
    int stored() throws IOException {
        if (layout == Layout.DIRECTORY) {
            return shown();
        }
        if (!Files.exists(folder.resolve("blobs"))) {
            return 0;
        }
        try (Stream<Path> blobs = Files.list(folder.resolve("blobs"))) {
            return (int) blobs.count();
        }
    }

    /** Whether people can see every file. */
    boolean isShown() {
        return shown() == files();
    }

    /**
     * Makes sure that nothing here misleads anybody, whatever the moment, and that every name is one of ours.
     *
     * @param kills so many lines of a record may have been cut short
     * @return bytes that need not be fetched again
     */
    long checked(int kills) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        List<String> names = names();
        assertThat(names)
                .allMatch(
                        name -> lasting.matcher(name).matches()
                                || layout.unfinished().matcher(name).matches()
                                || layout.passing().matcher(name).matches(),
                        "is a documented name");
        Map<String, String> all = Contents.of(repository);
        Map<String, String> visible = Files.exists(root) ? Contents.of(root) : Map.of();
        assertThat(all).containsAllEntriesOf(visible);
        assertThat(visible).as("no link leads nowhere").hasSize(shown());
        if (Files.exists(layout.ref(folder, repository))) {
            assertThat(layout.ref(folder, repository))
                    .hasContent(repository.head().id());
            assertThat(visible).as("what a ref names").isEqualTo(all);
        }
        long kept = layout == Layout.CACHE
                ? blobs()
                : visible.keySet().stream().mapToLong(this::sizeOf).sum();
        for (String name : names) {
            if (name.endsWith(".json")) {
                assertThat(isJson(Files.readString(folder.resolve(name))))
                        .as(name)
                        .isTrue();
            } else if (name.endsWith(".ndjson")) {
                assertThat(Files.readAllLines(folder.resolve(name)).stream().filter(line -> !isJson(line)))
                        .hasSizeLessThanOrEqualTo(kills);
            } else if (name.endsWith(".part")) {
                kept += journalled(name.substring(name.lastIndexOf('/') + 1, name.length() - ".part".length()));
            }
        }
        return kept;
    }

    /** Makes sure that everything is there and nothing of the way it came about. */
    void checkedAtTheEnd(int kills) throws IOException {
        checked(kills);
        assertThat(Contents.of(root)).isEqualTo(Contents.of(repository));
        assertThat(layout.ref(folder, repository)).exists();
        assertThat(names()).noneMatch(name -> layout.unfinished().matcher(name).matches());
    }

    /** Names of files a kill left that are waiting to be swept. */
    long passing() throws IOException {
        return names().stream()
                .filter(name -> layout.passing().matcher(name).matches())
                .count();
    }

    void wipe() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private int shown() {
        return (int) repository.head().files().keySet().stream()
                .filter(path -> Files.exists(root.resolve(path)))
                .count();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(path -> !Files.isDirectory(path))
                    .map(path -> folder.relativize(path).toString())
                    .toList();
        }
    }

    private long blobs() throws IOException {
        long bytes = 0;
        if (Files.exists(folder.resolve("blobs"))) {
            try (Stream<Path> blobs = Files.list(folder.resolve("blobs"))) {
                for (Path blob : blobs.toList()) {
                    StoredFile file =
                            Objects.requireNonNull(byId.get(blob.getFileName().toString()), blob::toString);
                    assertThat(Content.bytes(Files.readAllBytes(blob)).sha256())
                            .as("the blob of %s", file)
                            .isEqualTo(file.content().sha256());
                    bytes += file.content().size();
                }
            }
        }
        return bytes;
    }

    /** Bytes a journal claims; each of them must be in the part, and right. */
    private long journalled(String key) throws IOException {
        Path own = layout.own(folder);
        Path journal = own.resolve(key + ".journal");
        if (!Files.exists(journal)) {
            return 0;
        }
        byte[] part = Files.readAllBytes(own.resolve(key + ".part"));
        byte[] whole = Objects.requireNonNull(byId.get(key), key).content().toByteArray();
        JournalText text = JournalText.read(
                Files.readAllBytes(journal), "modelfetch-partial 1 " + whole.length + " " + key, whole.length);
        long claimed = 0;
        for (int i = 0; i < whole.length; i++) {
            if (text.claims(i)) {
                claimed++;
                if (i >= part.length || part[i] != whole[i]) {
                    throw new AssertionError("the journal of " + key + " claims byte " + i + ", which is not there");
                }
            }
        }
        return claimed;
    }

    private long sizeOf(String path) {
        return repository.head().files().get(path).content().size();
    }

    private static String idOf(StoredFile file) {
        return file.lfs() ? file.content().sha256() : file.content().gitBlob();
    }

    private static boolean isJson(String text) {
        try {
            return JsonParser.parseString(text).isJsonObject();
        } catch (JsonParseException e) {
            return false;
        }
    }
}
