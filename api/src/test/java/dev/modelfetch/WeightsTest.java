package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a loader needs of repositories as they are, and nothing else. */
class WeightsTest extends WeightsBench {

    @ParameterizedTest
    @EnumSource(
            value = Weights.class,
            names = {"BEST", "SAFETENSORS"})
    void whereThereIsOneSetAllIsTaken(Weights weights) {
        assertThat(taken(weights, DEEPSEEK)).hasSize(174);
    }

    @ParameterizedTest
    @EnumSource(
            value = Weights.class,
            names = {"BEST", "SAFETENSORS"})
    void whatTheModelWasConvertedFromIsLeftOut(Weights weights) {
        without(weights, LLAMA, "original/consolidated.00.pth", "original/params.json", "original/tokenizer.model");
        without(weights, MISTRAL, "consolidated.safetensors");
    }

    @Test
    void whoAsksForPicklesWhereOnlyTheOriginalIsOneGetsTheOriginal() {
        without(Weights.BIN, LLAMA, "model-{1..4}-of-4.safetensors", "model.safetensors.index.json");
    }

    @Test
    void copiesForOtherProgramsAreLeftOut() {
        Manifest gpt = Rows.of("""
                config.json
                metal/model.bin 13.8GB
                model-{1..3}-of-3.safetensors 4.6GB
                model.safetensors.index.json
                original/config.json
                original/dtypes.json
                original/model.safetensors 13.8GB""");

        for (Weights weights : List.of(Weights.BEST, Weights.SAFETENSORS)) {
            without(
                    weights,
                    gpt,
                    "metal/model.bin",
                    "original/config.json",
                    "original/dtypes.json",
                    "original/model.safetensors");
        }
    }

    @Test
    void everyModuleOfASentenceTransformerIsTaken() {
        Manifest dense = Rows.of("""
                1_Pooling/config.json
                2_Dense/config.json
                2_Dense/model.safetensors 9MB
                2_Dense/pytorch_model.bin 9MB
                3_Dense/config.json
                3_Dense/pytorch_model.bin 9MB
                config.json
                model.safetensors 1.2GB
                modules.json
                pytorch_model.bin 1.2GB""");

        without(Weights.BEST, dense, "2_Dense/pytorch_model.bin", "pytorch_model.bin");
        without(Weights.BIN, dense, "2_Dense/model.safetensors", "model.safetensors");
    }

    @Test
    void aConsolidatedModelAloneIsTheModel() {
        Manifest pixtral = Rows.of("consolidated.safetensors 25GB", "params.json", "tekken.json 15MB");

        assertThat(taken(Weights.BEST, pixtral)).hasSize(3);
    }

    @Test
    void ofSevenFrameworksOneIsTaken() {
        String[] core = {
            "coreml/fill-mask/float32_model.mlpackage/Data/com.apple.CoreML/model.mlmodel",
            "coreml/fill-mask/float32_model.mlpackage/Data/com.apple.CoreML/weights/weight.bin",
            "coreml/fill-mask/float32_model.mlpackage/Manifest.json"
        };
        for (Weights weights : List.of(Weights.BEST, Weights.SAFETENSORS)) {
            assertThat(taken(weights, BERT))
                    .containsExactly("README.md", "config.json", "model.safetensors", "vocab.txt");
        }
        assertThat(taken(Weights.BIN, BERT))
                .containsExactly("README.md", "config.json", "pytorch_model.bin", "vocab.txt");
        assertThat(taken(Weights.ONNX, BERT)).containsExactly("README.md", "config.json", "model.onnx", "vocab.txt");
        assertThat(taken(Weights.FLAX, BERT)).contains("flax_model.msgpack").hasSize(4);
        assertThat(taken(Weights.RUST, BERT)).contains("rust_model.ot").hasSize(4);
        assertThat(taken(Weights.TENSORFLOW, BERT)).contains("tf_model.h5").hasSize(4);
        assertThat(taken(Weights.COREML, BERT))
                .contains(core)
                .contains("README.md", "config.json", "vocab.txt")
                .hasSize(6);
    }

    @Test
    void anExportIsTakenWithItsFolderInItsUsualForm() {
        List<String> common = List.of(
                "1_Pooling/config.json",
                "README.md",
                "config.json",
                "config_sentence_transformers.json",
                "data_config.json",
                "modules.json",
                "tokenizer.json",
                "train_script.py",
                "vocab.txt");
        assertThat(taken(Weights.BEST, SENTENCES))
                .containsAll(common)
                .contains("model.safetensors")
                .hasSize(10);
        assertThat(taken(Weights.ONNX, SENTENCES))
                .containsAll(common)
                .contains("onnx/model.onnx")
                .hasSize(10);
        assertThat(taken(Weights.OPENVINO, SENTENCES))
                .containsAll(common)
                .contains("openvino/openvino_model.bin", "openvino/openvino_model.xml")
                .hasSize(11);
    }

    @Test
    void theVariantThatIsLoadedUnlessAnotherIsAskedForIsTaken() {
        assertThat(taken(Weights.BEST, WHISPER))
                .containsExactly("config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json");
        assertThat(taken(Weights.BIN, WHISPER))
                .containsExactly("config.json", "preprocessor_config.json", "pytorch_model.bin", "tokenizer.json");
    }

    @Test
    void anotherVariantIsHadByPattern() {
        assertThat(taken(Selection.all().weights(Weights.SAFETENSORS).include("*.fp32*", "config.json"), WHISPER))
                .containsExactly(
                        "config.json",
                        "model.fp32-00001-of-00002.safetensors",
                        "model.fp32-00002-of-00002.safetensors",
                        "model.safetensors.index.fp32.json");
    }

    @Test
    void whereTheUsualVariantIsMissingTheHalvedOneStandsIn() {
        Manifest half = Rows.of(
                "unet/diffusion_pytorch_model.fp16.safetensors 5GB",
                "unet/diffusion_pytorch_model.fp32.safetensors 10GB",
                "unet/diffusion_pytorch_model.non_ema.safetensors 10GB");

        assertThat(taken(Weights.BEST, half)).containsExactly("unet/diffusion_pytorch_model.fp16.safetensors");
    }

    @Test
    void variantsThatNothingRanksAreAllTaken() {
        Manifest odd = Rows.of("onnx/model_q4.onnx 1GB", "onnx/model_q4f16.onnx 900MB", "onnx/model_bnb4.onnx 1GB");

        assertThat(taken(Weights.ONNX, odd)).hasSize(3);
    }

    @Test
    void aPipelineIsTakenFolderByFolder() {
        List<String> common = List.of(
                "LICENSE.md",
                "README.md",
                "model_index.json",
                "scheduler/scheduler_config.json",
                "text_encoder/config.json",
                "tokenizer/merges.txt",
                "tokenizer/vocab.json",
                "unet/config.json",
                "vae/config.json",
                "vae_decoder/config.json");
        for (Weights weights : List.of(Weights.BEST, Weights.SAFETENSORS)) {
            assertThat(taken(weights, DIFFUSION))
                    .containsAll(common)
                    .contains(
                            "text_encoder/model.safetensors",
                            "unet/diffusion_pytorch_model.safetensors",
                            "vae/diffusion_pytorch_model.safetensors")
                    .hasSize(13);
        }
        assertThat(taken(Weights.ONNX, DIFFUSION))
                .containsAll(common)
                .contains(
                        "text_encoder/model.onnx", "unet/model.onnx", "unet/model.onnx_data", "vae_decoder/model.onnx")
                .hasSize(14);
        assertThat(taken(Weights.FLAX, DIFFUSION)).hasSize(12);
        assertThat(taken(Weights.OPENVINO, DIFFUSION)).hasSize(16);
        assertThat(taken(Selection.all().weights(Weights.BEST).include("unet/*fp16*"), DIFFUSION))
                .containsExactly("unet/diffusion_pytorch_model.fp16.safetensors");
    }

    @Test
    void thePartsOfAPipelineMayBeOfBothFormatsOfPyTorch() {
        Manifest old = Rows.of(
                "model_index.json",
                "safety_checker/pytorch_model.bin 1.2GB",
                "safety_checker/config.json",
                "unet/diffusion_pytorch_model.bin 3.4GB",
                "unet/diffusion_pytorch_model.safetensors 3.4GB",
                "v1-5-pruned.ckpt 7.7GB",
                "v1-5-pruned.safetensors 7.7GB");

        assertThat(taken(Weights.BEST, old))
                .containsExactly(
                        "model_index.json",
                        "safety_checker/pytorch_model.bin",
                        "safety_checker/config.json",
                        "unet/diffusion_pytorch_model.safetensors");
        assertThat(taken(Weights.BIN, old))
                .containsExactly(
                        "model_index.json",
                        "safety_checker/pytorch_model.bin",
                        "safety_checker/config.json",
                        "unet/diffusion_pytorch_model.bin");
        assertThatThrownBy(() -> taken(Weights.SAFETENSORS, old))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessage("safety_checker/pytorch_model.bin has no equivalent in safetensors in lab/tiny as hub lists"
                        + " it (revision main).");
        assertThat(taken(Selection.all().weights(Weights.SAFETENSORS).exclude("safety_checker/"), old))
                .containsExactly("model_index.json", "unet/diffusion_pytorch_model.safetensors");
    }

    @Test
    void theOnlyCopyOfAPipelineMayLieBesideItsFolders() {
        Manifest single = Rows.of("model_index.json", "sd.ckpt 4GB", "unet/config.json");

        assertThat(taken(Weights.BEST, single)).hasSize(3);
    }

    @Test
    void anAdapterInSafetensorsDoesNotReplaceTheModel() {
        Manifest adapted = Rows.of("adapter_model.safetensors 50MB", "adapter_model.bin 50MB", "pytorch_model.bin 1GB");

        assertThat(taken(Weights.BEST, adapted)).containsExactly("adapter_model.safetensors", "pytorch_model.bin");
    }

    @Test
    void weightsOfNamesThatNoLoaderKnowsAreAllTaken() {
        Manifest m3 = Rows.of(
                "colbert_linear.pt 2MB",
                "config.json",
                "onnx/config.json",
                "onnx/model.onnx 700kB",
                "onnx/model.onnx_data 2.2GB",
                "pytorch_model.bin 2.2GB",
                "sparse_linear.pt");

        assertThat(taken(Weights.BEST, m3))
                .containsExactly("colbert_linear.pt", "config.json", "pytorch_model.bin", "sparse_linear.pt");
        assertThat(taken(Weights.ONNX, m3))
                .containsExactly("config.json", "onnx/config.json", "onnx/model.onnx", "onnx/model.onnx_data");
    }

    @Test
    void anAccessoryInABetterFormatDoesNotHideTheModel() {
        Manifest speech = Rows.of(
                "config.json", "onnx/model.onnx 326MB", "onnx/model_quantized.onnx 92MB", "voices/af.bin 522kB");

        assertThat(taken(Weights.BEST, speech)).containsExactly("config.json", "onnx/model.onnx", "voices/af.bin");
    }

    @Test
    void whatTrainingLeftIsLeftOut() {
        Manifest trained = Rows.of(
                "checkpoint-500/config.json",
                "checkpoint-500/model.safetensors 1GB",
                "checkpoint-500/optimizer.pt 2GB",
                "checkpoint-500/rng_state_0.pth",
                "checkpoint-500/trainer_state.json",
                "config.json",
                "model.safetensors 1GB",
                "optimizer.pt 2GB",
                "rng_state.pth",
                "runs/events.out.tfevents.1700000000.host.1.0",
                "scheduler.pt",
                "training_args.bin");

        for (Weights weights : List.of(Weights.BEST, Weights.SAFETENSORS)) {
            assertThat(taken(weights, trained)).containsExactly("config.json", "model.safetensors");
        }
        assertThatThrownBy(() -> taken(Weights.BIN, trained))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessageContaining("it has safetensors (2.0 GB).");
    }

    @Test
    void whereNothingButCheckpointsIsThereTheyAreTaken() {
        Manifest checkpoints = Rows.of("checkpoint-1/model.safetensors 1GB", "checkpoint-2/model.safetensors 1GB");

        assertThat(taken(Weights.BEST, checkpoints)).hasSize(2);
    }

    @Test
    void anOldCheckpointOfTensorFlowIsKeptTogether() {
        Manifest bert = Rows.of(
                "bert_config.json",
                "bert_model.ckpt.data-00000-of-00001 440MB",
                "bert_model.ckpt.index",
                "bert_model.ckpt.meta",
                "saved/saved_model.pb",
                "saved/variables/variables.data-00000-of-00001 440MB",
                "saved/variables/variables.index",
                "vocab.txt");

        assertThat(taken(Weights.TENSORFLOW, bert)).hasSize(8);
        assertThat(taken(Weights.BEST, bert)).hasSize(8);
    }

    @Test
    void theFormatsThatAreThereAreNamed() {
        assertThatThrownBy(() -> taken(Weights.GGUF, SENTENCES))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessage("There are no gguf weights in lab/tiny as hub lists it (revision main): it has safetensors"
                        + " (91.0 MB), bin (91.0 MB), onnx (294.0 MB), openvino (113.6 MB), tensorflow (91.0 MB),"
                        + " rust (91.0 MB).");
        assertThatThrownBy(() -> taken(Weights.BEST, Rows.of("data.csv", "training_args.bin")))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessage("There are no weights in lab/tiny as hub lists it (revision main).");
        assertThatThrownBy(() -> taken(Selection.all().weights(Weights.BIN).include("onnx/"), BERT))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessageContaining("in what is selected of lab/tiny");
    }

    @Test
    void aFileNamedExactlyComesBesides() {
        Selection selection = Selection.all().weights(Weights.SAFETENSORS).files("rust_model.ot", "README.md");

        assertThat(taken(selection, BERT))
                .containsExactly("README.md", "config.json", "model.safetensors", "rust_model.ot", "vocab.txt");
        assertThat(taken(selection.exclude("*.ot"), BERT)).doesNotContain("rust_model.ot");
    }

    @Test
    void configurationIsTextWithoutWeights() {
        assertThat(taken(Selection.all().configOnly(), LLAMA))
                .containsExactly(
                        "LICENSE",
                        "USE_POLICY.md",
                        "config.json",
                        "model.safetensors.index.json",
                        "original/params.json",
                        "original/tokenizer.model",
                        "special_tokens_map.json",
                        "tokenizer.json");
        assertThat(taken(
                        Selection.all().configOnly(),
                        Rows.of(
                                "a.json 70MB",
                                "chat_template.jinja",
                                "logo.png",
                                "merges.txt",
                                "modeling.py",
                                "sentencepiece.bpe.model 5MB",
                                "tokenizer.model.v3",
                                "train.parquet 1MB",
                                "training_args.bin")))
                .containsExactly(
                        "chat_template.jinja",
                        "merges.txt",
                        "modeling.py",
                        "sentencepiece.bpe.model",
                        "tokenizer.model.v3");
        assertThat(taken(Selection.all().configOnly().exclude("tokenizer*"), MISTRAL))
                .containsExactly("config.json", "model.safetensors.index.json", "params.json");
    }

    @ParameterizedTest
    @EnumSource(Weights.class)
    void aFormatIsReadByItsWordInAnyCase(Weights weights) {
        assertThat(Weights.parse(" " + weights.name() + " ")).isEqualTo(weights);
        assertThat(Weights.parse(weights.word())).isEqualTo(weights);
    }

    @Test
    void anotherWordIsAUsageErrorThatListsTheFormats() {
        assertThatThrownBy(() -> Weights.parse("pickle"))
                .isInstanceOfSatisfying(
                        FetchException.Usage.class,
                        e -> assertThat(e.hint())
                                .isEqualTo(
                                        "Use one of best, safetensors, bin, gguf, onnx, openvino, tensorflow, flax, rust,"
                                                + " coreml, tflite, paddle, nemo."));
    }
}
