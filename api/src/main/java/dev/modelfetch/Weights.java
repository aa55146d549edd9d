package dev.modelfetch;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which weights of a model are wanted: the best there are, or those of one format. */
public enum Weights {
    /**
     * In each folder safetensors before PyTorch's own; where the repository has neither, or only accessories in them, the
     * first of the others in the order they have here. Of several GGUF quantisations Q4_K_M, as llama.cpp does.
     */
    BEST,
    /** {@code *.safetensors} with its index. */
    SAFETENSORS,
    /** Pickles of PyTorch: {@code *.bin}, {@code *.pt}, {@code *.pth}, {@code *.ckpt}; can run code when loaded. */
    BIN,
    /** {@code *.gguf}; of several quantisations Q4_K_M, see {@link Selection#gguf} for another. */
    GGUF,
    /** {@code *.onnx} with its external data. */
    ONNX,
    /** {@code openvino_model.xml} and {@code .bin}. */
    OPENVINO,
    /** Keras, saved models and checkpoints: {@code *.h5}, {@code *.keras}, {@code *.pb}, {@code *.ckpt.data-*}. */
    TENSORFLOW,
    /** {@code *.msgpack}. */
    FLAX,
    /** {@code *.ot}. */
    RUST,
    /** {@code *.mlmodel}, {@code *.mlpackage/}, {@code *.mlmodelc/}. */
    COREML,
    /** {@code *.tflite}, {@code *.task}, {@code *.litertlm}. */
    TFLITE,
    /** {@code *.pdparams}, {@code *.pdmodel}, {@code *.pdiparams}. */
    PADDLE,
    /** {@code *.nemo}. */
    NEMO;

    /** The word people type, for example {@code safetensors}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads the word, in any case.
     *
     * @throws FetchException.Usage if it is none of them
     */
    public static Weights parse(String text) {
        for (Weights weights : values()) {
            if (weights.word().equals(text.trim().toLowerCase(Locale.ROOT))) {
                return weights;
            }
        }
        String all = Arrays.stream(values()).map(Weights::word).collect(Collectors.joining(", "));
        throw new FetchException.Usage(
                Message.of("bad-weights", "\"{0}\" is not a format of weights.", text),
                Hint.of("use-one-of", "Use one of " + all + ".", all));
    }
}
