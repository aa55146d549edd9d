package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import dev.modelfetch.FetchException;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Weights;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One model in several formats, of which only what is needed is fetched. */
class PartsOfAModelTest {

    private static final Repository TORN = Repository.model("acme-lab/everything")
            .file("README.md", "# Everything\n")
            .file("config.json", "{}\n")
            .lfs("model-00001-of-00002.safetensors", Content.generated(41, 5000))
            .file("model.safetensors.index.json", "{\"weight_map\": {}}\n")
            .file("onnx/config.json", "{\"onnx\": 1}\n")
            .lfs("onnx/model.onnx", Content.generated(43, 5000))
            .lfs("optimizer.pt", Content.generated(44, 9000))
            .file("original/params.json", "{\"dim\": 1}\n")
            .lfs("original/consolidated.00.pth", Content.generated(45, 9000))
            .lfs("pytorch_model.bin", Content.generated(46, 9000))
            .lfs("Everything-IQ4_K_M.gguf", Content.generated(47, 3000))
            .lfs("Everything-Q4_K_M.gguf", Content.generated(48, 3000))
            .lfs("Q8_0/Everything-Q8_0-00001-of-00002.gguf", Content.generated(49, 3000))
            .lfs("Q8_0/Everything-Q8_0-00002-of-00002.gguf", Content.generated(50, 2000))
            .lfs("mmproj-BF16.gguf", Content.generated(51, 1000))
            .lfs("mmproj-F16.gguf", Content.generated(52, 1000));

    private static final Repository MODEL = TORN.lfs("model-00002-of-00002.safetensors", Content.generated(42, 5000));

    private static final List<String> SAFE = List.of(
            "README.md",
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json");

    @RegisterExtension
    final Lab lab = Lab.of(List.of(MODEL), List.of(TORN.at("modelscope")));

    @Test
    void theBestWeightsAreOneSetWithWhatBelongsToIt() throws Exception {
        Path path = lab.program()
                .run(MODEL.id(), "--source", "hf", "--weights", "best")
                .path();

        assertThat(Contents.of(path).keySet()).containsExactlyElementsOf(SAFE);
        Stream.of("pytorch_model.bin", "optimizer.pt", "onnx/model.onnx", "original/consolidated.00.pth")
                .forEach(other -> assertThat(lab.ledger().bytesSent(other)).isZero());
        lab.program()
                .run("verify", MODEL.id(), "--weights", "safetensors", "--offline")
                .exits(0);
        lab.program()
                .run("verify", MODEL.id(), "--weights", "onnx", "--offline")
                .exits(6);
        lab.program().run(MODEL.id(), "--weights", "safetensors", "--offline").exits(0);
        lab.program().run(MODEL.id(), "--weights", "bin", "--offline").exits(8);
    }

    @Test
    void aSourceThatListsHalfAModelIsPassedOver() {
        Snapshot result = lab.fetch(
                MODEL.id(),
                request -> Lab.from("modelscope", "huggingface").apply(request.weights(Weights.SAFETENSORS)));

        assertThat(result.files()).extracting(Snapshot.Item::path).containsExactlyInAnyOrderElementsOf(SAFE);
        assertThat(result.source()).isEqualTo("huggingface");
        assertThat(lab.failure(
                        FetchException.NotFound.class,
                        MODEL.id(),
                        request -> Lab.from("modelscope").apply(request.weights(Weights.SAFETENSORS))))
                .hasMessageContaining("Only 1 of the 2 parts of model (safetensors)");
    }

    @Test
    void aQuantisationIsItsPartsAndItsProjector() throws Exception {
        Path path = lab.program().run(MODEL.id(), "--gguf", "q8_0").path();

        assertThat(Contents.of(path).keySet())
                .containsExactly(
                        "Q8_0/Everything-Q8_0-00001-of-00002.gguf",
                        "Q8_0/Everything-Q8_0-00002-of-00002.gguf",
                        "mmproj-F16.gguf");
    }

    @Test
    void lsShowsWhatWouldBeTaken() throws Exception {
        Running.Ended ended = lab.program()
                .run("ls", MODEL.id(), "--source", "hf", "--gguf", "Q4_K_M", "--json")
                .exits(0);

        assertThat(ended.json().getAsJsonArray("files"))
                .extracting(PartsOfAModelTest::path)
                .containsExactly("Everything-Q4_K_M.gguf", "mmproj-F16.gguf");
        assertThat(lab.program()
                        .run("ls", MODEL.id(), "--source", "hf", "--config-only", "--json")
                        .json()
                        .getAsJsonArray("files"))
                .extracting(PartsOfAModelTest::path)
                .containsExactly(
                        "README.md",
                        "config.json",
                        "model.safetensors.index.json",
                        "onnx/config.json",
                        "original/params.json");
    }

    private static String path(JsonElement file) {
        return file.getAsJsonObject().get("path").getAsString();
    }

    @Test
    void whatIsNotThereIsNotFoundAndWhatIsThereIsNamed() throws Exception {
        Running.Ended quantisation =
                lab.program().run(MODEL.id(), "--gguf", "Q2_K", "--json").exits(3);
        Running.Ended format =
                lab.program().run(MODEL.id(), "--weights", "flax", "--json").exits(3);

        assertThat(quantisation.error().get("message").getAsString())
                .contains("Q4_K_M (3.0 kB)", "IQ4_K_M (3.0 kB)", "Q8_0 (5.0 kB)");
        assertThat(format.error().get("message").getAsString()).contains("bin (18.0 kB)", "onnx (5.0 kB)");
        assertThat(lab.filesAtHome()).isEmpty();
    }

    @Test
    void aLockWithoutWhatIsAskedForIsNoSuccess() throws Exception {
        String lock = lab.home().resolve("best.lock").toString();
        lab.program()
                .run(MODEL.id(), "--source", "hf", "--weights", "best", "--lock", lock)
                .exits(0);

        for (List<String> wanted :
                List.of(List.of("pytorch_model.bin"), List.of("--include", "onnx/"), List.of("--gguf", "Q4_K_M"))) {
            Running.Ended ended = lab.program()
                    .run(Stream.concat(Stream.of(MODEL.id(), "--locked", lock, "--json"), wanted.stream())
                            .toArray(String[]::new))
                    .exits(3);
            assertThat(ended.error().get("message").getAsString())
                    .startsWith("The lock file does not pin what is asked for.");
        }
        lab.program()
                .run(MODEL.id(), "--locked", lock, "--weights", "safetensors")
                .exits(0);
    }
}
