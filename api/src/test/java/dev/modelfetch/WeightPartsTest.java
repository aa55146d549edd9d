package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights that were cut into parts: all of them or none, with the index that belongs to them. */
class WeightPartsTest extends WeightsBench {

    @ParameterizedTest
    @ValueSource(strings = {"optimizer", "model_q", "x-q4", "model", "rng_state", "tokenizer", "mmproj"})
    void aNameMadeToBeHardToReadIsReadAtOnce(String begin) {
        Manifest hostile = Rows.of(
                "model.safetensors",
                begin + "_a".repeat(5_000) + "!.bin!",
                begin + "-1-of-".repeat(2_000) + ".onnx",
                begin + "_q4".repeat(3_000) + ".gguf",
                begin + "/" + "onnx.mlpackage".repeat(500) + "/x");

        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(60), () -> taken(Weights.BEST, hostile)))
                .contains("model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model-{1..2}-of-3.safetensors",
                "model-{1..2}-of-3.fp16.safetensors",
                "model.fp16-{1..2}-of-3.safetensors",
                "unet/diffusion_pytorch_model-{1..2}-of-3.safetensors",
            })
    void aSetThatLacksAPartIsRefused(String parts) {
        Manifest torn = Rows.of(parts, "model.safetensors.index.json", "config.json");

        for (Weights weights : List.of(Weights.BEST, Weights.SAFETENSORS)) {
            assertThatThrownBy(() -> taken(weights, torn))
                    .isInstanceOf(FetchException.NotFound.class)
                    .hasMessageStartingWith("Only 2 of the 3 parts of ");
        }
        assertThat(taken(Selection.all(), torn)).hasSize(4);
    }

    @Test
    void whoWantsSomePartsGetsThem() {
        assertThat(taken(Selection.all().weights(Weights.BEST).include("model-0000[1-2]-*"), LLAMA))
                .containsExactly("model-00001-of-00004.safetensors", "model-00002-of-00004.safetensors");
    }

    @Test
    void anIndexWithoutPartsIsRefused() {
        assertThatThrownBy(() -> taken(
                        Weights.BEST, Rows.of("model.safetensors.index.json", "config.json", "lora/a.safetensors 1GB")))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessageStartingWith("None of the parts that model.safetensors.index.json speaks of is there");
    }

    @Test
    void anIndexGoesWithPartsOfAnyName() {
        Manifest layers = Rows.of(
                "model.safetensors.index.json", "model.layers.0.safetensors 1GB", "model.layers.1.safetensors 1GB");

        assertThat(taken(Weights.BEST, layers)).hasSize(3);
    }

    @Test
    void anIndexOfWhatIsNotTakenIsNotTaken() {
        Manifest both = Rows.of(
                "model.safetensors 2GB",
                "model-{1..2}-of-2.safetensors 1GB",
                "model.safetensors.index.json",
                "pytorch_model-{1..2}-of-2.bin 1GB",
                "pytorch_model.bin.index.json");

        assertThat(taken(Weights.BEST, both)).containsExactly("model.safetensors");
        assertThat(taken(Weights.BIN, both))
                .containsExactly(
                        "pytorch_model-00001-of-00002.bin",
                        "pytorch_model-00002-of-00002.bin",
                        "pytorch_model.bin.index.json");
    }

    @Test
    void ofPartsCutTwiceThoseThatAreAllThereAreTaken() {
        Manifest recut = Rows.of("model-{1..2}-of-2.safetensors 2GB", "model-{1..3}-of-4.safetensors 1GB");

        assertThat(taken(Weights.BEST, recut))
                .containsExactly("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    }
}
