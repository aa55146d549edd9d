package dev.modelfetch.internal.store;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG;
import static dev.modelfetch.internal.testing.Sample.CONFIG_BYTES;
import static dev.modelfetch.internal.testing.Sample.OTHER_COMMIT;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelfetch.Manifest;
import dev.modelfetch.internal.testing.FaultyDisk;
import dev.modelfetch.internal.testing.FaultyDisk.Step;
import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a job where something of the bookkeeping cannot be written. */
class PreparingTest {

    private static final Manifest MANIFEST = Sample.manifest(CONFIG, WEIGHTS);

    @TempDir
    Path root;

    private FaultyDisk disk;
    private List<RepoStore> stores;

    @BeforeEach
    void open() {
        disk = FaultyDisk.of(root);
        stores = List.of(
                Sample.hubCache(disk.path(root.resolve("hub"))),
                new LocalDir(disk.path(root.resolve("plain")), Sample.REPO, new HandClock()));
    }

    @Test
    void marksThatCannotBeWrittenKeepNothingElseFromBeingDone() throws IOException {
        denyWriting(path -> path.endsWith("CACHEDIR.TAG") || path.endsWith(".gitignore"));
        for (RepoStore store : stores) {
            Sample.fetchAll(store.at(COMMIT), MANIFEST, CONFIG_BYTES, WEIGHTS_BYTES);

            assertThat(store.manifest(COMMIT)).contains(MANIFEST);
        }
    }

    @Test
    void leftoversThatCannotBeListedKeepNothingElseFromBeingDone() throws IOException {
        disk.fails((step, path) -> deny(step == Step.NEXT || step == Step.LIST, path));
        for (RepoStore store : stores) {
            Sample.fetchAll(store.at(COMMIT), MANIFEST, CONFIG_BYTES, WEIGHTS_BYTES);

            assertThat(store.manifest(COMMIT)).contains(MANIFEST);
        }
    }

    @Test
    void withoutItsManifestNothingOfACommitIsStored() throws IOException {
        for (RepoStore store : stores) {
            Sample.fetchAll(store.at(COMMIT), MANIFEST, CONFIG_BYTES, WEIGHTS_BYTES);
        }
        denyWriting(path -> path.toString().contains("listings"));
        Manifest next = Sample.manifest("huggingface", OTHER_COMMIT, WEIGHTS, Sample.withShaOnly("new", CONFIG_BYTES));
        for (RepoStore store : stores) {
            SnapshotStore snapshot = store.at(OTHER_COMMIT);
            snapshot.prepare(next);

            assertThatThrownBy(() -> snapshot.partial(next.files().get(1))).isInstanceOf(AccessDeniedException.class);
        }
        SnapshotStore linked = stores.get(0).at(OTHER_COMMIT);
        assertThatThrownBy(() -> linked.find(WEIGHTS)).as("no link either").isInstanceOf(AccessDeniedException.class);
        assertThat(stores.get(0).manifest(OTHER_COMMIT)).isEmpty();
    }

    /** As where the root of the cache cannot be written to: one step more that does not keep others from being done. */
    @Test
    void aTreeForThePythonLibraryThatCannotBeWrittenKeepsNothingElseFromBeingDone() throws IOException {
        denyWriting(path -> path.toString().contains("trees") || path.endsWith("CACHEDIR.TAG"));
        for (RepoStore store : stores) {
            store.at(COMMIT).prepare(MANIFEST);
            Sample.fetch(store.at(COMMIT), CONFIG, CONFIG_BYTES);

            assertThat(store.manifest(COMMIT))
                    .as("all of it, not what is there")
                    .contains(MANIFEST);
        }
    }

    /** Whoever lost the listing cannot tell whether the files that are there are all. */
    @Test
    void withoutItsListingAPartOfACommitIsNotAllOfIt() throws IOException {
        denyWriting(path -> path.toString().contains("trees"));
        for (RepoStore store : stores) {
            store.at(COMMIT).prepare(MANIFEST);
            Sample.fetch(store.at(COMMIT), CONFIG, CONFIG_BYTES);
        }
        for (Path listing : List.of(
                root.resolve("hub/models--acme-lab--aurora-7b/.modelfetch/listings"),
                root.resolve("plain/.cache/huggingface/modelfetch/models--acme-lab--aurora-7b/listings"))) {
            Files.writeString(listing.resolve(COMMIT + ".json"), "{\"v\": 2}");
        }
        for (RepoStore store : stores) {
            assertThat(store.manifest(COMMIT)).isEmpty();
            assertThat(store.at(COMMIT).find(CONFIG)).as("the file itself").isPresent();
        }
    }

    @Test
    void onceTheManifestCanBeRememberedFilesAreStored() throws IOException {
        denyWriting(path -> path.toString().contains("listings"));
        for (RepoStore store : stores) {
            store.at(COMMIT).prepare(MANIFEST);
        }
        denyWriting(path -> false);
        for (RepoStore store : stores) {
            Sample.fetchAll(store.at(COMMIT), MANIFEST, CONFIG_BYTES, WEIGHTS_BYTES);
        }
    }

    @Test
    void whatIsThereServesWhereNothingCanBeWritten() throws IOException {
        for (RepoStore store : stores) {
            Sample.fetchAll(store.at(COMMIT), MANIFEST, CONFIG_BYTES, WEIGHTS_BYTES);
        }
        denyWriting(path -> true);
        for (RepoStore store : stores) {
            SnapshotStore snapshot = store.at(COMMIT);
            snapshot.prepare(MANIFEST);
            assertThat(snapshot.find(CONFIG)).isPresent();
            assertThat(snapshot.find(WEIGHTS)).isPresent();
            snapshot.finish(MANIFEST, "v2");
            snapshot.distrust(CONFIG);
        }
    }

    @Test
    void theDiskThatIsUsedIsMeasuredAndItsFolderNamed() throws IOException {
        Configuration small =
                Configuration.unix().toBuilder().setMaxSize(1 << 20).build();
        try (FileSystem other = Jimfs.newFileSystem(small)) {
            Path plain = other.getPath("/models/mine");
            LocalDir local = new LocalDir(plain, Sample.REPO, new HandClock());

            assertThat(local.folder()).isEqualTo(plain);
            assertThat(local.at(COMMIT).root()).isEqualTo(plain);
            assertThat(local.at(COMMIT).usableBytes())
                    .isEqualTo(Files.getFileStore(other.getPath("/")).getUsableSpace());
        }
        assertThat(stores.get(0).folder()).isEqualTo(disk.path(root.resolve("hub/models--acme-lab--aurora-7b")));
    }

    private void denyWriting(Predicate<Path> where) {
        disk.fails((step, path) -> deny(step == Step.WRITE && where.test(path), path));
    }

    private static void deny(boolean really, Path path) throws AccessDeniedException {
        if (really) {
            throw new AccessDeniedException(path.toString());
        }
    }
}
