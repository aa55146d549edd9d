package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Destination;
import dev.modelfetch.FetchException;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.it.sample.TreeProvider;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listing that names files where none of ours may go is refused as a whole, before the first byte. */
class HostileListingTest {

    private static final String ID = "evil-corp/trap";
    private static final Repository HONEST =
            Repository.model(ID).file("config.json", "{}\n").lfs("model.bin", Content.generated(5, 20_000));

    @RegisterExtension
    final Lab lab = Lab.of(List.of(), List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside.txt",
                "a/../../outside.txt",
                "C:\\windows.txt",
                "..\\outside.txt",
                ".git/config",
                "sub/.GIT/hooks/post-checkout",
                "line\nbreak.txt",
                "a//b.txt",
                "./here.txt"
            })
    void isRefusedByItsNames(String path) throws Exception {
        hold(HONEST.file(path, "gotcha\n"));

        for (String source : List.of("huggingface", "mirror", "modelscope")) {
            lab.failure(FetchException.Storage.class, ID, Lab.from(source));
        }
        assertNothingWasFetched();
        assertThat(lab.filesAtHome()).isEmpty();
    }

    @Test
    void theProgramSaysWhichNameWithoutObeyingWhatIsInIt() throws Exception {
        hold(HONEST.file("../\u001b[2Jgotcha.txt", "gotcha\n"));

        Running.Ended ended = lab.program().run(ID).exits(7);

        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("gotcha.txt").doesNotContain("\u001b");
        assertNothingWasFetched();
        assertThat(lab.filesAtHome()).isEmpty();
    }

    @Test
    void aLocalDirectoryIsAsSafe() throws Exception {
        hold(HONEST.file("../outside.txt", "gotcha\n"));
        Path directory = lab.home().resolve("in/here");

        FetchException.Storage e = lab.failure(
                FetchException.Storage.class, ID, request -> request.destination(new Destination.Directory(directory)));

        assertThat(e).hasMessageContaining("../outside.txt");
        assertThat(Files.exists(directory.resolveSibling("outside.txt"))).isFalse();
        assertNothingWasFetched();
    }

    @Test
    void ourOwnBookkeepingCannotBeOverwritten() {
        hold(HONEST.file(".cache/huggingface/download/config.json.metadata", "gotcha\n"));

        lab.failure(
                FetchException.Storage.class,
                ID,
                request ->
                        request.destination(new Destination.Directory(lab.home().resolve("plain"))));

        assertNothingWasFetched();
    }

    @Test
    void aFileThatIsAFolderAtTheSameTimeIsRefused() {
        assertThat(refusedByTree(HONEST.file("a", "file\n").file("a/b", "in a folder\n")))
                .hasMessageContaining("a/b");
    }

    @Test
    void anAbsoluteNameIsRefused() {
        assertThat(refusedByTree(HONEST.file("/etc/absolute.txt", "gotcha\n")))
                .hasMessageContaining("/etc/absolute.txt");
    }

    /** The sample source takes names from its index as they are. */
    private FetchException.Storage refusedByTree(Repository repository) {
        var tree = lab.hubs().tree(repository);
        try (Modelfetch modelfetch = lab.builder()
                .provider(new TreeProvider())
                .endpoint("tree", tree.endpoint())
                .build()) {
            var request =
                    modelfetch.request(ID).source(SourceChoice.only("tree")).build();
            return Assertions.catchThrowableOfType(FetchException.Storage.class, () -> modelfetch.fetch(request));
        } finally {
            assertNothingWasFetched();
        }
    }

    private void hold(Repository repository) {
        lab.hubs().huggingFace().catalogue().put(repository);
        lab.hubs().mirror().catalogue().put(repository);
        lab.hubs().modelScope().catalogue().put(repository.at("modelscope"));
    }

    private void assertNothingWasFetched() {
        assertThat(lab.ledger().bytesSent("config.json")).isZero();
        assertThat(lab.ledger().bytesSent("model.bin")).isZero();
    }
}
