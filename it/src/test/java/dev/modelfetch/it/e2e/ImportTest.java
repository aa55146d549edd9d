package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Folders that other programs have filled are taken into the hub cache, without a byte of a file from anybody. */
class ImportTest {

    private static final Repository MODEL = Samples.LARGE;
    private static final Repository DOTTED =
            Repository.model("Acme/tiny-0.5B").file("config.json", "{}\n").lfs("model.safetensors", Samples.WEIGHTS);
    private static final Repository POEMS = Repository.dataset("acme-lab/poems").file("poems.txt", "roses\n");

    @RegisterExtension
    final Lab lab = Lab.of(MODEL, DOTTED, POEMS);

    private static Path filled(Path folder, Repository repository) throws IOException {
        for (StoredFile file : repository.head().files().values()) {
            Path path = folder.resolve(file.path());
            Files.createDirectories(path.getParent());
            Files.write(path, file.content().toByteArray());
        }
        return folder;
    }

    private static Path filledByHfd(Path folder, Repository repository, String description) throws IOException {
        filled(folder, repository);
        Files.createDirectories(folder.resolve(".hfd"));
        Files.writeString(folder.resolve(".hfd/repo_metadata.json"), description);
        return folder;
    }

    private Running.Ended run(String... words) throws IOException, InterruptedException {
        return lab.program().run(words);
    }

    /** By the listings of one hub, as another has a file more. */
    private Running.Ended taken(String... words) throws IOException, InterruptedException {
        return run(Stream.concat(Stream.of("cache", "import", "--source", "huggingface"), Stream.of(words))
                .toArray(String[]::new));
    }

    private void assertStored(Running.Ended ended, Repository... repositories) throws IOException {
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out().lines()).hasSize(repositories.length);
        for (int i = 0; i < repositories.length; i++) {
            Path path = Path.of(ended.out().lines().toList().get(i));
            assertThat(Contents.of(path)).isEqualTo(Contents.of(repositories[i]));
            for (String file : repositories[i].head().files().keySet()) {
                assertThat(lab.ledger().bytesSent(file)).as(file).isZero();
            }
        }
    }

    @Test
    void aFolderOfWhichThePersonSaysWhatItIs() throws Exception {
        Path folder = filled(lab.home().resolve("their stuff"), MODEL);
        Files.writeString(folder.resolve("notes.txt"), "mine");

        Running.Ended ended = taken(folder.toString(), MODEL.id());

        assertStored(ended, MODEL);
        assertThat(folder.resolve("notes.txt")).hasContent("mine");
        assertThat(run(MODEL.id(), "--offline").code()).isZero();
        Files.writeString(folder.resolve(Samples.BIG), "changed later");
        assertThat(run("cache", "verify").code()).as("it was copied").isZero();
    }

    @Test
    void whatALinkInTheFolderLeadsToIsShared() throws Exception {
        Path elsewhere = filled(lab.home().resolve("elsewhere"), MODEL);
        Path folder = Files.createDirectories(lab.home().resolve("links"));
        for (String path : MODEL.head().files().keySet()) {
            Files.createSymbolicLink(
                    folder.resolve(path), Path.of("../elsewhere").resolve(path));
        }

        Running.Ended ended = taken(folder.toString(), MODEL.id(), "--link");

        assertStored(ended, MODEL);
        Path blob = Path.of(ended.out().strip()).resolve(Samples.BIG).toRealPath();
        assertThat(blob).startsWith(lab.cache().toRealPath());
        assertThat(Files.isSameFile(blob, elsewhere.resolve(Samples.BIG))).isTrue();
    }

    @Test
    void whatIsMissingOrSomethingElseIsNamedAndNotFetched() throws Exception {
        Path folder = filled(lab.home().resolve("tuned"), MODEL);
        byte[] other = MODEL.head().files().get(Samples.BIG).content().toByteArray();
        other[7] ^= 1;
        Files.write(folder.resolve(Samples.BIG), other);

        Running.Ended ended = taken(folder.toString(), MODEL.id());

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(Contents.of(Path.of(ended.out().strip()))).containsOnlyKeys("config.json");
        assertThat(ended.err()).contains(Samples.BIG, "fetch " + MODEL.id());
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isZero();
        assertThat(folder.resolve(Samples.BIG)).hasBinaryContent(other);
        assertThat(lab.cache().resolve("models--acme-lab--large/blobs")).isDirectoryNotContaining("glob:**tmp-*");
    }

    @Test
    void aPartOfAnotherCommitTakesNoPlaceFromAWholeOne() throws Exception {
        lab.fetch(MODEL.id(), "modelscope");
        Path folder = Files.createDirectories(lab.home().resolve("part"));
        Files.writeString(folder.resolve("config.json"), "{}\n");

        assertThat(taken(folder.toString(), MODEL.id()).code()).isZero();

        assertThat(run(MODEL.id(), "--offline").code()).isZero();
    }

    @Test
    void aFolderOfNothingIsNotTakenForWhatTheCacheHas() throws Exception {
        lab.fetch(MODEL.id(), "huggingface");
        Path folder = Files.createDirectories(lab.home().resolve("empty"));

        assertThat(taken(folder.toString(), MODEL.id()).code()).isEqualTo(3);
    }

    @Test
    void theRevisionBehindTheNameCounts() throws Exception {
        Path folder = filled(lab.home().resolve("x"), MODEL);

        assertThat(taken(folder.toString(), MODEL.id() + "@nope").code()).isEqualTo(3);
    }

    @Test
    void aFolderOfSomethingElseIsNotTaken() throws Exception {
        Path folder = filled(lab.home().resolve("poems"), POEMS);

        Running.Ended ended = taken(folder.toString(), MODEL.id());

        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.err()).contains("Nothing that lies there", "--local-dir");
        assertThat(lab.cache().resolve("models--acme-lab--large/refs/main")).doesNotExist();
    }

    @Test
    void aGitCloneSaysWhatItIs() throws Exception {
        Path folder = filled(lab.home().resolve("clone"), MODEL);
        Files.createDirectories(folder.resolve(".git"));
        Files.writeString(
                folder.resolve(".git/config"),
                "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = https://huggingface.co/" + MODEL.id() + "\n");

        assertStored(taken(folder.toString()), MODEL);
    }

    @Test
    void everythingOfHfdInAFolder() throws Exception {
        Path models = lab.home().resolve("models");
        filledByHfd(models.resolve("large"), MODEL, "{\"id\":\"acme-lab/large\",\"modelId\":\"acme-lab/large\"}");
        filledByHfd(models.resolve("poems"), POEMS, "{\"id\":\"acme-lab/poems\"}");
        filled(models.resolve("something"), DOTTED);

        assertStored(taken(models.toString(), "--from", "hfd"), MODEL, POEMS);
    }

    @Test
    void everythingOfModelScopeInAllItsLayouts() throws Exception {
        Path cache = lab.home().resolve(".cache/modelscope");
        filled(cache.resolve("models/acme-lab--large/snapshots/master"), MODEL);
        filled(cache.resolve("hub/models/Acme/tiny-0___5B"), DOTTED);
        Files.createSymbolicLink(cache.resolve("hub/models/Acme/tiny-0.5B"), Path.of("tiny-0___5B"));
        filled(cache.resolve("hub/datasets/acme-lab/poems"), POEMS);
        Files.createDirectories(cache.resolve("hub/models/._____temp/acme-lab/large"));

        Running.Ended ended = taken("--from", "modelscope");

        assertStored(ended, MODEL, DOTTED, POEMS);
        Path blob = lab.cache()
                .resolve("models--acme-lab--large/snapshots/" + MODEL.head().id())
                .resolve(Samples.BIG)
                .toRealPath();
        assertThat(Files.getAttribute(blob, "unix:nlink")).as("stored once").isEqualTo(2);
    }

    @Test
    void oneThatFailsDoesNotKeepTheOthersOut() throws Exception {
        Path models = lab.home().resolve("models");
        filledByHfd(models.resolve("a"), MODEL, "{\"id\":\"nobody/has-it\",\"modelId\":\"nobody/has-it\"}");
        filledByHfd(models.resolve("b"), MODEL, "{\"id\":\"acme-lab/large\",\"modelId\":\"acme-lab/large\"}");

        Running.Ended ended = taken(models.toString(), "--from", "hfd");

        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.err()).contains("nobody/has-it", models.resolve("a").toString());
        assertThat(run(MODEL.id(), "--offline").code()).isZero();
    }

    @Test
    void wordsThatMakeNoSenseAreRefused() throws Exception {
        Path folder = filled(lab.home().resolve("x"), MODEL);
        for (List<String> words : List.of(
                List.<String>of(),
                List.of(folder.toString()),
                List.of(folder.resolve("nowhere").toString(), MODEL.id()),
                List.of(folder.toString(), MODEL.id(), POEMS.id()),
                List.of(folder.toString(), MODEL.id(), "--from", "hfd"),
                List.of("--from", "somebody"))) {
            assertThat(taken(words.toArray(new String[0])).code())
                    .as(String.join(" ", words))
                    .isEqualTo(2);
        }
        assertThat(lab.cache()).doesNotExist();
    }
}
