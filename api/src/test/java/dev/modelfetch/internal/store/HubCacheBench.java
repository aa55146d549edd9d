package dev.modelfetch.internal.store;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A cache and one repository in it. */
abstract class HubCacheBench {

    @TempDir
    Path root;

    Path folder;

    HubCache cache;

    SnapshotStore store;

    @BeforeEach
    void open() {
        cache = Sample.hubCache(root);
        store = cache.at(COMMIT);
        folder = root.resolve("models--acme-lab--aurora-7b");
    }

    /** The rules by which the Python library calls a repository folder corrupted (huggingface.md 5.10). */
    void soundForPython() throws IOException {
        assertThat(folder.resolve("snapshots")).isDirectory();
        try (Stream<Path> all = Files.walk(folder.resolve("snapshots"))) {
            assertThat(all.filter(Files::isSymbolicLink)).allMatch(Files::exists);
        }
        if (Files.exists(folder.resolve("refs/main"))) {
            assertThat(folder.resolve("snapshots/" + Files.readString(folder.resolve("refs/main"))))
                    .isDirectory();
        }
        try (Stream<Path> blobs = Files.list(folder.resolve("blobs"))) {
            for (Path blob : blobs.toList()) {
                Content content = Digests.of(blob);
                assertThat(blob.getFileName().toString()).isIn(content.etag(true), content.etag(false));
            }
        }
    }

    Path storedByPython(String etag, byte[] bytes, String path) throws IOException {
        Path blob = Files.createDirectories(folder.resolve("blobs")).resolve(etag);
        Files.write(blob, bytes);
        Path link = folder.resolve("snapshots/" + COMMIT).resolve(path);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, link.getParent().relativize(blob));
        Files.createDirectories(folder.resolve("refs"));
        Files.writeString(folder.resolve("refs/main"), COMMIT);
        return blob;
    }
}
