package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import dev.modelfetch.Selection;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Some files of a repository. */
class SelectionTest {

    private static final Repository MODEL = Repository.model("acme-lab/parts")
            .file("README.md", "# Parts\n")
            .file("config.json", "{}\n")
            .file("onnx/config.json", "{\"onnx\": 1}\n")
            .file("onnx/deep/merges.txt", "a b\n")
            .file("odd[1].txt", "odd\n")
            .lfs("model-00001-of-00002.safetensors", Content.generated(31, 5000))
            .lfs("model-00002-of-00002.safetensors", Content.generated(32, 5000))
            .lfs("pytorch_model.bin", Content.generated(33, 5000));

    @RegisterExtension
    final Lab lab = Lab.of(MODEL);

    @Test
    void includeAndExcludeFollowPythonAndExclusionWins() throws Exception {
        Path path = lab.program()
                .run(MODEL.id(), "--include", "*.json,*.safetensors", "--exclude", "onnx/*")
                .path();

        assertThat(Contents.of(path).keySet())
                .containsExactly("config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    }

    @Test
    void filesMayBeGivenByNameAndByPattern() throws Exception {
        Path path = lab.program()
                .run(MODEL.id(), "README.md", "model-0000?-of-*", "onnx/")
                .path();

        assertThat(Contents.of(path).keySet())
                .containsExactly(
                        "README.md",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "onnx/config.json",
                        "onnx/deep/merges.txt");
        assertThat(lab.ledger().bytesSent("pytorch_model.bin")).isZero();
    }

    @Test
    void oneFileByNamePrintsThePathOfTheFile() throws Exception {
        Path path = lab.program().run(MODEL.id(), "onnx/config.json").path();

        assertThat(path).isAbsolute().hasContent("{\"onnx\": 1}\n");
        assertThat(path.toString()).endsWith(MODEL.head().id() + "/onnx/config.json");
    }

    @Test
    void aNameWithBracketsMeansItself() {
        var result = lab.fetch(
                MODEL.id(), request -> request.selection(Selection.of(List.of("odd[1].txt"), List.of(), List.of())));

        assertThat(result.files()).singleElement().extracting("path").isEqualTo("odd[1].txt");
    }

    @Test
    void aPatternThatMatchesNothingIsAnError() {
        lab.failure(
                FetchException.NotFound.class,
                MODEL.id(),
                request -> request.selection(Selection.of(List.of(), List.of("*.gguf"), List.of())));

        assertThat(lab.ledger().bytesSent("config.json")).isZero();
    }

    @Test
    void anAddressCopiedFromAPageNamesRevisionAndFile() throws Exception {
        Path path = lab.program()
                .run("https://huggingface.co/" + MODEL.id() + "/blob/main/onnx/deep/merges.txt")
                .path();

        assertThat(path).hasContent("a b\n");
    }

    @Test
    void lsListsWithoutFetching() throws Exception {
        Running.Ended ended = lab.program().run("ls", MODEL.id(), "--json").exits(0);

        assertThat(ended.json().getAsJsonArray("files")).hasSize(8);
        assertThat(lab.filesAtHome()).isEmpty();
    }
}
