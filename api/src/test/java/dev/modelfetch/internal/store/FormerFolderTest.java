package dev.modelfetch.internal.store;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG;
import static dev.modelfetch.internal.testing.Sample.CONFIG_BYTES;
import static dev.modelfetch.internal.testing.Sample.OTHER_COMMIT;
import static dev.modelfetch.internal.testing.Sample.REPO;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.FaultyDisk;
import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that an earlier version has filled. */
class FormerFolderTest {

    private static final byte[] LARGE_BYTES = new byte[600 << 10];
    private static final RepoFile LARGE = new RepoFile(
            "large.bin", LARGE_BYTES.length, Sample.hash(LARGE_BYTES).sha256(), null, true);
    private static final Manifest MANIFEST = Sample.manifest(CONFIG, LARGE);

    @TempDir
    Path directory;

    private Path former;
    private Path own;

    /** One file fetched, the other begun. */
    @BeforeEach
    void fillAsEarlierVersionsDid() throws IOException {
        former = directory.resolve(".cache/modelfetch");
        own = directory.resolve(".cache/huggingface/modelfetch");
        fill(MANIFEST);
        toFormer(COMMIT);
    }

    @Test
    void itIsReadWhereItIs() throws IOException {
        assertThat(local().ref("main")).contains(COMMIT);
        assertThat(local().commits()).containsExactly(COMMIT);
        assertThat(local().manifest(COMMIT)).contains(MANIFEST);
        assertThat(store().find(CONFIG).orElseThrow().verified()).isEqualTo(Verification.ORIGIN);
        assertThat(store().partialBytes(LARGE)).isEqualTo(1000);
        assertThat(local().repositories()).containsExactly(REPO);
        assertThat(own).as("reading moves nothing").doesNotExist();
    }

    @Test
    void itIsOfTheRepositoryThatItNames() {
        LocalDir stranger = new LocalDir(directory, Repo.of(RepoType.MODEL, "nobody/aurora"), new HandClock());

        assertThat(stranger.ref("main")).isEmpty();
        assertThat(stranger.manifest(COMMIT)).isEmpty();
        assertThat(stranger.commits()).isEmpty();
    }

    @Test
    void aNameInAnotherCatalogueMayHaveAnotherOwner() throws IOException {
        Manifest alias = new Manifest(
                "modelscope",
                "modelscope",
                REPO.renamed("LLM-Research/Aurora-7B", "modelscope"),
                "master",
                OTHER_COMMIT,
                List.of(WEIGHTS),
                true);
        new Manifests(former.resolve("listings")).remember(former, alias);

        assertThat(local().manifest(OTHER_COMMIT)).contains(alias);
    }

    @Test
    void theNextJobTakesItOver() throws IOException {
        SnapshotStore store = store();
        store.prepare(MANIFEST);

        assertThat(former).doesNotExist();
        assertThat(store.find(CONFIG).orElseThrow().verified()).isEqualTo(Verification.ORIGIN);
        assertThat(store.partialBytes(LARGE)).isEqualTo(1000);
        try (Partial partial = store.partial(LARGE).orElseThrow()) {
            assertThat(partial.frontier()).isEqualTo(1000);
        }
        assertThat(local().ref("main")).contains(COMMIT);
    }

    @Test
    void afterAnEarlierVersionWasUsedOnceMoreBothAreKept() throws IOException {
        store().prepare(MANIFEST);
        Manifest again = Sample.manifest("huggingface", OTHER_COMMIT, WEIGHTS);
        Path aside = Files.move(own, directory.resolve("aside"));
        Sample.fetchAll(local().at(OTHER_COMMIT), again, WEIGHTS_BYTES);
        toFormer(OTHER_COMMIT);
        Files.move(aside, own);

        SnapshotStore store = store();
        store.prepare(MANIFEST);
        assertThat(former).doesNotExist();
        assertThat(store.find(CONFIG).orElseThrow().verified()).isEqualTo(Verification.ORIGIN);
        assertThat(store.partialBytes(LARGE)).isEqualTo(1000);
        assertThat(local().manifest(OTHER_COMMIT)).contains(again);
        assertThat(local().at(OTHER_COMMIT).find(WEIGHTS).orElseThrow().verified())
                .isEqualTo(Verification.ORIGIN);
    }

    @Test
    void whereItCannotBeMovedItServesAsItIs() throws IOException {
        FaultyDisk disk = FaultyDisk.of(directory);
        disk.fails((step, path) -> {
            if (step == FaultyDisk.Step.WRITE && path.startsWith(own)) {
                throw new AccessDeniedException(path.toString());
            }
        });
        SnapshotStore store = new LocalDir(disk.path(directory), REPO, new HandClock()).at(COMMIT);
        store.prepare(MANIFEST);

        assertThat(store.find(CONFIG)).isPresent();
        assertThat(store.partialBytes(LARGE)).isEqualTo(1000);
    }

    private void fill(Manifest manifest) throws IOException {
        SnapshotStore store = store();
        store.prepare(manifest);
        Sample.fetch(store, CONFIG, CONFIG_BYTES);
        try (Partial partial = store.partial(LARGE).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(LARGE_BYTES, 0, 1000), "mirror");
        }
        store.finish(manifest, null);
    }

    /** All repositories together, and in the former place. */
    private void toFormer(String commit) throws IOException {
        Path records = own.resolve("models--acme-lab--aurora-7b");
        Files.createDirectories(own.resolve("listings"));
        Files.move(records.resolve("listings/" + commit + ".json"), own.resolve("listings/" + commit + ".json"));
        Files.move(records.resolve("refs"), own.resolve("refs"));
        Files.delete(records.resolve("listings"));
        Files.delete(records);
        Files.move(own, former);
    }

    private SnapshotStore store() {
        return local().at(COMMIT);
    }

    private LocalDir local() {
        return new LocalDir(directory, REPO, new HandClock());
    }
}
