package dev.modelfetch.it.demo;

import com.google.gson.GsonBuilder;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the demo fetches: {@code demo-lab/tiny-gpt}, an untrained GPT-2 of 26 MB in two shards that real libraries load,
 * and {@code demo-lab/tiny-poems}, a dataset of three poems. The same bytes on every run.
 */
public final class TinyModel {

    /** Id of the model. */
    public static final String MODEL = "demo-lab/tiny-gpt";

    /** Id of the dataset. */
    public static final String DATASET = "demo-lab/tiny-poems";

    private static final int WIDTH = 256;
    private static final int CONTEXT = 256;
    private static final int LAYERS = 8;

    private static final String ATTRIBUTES = "*.safetensors filter=lfs diff=lfs merge=lfs -text\n";

    private static final String README = """
            ---
            license: apache-2.0
            pipeline_tag: text-generation
            ---
            # tiny-gpt

            A GPT-2 of 6.5 million untrained parameters. It says nothing of interest, but it says it in the right format.
            """;

    private TinyModel() {}

    /** The model as the Hub has it. */
    public static Repository repository() {
        Weights first = shard(0, LAYERS / 2);
        Weights second = shard(LAYERS / 2, LAYERS);
        return Repository.model(MODEL)
                .file(".gitattributes", ATTRIBUTES)
                .file("README.md", README)
                .file("config.json", config())
                .file("generation_config.json", "{\n  \"bos_token_id\": 256,\n  \"eos_token_id\": 256\n}\n")
                .file("merges.txt", "#version: 0.2\n")
                .file("model.safetensors.index.json", index(first, second))
                .file("tokenizer.json", Vocabulary.tokenizerJson())
                .file("tokenizer_config.json", Vocabulary.tokenizerConfig())
                .file("vocab.json", Vocabulary.vocabJson())
                .lfs(shardName(1), first.content(1))
                .lfs(shardName(2), second.content(2));
    }

    /** The model as ModelScope has it: the same weights, an older README and a file more. */
    public static Repository elsewhere() {
        return repository()
                .at("modelscope")
                .file("README.md", "# tiny-gpt\n\nFirst upload.\n")
                .file("configuration.json", "{\"framework\":\"pytorch\",\"task\":\"text-generation\"}\n");
    }

    /** The dataset, which is the same everywhere. */
    public static Repository poems() {
        return Repository.dataset(DATASET)
                .file(".gitattributes", "*.csv filter=lfs diff=lfs merge=lfs -text\n")
                .file("README.md", "---\nlicense: cc0-1.0\n---\n# tiny-poems\n\nThree poems about downloading.\n")
                .lfs("data/authors.csv", Content.text("id,name\n1,A. Nonymous\n2,P. Roxy\n"))
                .file("data/train.jsonl", """
                        {"author": 1, "text": "Bytes drift down the line / one shard, then another shard / the digest agrees"}
                        {"author": 2, "text": "The near host is mute / so we ask the next in turn / and someone answers"}
                        {"author": 1, "text": "Half a file, then rain / tomorrow we continue / from where we had been"}
                        """);
    }

    private static String config() {
        Map<String, Object> config = new TreeMap<>();
        config.put("architectures", new String[] {"GPT2LMHeadModel"});
        config.put("model_type", "gpt2");
        config.put("vocab_size", Vocabulary.SIZE);
        config.put("n_embd", WIDTH);
        config.put("n_head", 8);
        config.put("n_layer", LAYERS);
        config.put("n_positions", CONTEXT);
        config.put("n_ctx", CONTEXT);
        config.put("activation_function", "gelu_new");
        config.put("layer_norm_epsilon", 1e-5);
        config.put("bos_token_id", Vocabulary.SIZE - 1);
        config.put("eos_token_id", Vocabulary.SIZE - 1);
        config.put("tie_word_embeddings", true);
        config.put("torch_dtype", "float32");
        return json(config);
    }

    private static Weights shard(int fromLayer, int toLayer) {
        Map<String, int[]> tensors = new LinkedHashMap<>();
        if (fromLayer == 0) {
            tensors.put("transformer.wte.weight", new int[] {Vocabulary.SIZE, WIDTH});
            tensors.put("transformer.wpe.weight", new int[] {CONTEXT, WIDTH});
        }
        for (int layer = fromLayer; layer < toLayer; layer++) {
            String name = "transformer.h." + layer + ".";
            norm(tensors, name + "ln_1");
            dense(tensors, name + "attn.c_attn", WIDTH, 3 * WIDTH);
            dense(tensors, name + "attn.c_proj", WIDTH, WIDTH);
            norm(tensors, name + "ln_2");
            dense(tensors, name + "mlp.c_fc", WIDTH, 4 * WIDTH);
            dense(tensors, name + "mlp.c_proj", 4 * WIDTH, WIDTH);
        }
        if (toLayer == LAYERS) {
            norm(tensors, "transformer.ln_f");
        }
        return new Weights(tensors);
    }

    private static void norm(Map<String, int[]> tensors, String name) {
        tensors.put(name + ".weight", new int[] {WIDTH});
        tensors.put(name + ".bias", new int[] {WIDTH});
    }

    private static void dense(Map<String, int[]> tensors, String name, int in, int out) {
        tensors.put(name + ".weight", new int[] {in, out});
        tensors.put(name + ".bias", new int[] {out});
    }

    private static String index(Weights first, Weights second) {
        Map<String, String> places = new TreeMap<>();
        first.tensors().keySet().forEach(tensor -> places.put(tensor, shardName(1)));
        second.tensors().keySet().forEach(tensor -> places.put(tensor, shardName(2)));
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("metadata", Map.of("total_size", first.bytes() + second.bytes()));
        index.put("weight_map", places);
        return json(index);
    }

    private static String shardName(int number) {
        return "model-0000%d-of-00002.safetensors".formatted(number);
    }

    private static String json(Object value) {
        return new GsonBuilder().setPrettyPrinting().create().toJson(value) + "\n";
    }
}
