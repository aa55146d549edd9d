package dev.modelfetch.internal.engine;

import static dev.modelfetch.internal.testing.Sample.CONFIG;
import static dev.modelfetch.internal.testing.Sample.CONFIG_BYTES;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.Destination;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.internal.store.LocalDir;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examining a local directory, and what a later fetch makes of it. */
class OfflineAnswersTest {

    @TempDir
    Path directory;

    private SnapshotStore store;

    @BeforeEach
    void fetch() throws IOException {
        store = local().at(Sample.COMMIT);
        Sample.fetchAll(store, Sample.manifest(CONFIG, WEIGHTS), CONFIG_BYTES, WEIGHTS_BYTES);
    }

    @Test
    void anEditedFileIsNotOverwrittenBecauseItWasExamined() throws IOException {
        Path file = Files.writeString(directory.resolve("config.json"), "{\"mine\": true}");

        assertThat(check()).containsExactly(StoredCheck.State.CORRUPT, StoredCheck.State.OK);
        for (SnapshotStore later : new SnapshotStore[] {store, local().at(Sample.COMMIT)}) {
            assertThat(later.find(CONFIG)).isEmpty();
            assertThatThrownBy(() -> later.checkReplaceable(CONFIG)).isInstanceOf(FetchException.Storage.class);
            assertThatThrownBy(() -> Sample.fetch(later, CONFIG, CONFIG_BYTES))
                    .isInstanceOf(FetchException.Storage.class);
        }
        assertThat(file).hasContent("{\"mine\": true}");
    }

    @Test
    void aFileOfOursThatRottedIsReplacedOnceItWasExamined() throws IOException {
        Path file = directory.resolve("config.json");
        FileTime time = Files.getLastModifiedTime(file);
        Files.write(file, new byte[CONFIG_BYTES.length]);
        Files.setLastModifiedTime(file, time);
        assertThat(store.find(CONFIG)).as("nobody has looked").isPresent();

        assertThat(check()).containsExactly(StoredCheck.State.CORRUPT, StoredCheck.State.OK);
        SnapshotStore later = local().at(Sample.COMMIT);
        assertThat(later.find(CONFIG)).isEmpty();
        later.checkReplaceable(CONFIG);
        Sample.fetch(later, CONFIG, CONFIG_BYTES);
        assertThat(file).hasBinaryContent(CONFIG_BYTES);
        assertThat(check()).containsOnly(StoredCheck.State.OK);
    }

    private Iterable<StoredCheck.State> check() throws IOException {
        FetchRequest request = FetchRequest.builder(Sample.REPO)
                .destination(new Destination.Directory(directory))
                .build();
        return new OfflineAnswers(request, local())
                .check(java.util.Optional.empty()).files().stream()
                        .map(StoredCheck.Item::state)
                        .toList();
    }

    private LocalDir local() {
        return new LocalDir(directory, Sample.REPO, new HandClock());
    }
}
