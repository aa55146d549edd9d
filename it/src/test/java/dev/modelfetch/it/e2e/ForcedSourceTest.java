package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Destination;
import dev.modelfetch.RepoType;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.StoredFile;
import dev.modelfetch.testing.hub.Visit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One source and nobody else: the same bytes, wherever they come from, and no word to any other host. */
class ForcedSourceTest {

    private static final Repository MODEL = Repository.model("acme-lab/odd.names_1")
            .file("config.json", "{}\n")
            .file("empty.txt", "")
            .file("a b.txt", "blank\n")
            .file("hash#1?.txt", "hash\n")
            .file("50%25 off+more&c=d.txt", "percent\n")
            .file("[x](y){z}.json", "[]\n")
            .file("模型/файл é.txt", "beyond ASCII\n")
            .file("deep/er/and/deeper/f.txt", "nested\n")
            .lfs("deep/权重 #2.bin", Content.generated(11, 70_001))
            .lfs("model.safetensors", Content.generated(12, 9L << 20));
    private static final Repository DATASET = Repository.dataset("acme-lab/poems")
            .file("README.md", "# Poems\n")
            .lfs("data/train-00000-of-00001.parquet", Content.generated(13, 40_000));
    private static final Repository SPACE =
            Repository.empty(RepoType.SPACE, "acme-lab/app").file("app.py", "print('hello')\n");

    private static final String SLASHED = "feature/two words";
    private static final Repository BRANCHED = Repository.model("acme-lab/branched")
            .file("which.txt", "the branch\n")
            .ref(SLASHED)
            .file("which.txt", "the default\n");

    @RegisterExtension
    final Lab lab = Lab.of(MODEL, DATASET, SPACE, BRANCHED);

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void aModelWithAwkwardNamesArrivesWholeInTheHubCache(String source) throws IOException {
        Snapshot result = lab.fetch(MODEL.id(), source);

        assertThat(Contents.of(result.path())).isEqualTo(expected(MODEL, source));
        assertThat(result.source()).isEqualTo(source);
        assertThat(result.files()).allSatisfy(file -> assertThat(file.from()).containsExactly(source));
        assertOnlyAsked(source);
        assertHubCacheOf(source, result);
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void aLocalDirectoryHoldsTheFilesAndNothingElseInSight(String source) throws IOException {
        Path directory = lab.home().resolve("plain");
        Snapshot result = lab.fetch(
                MODEL.id(),
                request -> request.source(SourceChoice.only(source)).destination(new Destination.Directory(directory)));

        assertThat(result.path()).isEqualTo(directory);
        assertThat(Contents.of(directory)).isEqualTo(expected(MODEL, source));
        assertThat(names(directory.resolve(".cache"))).containsExactly("huggingface");
        assertThat(Files.exists(lab.cache())).isFalse();
        assertOnlyAsked(source);
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void aDatasetArrivesWhole(String source) throws IOException {
        Snapshot result = lab.fetch("datasets/" + DATASET.id(), source);

        assertThat(Contents.of(result.path())).isEqualTo(expected(DATASET, source));
        assertThat(result.path()).startsWith(lab.cache().resolve("datasets--acme-lab--poems/snapshots"));
        assertOnlyAsked(source);
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror"})
    void aSpaceArrivesWholeFromHubs(String source) throws IOException {
        Snapshot result = lab.fetch("spaces/" + SPACE.id(), source);

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(SPACE));
        assertOnlyAsked(source);
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void aRevisionMayContainASlashAndABlank(String source) throws IOException {
        Snapshot result = lab.fetch(
                BRANCHED.id(),
                request -> request.source(SourceChoice.only(source)).revision(SLASHED));

        assertThat(result.path().resolve("which.txt")).hasContent("the branch\n");
        Path ref = lab.cache().resolve("models--acme-lab--branched/refs").resolve(SLASHED);
        assertThat(ref).hasContent(result.commit());
        assertOnlyAsked(source);
    }

    @Test
    void twoSourcesLeaveOneCopyOfWhatTheyShare() throws IOException {
        lab.fetch(MODEL.id(), "modelscope");
        lab.ledger().clear();
        Snapshot second = lab.fetch(MODEL.id(), "huggingface");

        assertThat(second.bytesFetched()).isZero();
        assertThat(Contents.of(second.path())).isEqualTo(Contents.of(MODEL));
        assertThat(lab.ledger().visits("huggingface-data")).isEmpty();
    }

    @Test
    void theProgramDoesTheSame() throws Exception {
        Path snapshot = lab.program().run(MODEL.id(), "--source", "ms").path();

        assertThat(Contents.of(snapshot)).isEqualTo(expected(MODEL, "modelscope"));
        assertOnlyAsked("modelscope");
    }

    /** ModelScope has a file more. */
    private static SortedMap<String, String> expected(Repository repository, String source) {
        return Contents.of(
                source.equals("modelscope")
                        ? repository.file(
                                "configuration.json", "{\"framework\":\"pytorch\",\"task\":\"text-generation\"}\n")
                        : repository);
    }

    private void assertOnlyAsked(String source) {
        Set<String> hosts = lab.ledger().visits().stream().map(Visit::host).collect(Collectors.toSet());
        assertThat(hosts).isSubsetOf(source, source + "-data").contains(source);
        for (String other : lab.hubs().endpoints().keySet()) {
            if (!other.equals(source)) {
                assertThat(lab.ledger().connections(other))
                        .as("connections to %s", other)
                        .isZero();
            }
        }
    }

    private void assertHubCacheOf(String source, Snapshot result) throws IOException {
        Path folder = lab.cache().resolve("models--acme-lab--odd.names_1");
        Repository there = source.equals("modelscope") ? MODEL.at("modelscope") : MODEL;
        Set<String> etags = there.head().files().values().stream()
                .map(StoredFile::etag)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names(folder))
                .isSubsetOf("blobs", "refs", "snapshots", "trees", ".modelfetch")
                .contains("blobs", "refs", "snapshots");
        assertThat(names(folder.resolve("blobs"))).containsAll(etags);
        assertThat(names(folder.resolve("blobs"))).hasSize(etags.size() + (source.equals("modelscope") ? 1 : 0));
        assertThat(folder.resolve("refs/main")).hasContent(result.commit());
        assertThat(result.path()).isEqualTo(folder.resolve("snapshots").resolve(result.commit()));
        try (Stream<Path> files = Files.walk(result.path())) {
            assertThat(files.filter(path -> !Files.isDirectory(path))).allMatch(Files::isSymbolicLink);
        }
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
