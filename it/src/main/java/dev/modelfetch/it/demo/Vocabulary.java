package dev.modelfetch.it.demo;

import com.google.gson.GsonBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The smallest tokenizer GPT-2 code accepts: one token per byte and one for the end, no merges. */
final class Vocabulary {

    private static final String END = "<|endoftext|>";

    /** Tokens in it. */
    static final int SIZE = 257;

    private Vocabulary() {}

    /** {@code vocab.json}. */
    static String vocabJson() {
        return json(tokens());
    }

    /** {@code tokenizer.json}. */
    static String tokenizerJson() {
        Map<String, @Nullable Object> byteLevel = object("type", "ByteLevel", "add_prefix_space", false);
        byteLevel.putAll(object("trim_offsets", true, "use_regex", true));
        Map<String, @Nullable Object> end =
                object("id", SIZE - 1, "content", END, "single_word", false, "lstrip", false);
        end.putAll(object("rstrip", false, "normalized", false, "special", true));
        Map<String, @Nullable Object> model = object("type", "BPE", "dropout", null, "unk_token", null);
        model.putAll(object("continuing_subword_prefix", null, "end_of_word_suffix", null, "fuse_unk", false));
        model.putAll(object("byte_fallback", false, "vocab", tokens(), "merges", List.of()));
        Map<String, @Nullable Object> tokenizer = object("version", "1.0", "truncation", null, "padding", null);
        tokenizer.putAll(object("added_tokens", List.of(end), "normalizer", null, "pre_tokenizer", byteLevel));
        tokenizer.putAll(object("post_processor", byteLevel, "decoder", byteLevel, "model", model));
        return json(tokenizer);
    }

    /** {@code tokenizer_config.json}. */
    static String tokenizerConfig() {
        Map<String, @Nullable Object> config = object("tokenizer_class", "GPT2Tokenizer", "model_max_length", 256);
        config.putAll(object("bos_token", END, "eos_token", END, "unk_token", END));
        return json(config);
    }

    private static Map<String, Integer> tokens() {
        Map<String, Integer> tokens = new LinkedHashMap<>();
        int spare = 256;
        for (int b = 0; b < 256; b++) {
            // Bytes without a visible Latin-1 character borrow one from beyond it, in order.
            boolean visible = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
            tokens.put(Character.toString(visible ? b : spare++), b);
        }
        tokens.put(END, SIZE - 1);
        return tokens;
    }

    private static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return object;
    }

    private static String json(Object value) {
        return new GsonBuilder().serializeNulls().disableHtmlEscaping().create().toJson(value) + "\n";
    }
}
