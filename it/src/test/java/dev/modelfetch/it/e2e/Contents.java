package dev.modelfetch.it.e2e;

import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What files hold, comparable at a glance: path to {@code size sha256}. */
public final class Contents {

    private Contents() {}

    /** Every file below a directory, links followed, the bookkeeping of {@code --local-dir} left out. */
    public static SortedMap<String, String> of(Path directory) throws IOException {
        SortedMap<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                String name = directory.relativize(path).toString();
                if (!name.startsWith(".cache/")) {
                    contents.put(name, of(Content.bytes(Files.readAllBytes(path))));
                }
            }
        }
        return contents;
    }

    /** The default branch of a repository. */
    public static SortedMap<String, String> of(Repository repository) {
        return of(repository.head().files().values());
    }

    static SortedMap<String, String> of(Collection<StoredFile> files) {
        SortedMap<String, String> contents = new TreeMap<>();
        files.forEach(file -> contents.put(file.path(), of(file.content())));
        return contents;
    }

    private static String of(Content content) {
        return content.size() + " " + content.sha256();
    }
}
