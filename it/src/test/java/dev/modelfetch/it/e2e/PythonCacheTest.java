package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cache that the Python library filled: blobs, links and a ref, and not one record of ours (huggingface.md 5.2). */
class PythonCacheTest {

    private static final Repository MODEL = Samples.SMALL;

    @RegisterExtension
    final Lab lab = Lab.of(MODEL);

    private Path folder;

    @BeforeEach
    void fillAsPythonDoes() throws IOException {
        folder = lab.cache().resolve("models--acme-lab--tiny");
        Path snapshot = folder.resolve("snapshots").resolve(MODEL.head().id());
        for (StoredFile file : MODEL.head().files().values()) {
            Path blob = folder.resolve("blobs").resolve(file.etag());
            Files.createDirectories(blob.getParent());
            Files.write(blob, file.content().toByteArray());
            Path link = snapshot.resolve(file.path());
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, link.getParent().relativize(blob));
        }
        Files.createDirectories(folder.resolve("refs"));
        Files.writeString(folder.resolve("refs/main"), MODEL.head().id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void countsAsFetchedWhateverTheSource(String source) throws IOException {
        Snapshot result = lab.fetch(MODEL.id(), source);

        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(MODEL));
        MODEL.head()
                .files()
                .keySet()
                .forEach(path ->
                        assertThat(lab.ledger().bytesSent(path)).as(path).isZero());
    }

    @Test
    void isEnoughOffline() throws Exception {
        Path path = lab.program().run(MODEL.id(), "--offline").path();

        assertThat(Contents.of(path)).isEqualTo(Contents.of(MODEL));
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void aDamagedBlobInItDoesNotCount() throws IOException {
        StoredFile weights = MODEL.head().files().get("model.safetensors");
        Path blob = folder.resolve("blobs").resolve(weights.etag());
        Files.write(blob, weights.content().flipped(77).toByteArray());

        Snapshot result = lab.fetch(MODEL.id(), "huggingface");

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
        assertThat(lab.ledger().bytesSent("model.safetensors"))
                .isEqualTo(weights.content().size());
        assertThat(lab.ledger().bytesSent("config.json")).isZero();
    }

    @Test
    void aLinkWhoseBlobIsGoneIsMissingAndNotOverlooked() throws Exception {
        StoredFile weights = MODEL.head().files().get("model.safetensors");
        Files.delete(folder.resolve("blobs").resolve(weights.etag()));

        lab.program().run(MODEL.id(), "--offline").exits(8);
        Running.Ended verify = lab.away().run("verify", MODEL.id(), "--offline");

        assertThat(verify.exits(6).out()).contains("model.safetensors").contains("missing");
        lab.program().run("cache", "verify").exits(6);
    }

    @Test
    void anIncompleteFileOfPythonsIsNeitherTrustedNorTouched() throws IOException {
        StoredFile weights = MODEL.head().files().get("model.safetensors");
        Path blob = folder.resolve("blobs").resolve(weights.etag());
        Path incomplete = blob.resolveSibling(weights.etag() + ".incomplete");
        Files.delete(blob);
        Files.write(incomplete, new byte[1000]);

        Snapshot result = lab.fetch(MODEL.id(), "huggingface");

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
        assertThat(incomplete).hasSize(1000);
    }
}
