package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;

/** Listings as they are found, and what is taken of them. */
abstract class WeightsBench {

    static final Manifest DEEPSEEK = Rows.of("""
            .gitattributes
            LICENSE
            README.md 17kB
            config.json
            configuration_deepseek.py
            figures/benchmark.jpg 777kB
            generation_config.json
            model-{1..163}-of-163.safetensors 4.3GB
            model.safetensors.index.json 8.9MB
            modeling_deepseek.py
            tokenizer.json 7.8MB
            tokenizer_config.json""");

    static final Manifest LLAMA = Rows.of("""
            LICENSE
            USE_POLICY.md
            config.json
            model-{1..4}-of-4.safetensors 4.9GB
            model.safetensors.index.json
            original/consolidated.00.pth 16GB
            original/params.json
            original/tokenizer.model 2.2MB
            special_tokens_map.json
            tokenizer.json 9MB""");

    static final Manifest MISTRAL = Rows.of("""
            config.json
            consolidated.safetensors 14.5GB
            model-{1..3}-of-3.safetensors 4.9GB
            model.safetensors.index.json
            params.json
            tokenizer.model.v3""");

    static final Manifest BERT = Rows.of("""
            README.md
            config.json
            coreml/fill-mask/float32_model.mlpackage/Data/com.apple.CoreML/model.mlmodel 165kB
            coreml/fill-mask/float32_model.mlpackage/Data/com.apple.CoreML/weights/weight.bin 532MB
            coreml/fill-mask/float32_model.mlpackage/Manifest.json
            flax_model.msgpack 438MB
            model.onnx 532MB
            model.safetensors 440MB
            pytorch_model.bin 440MB
            rust_model.ot 534MB
            tf_model.h5 536MB
            vocab.txt""");

    static final Manifest SENTENCES = Rows.of("""
            1_Pooling/config.json
            README.md
            config.json
            config_sentence_transformers.json
            data_config.json
            model.safetensors 91MB
            modules.json
            onnx/model.onnx 90MB
            onnx/model_O1.onnx 90MB
            onnx/model_O4.onnx 45MB
            onnx/model_qint8_arm64.onnx 23MB
            onnx/model_qint8_avx512_vnni.onnx 23MB
            onnx/model_quint8_avx2.onnx 23MB
            openvino/openvino_model.bin 90MB
            openvino/openvino_model.xml 211kB
            openvino/openvino_model_qint8_quantized.bin 23MB
            openvino/openvino_model_qint8_quantized.xml 368kB
            pytorch_model.bin 91MB
            rust_model.ot 91MB
            tf_model.h5 91MB
            tokenizer.json
            train_script.py
            vocab.txt""");

    static final Manifest WHISPER = Rows.of("""
            config.json
            flax_model.msgpack 3.1GB
            model.fp32-{1..2}-of-2.safetensors 3GB
            model.safetensors 3.1GB
            model.safetensors.index.fp32.json
            preprocessor_config.json
            pytorch_model.bin 3.1GB
            pytorch_model.bin.index.fp32.json
            pytorch_model.fp32-{1..2}-of-2.bin 3GB
            tokenizer.json""");

    static final Manifest DIFFUSION = Rows.of("""
            LICENSE.md
            README.md
            model_index.json
            scheduler/scheduler_config.json
            sd_xl_base_1.0.safetensors 6.9GB
            sd_xl_offset_example-lora_1.0.safetensors 50MB
            text_encoder/config.json
            text_encoder/flax_model.msgpack 492MB
            text_encoder/model.fp16.safetensors 246MB
            text_encoder/model.onnx 493MB
            text_encoder/model.safetensors 492MB
            text_encoder/openvino_model.bin 492MB
            text_encoder/openvino_model.xml 1MB
            tokenizer/merges.txt
            tokenizer/vocab.json
            unet/config.json
            unet/diffusion_flax_model.msgpack 10GB
            unet/diffusion_pytorch_model.fp16.safetensors 5.1GB
            unet/diffusion_pytorch_model.safetensors 10GB
            unet/model.onnx 7MB
            unet/model.onnx_data 10GB
            unet/openvino_model.bin 10GB
            unet/openvino_model.xml 22MB
            vae/config.json
            vae/diffusion_pytorch_model.fp16.safetensors 167MB
            vae/diffusion_pytorch_model.safetensors 335MB
            vae_decoder/config.json
            vae_decoder/model.onnx 198MB
            vae_decoder/openvino_model.bin 198MB
            vae_decoder/openvino_model.xml 992kB""");

    static List<String> taken(Weights weights, Manifest manifest) {
        return taken(Selection.all().weights(weights), manifest);
    }

    static List<String> taken(Selection selection, Manifest manifest) {
        return selection.from(manifest).stream().map(RepoFile::path).toList();
    }

    /** What is taken and what is left, so that nothing is forgotten in between. */
    static void without(Weights weights, Manifest manifest, String... left) {
        List<String> gone = Arrays.stream(left).flatMap(Rows::parts).toList();
        assertThat(manifest.paths()).containsAll(gone);
        assertThat(taken(weights, manifest))
                .containsExactlyElementsOf(manifest.files().stream()
                        .map(RepoFile::path)
                        .filter(path -> !gone.contains(path))
                        .toList());
    }
}
