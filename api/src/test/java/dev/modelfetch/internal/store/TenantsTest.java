package dev.modelfetch.internal.store;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG;
import static dev.modelfetch.internal.testing.Sample.CONFIG_BYTES;
import static dev.modelfetch.internal.testing.Sample.CONFIG_GIT;
import static dev.modelfetch.internal.testing.Sample.OTHER_COMMIT;
import static dev.modelfetch.internal.testing.Sample.REPO;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory answers for the repositories that were fetched into it, and for no others. */
class TenantsTest {

    private static final Repo NOBODY = Repo.of(RepoType.MODEL, "nobody/never-existed");
    private static final Repo OTHER = Repo.of(RepoType.MODEL, "other-lab/borealis");
    private static final Manifest OF_OTHER =
            new Manifest("huggingface", "huggingface", OTHER, "main", OTHER_COMMIT, List.of(WEIGHTS), true);

    @TempDir
    Path directory;

    @Test
    void ofARepositoryThatWasNeverFetchedNothingIsKnown() throws IOException {
        Sample.fetchAll(of(REPO).at(COMMIT), Sample.manifest(CONFIG), CONFIG_BYTES);

        for (Repo stranger : List.of(NOBODY, Repo.of(RepoType.DATASET, REPO.id()))) {
            assertThat(of(stranger).ref("main")).isEmpty();
            assertThat(of(stranger).ref(COMMIT)).isEmpty();
            assertThat(of(stranger).manifest(COMMIT)).isEmpty();
            assertThat(of(stranger).commits()).isEmpty();
        }
        assertThat(of(REPO).commits()).containsExactly(COMMIT);
        assertThat(of(NOBODY).repositories()).containsExactly(REPO);
    }

    @Test
    void twoRepositoriesInOneDirectoryKeepTheirRevisionsApart() throws IOException {
        Sample.fetchAll(of(REPO).at(COMMIT), Sample.manifest(CONFIG), CONFIG_BYTES);
        Sample.fetchAll(of(OTHER).at(OTHER_COMMIT), OF_OTHER, WEIGHTS_BYTES);

        assertThat(of(REPO).ref("main")).contains(COMMIT);
        assertThat(of(REPO).manifest(OTHER_COMMIT)).isEmpty();
        assertThat(of(OTHER).ref("main")).contains(OTHER_COMMIT);
        assertThat(of(OTHER).commits()).containsExactly(OTHER_COMMIT);
        assertThat(of(NOBODY).repositories()).containsExactlyInAnyOrder(REPO, OTHER);
    }

    /** As of a fork: the commit is the same, and so is all of it. */
    @Test
    void aCommitMayBelongToBoth() throws IOException {
        Sample.fetchAll(of(REPO).at(COMMIT), Sample.manifest(CONFIG), CONFIG_BYTES);
        Manifest fork = new Manifest("mirror", "huggingface", OTHER, "main", COMMIT, List.of(CONFIG), true);
        of(OTHER).at(COMMIT).prepare(fork);

        assertThat(of(OTHER).manifest(COMMIT)).contains(fork);
        assertThat(of(REPO).manifest(COMMIT)).contains(Sample.manifest(CONFIG));
    }

    /** It is asked for by the Hub's name, whatever the source calls it. */
    @Test
    void theNameAskedForCountsNotThatOfTheSource() throws IOException {
        Manifest alias = new Manifest(
                "modelscope",
                "modelscope",
                REPO.renamed("LLM-Research/Aurora", "modelscope"),
                "master",
                OTHER_COMMIT,
                List.of(WEIGHTS),
                true);
        Sample.fetchAll(of(REPO).at(OTHER_COMMIT), alias, WEIGHTS_BYTES);

        assertThat(of(REPO).ref("main")).contains(OTHER_COMMIT);
        assertThat(of(REPO).manifest(OTHER_COMMIT)).contains(alias);
    }

    @Test
    void whatOnlyThePythonLibraryNotedIsNobodysAndStillServes() throws IOException {
        Files.write(directory.resolve("config.json"), CONFIG_BYTES);
        Path metadata = directory.resolve(".cache/huggingface/download/config.json.metadata");
        Files.createDirectories(metadata.getParent());
        Files.writeString(metadata, OTHER_COMMIT + "\n" + CONFIG_GIT + "\n1985402764.1234567\n");

        assertThat(of(NOBODY).repositories()).isEmpty();
        assertThat(of(REPO).ref("main")).isEmpty();
        assertThat(of(REPO).ref(OTHER_COMMIT)).contains(OTHER_COMMIT);
        assertThat(of(REPO).manifest(OTHER_COMMIT).orElseThrow().files()).containsExactly(CONFIG);
    }

    private LocalDir of(Repo repo) {
        return new LocalDir(directory, repo, new HandClock());
    }
}
