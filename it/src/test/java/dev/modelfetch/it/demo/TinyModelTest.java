package dev.modelfetch.it.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TinyModelTest {

    private static final Repository MODEL = TinyModel.repository();

    @ParameterizedTest
    @ValueSource(strings = {"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"})
    void aShardIsWellFormedAndTheIndexKnowsItsTensors(String shard) {
        ByteBuffer file = ByteBuffer.wrap(bytes(shard)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(file.getLong())];
        file.get(header);
        JsonObject tensors = JsonParser.parseString(new String(header, StandardCharsets.UTF_8))
                .getAsJsonObject();
        tensors.remove("__metadata__");
        JsonObject places = json("model.safetensors.index.json").getAsJsonObject("weight_map");
        long end = 0;
        for (Map.Entry<String, JsonElement> tensor : tensors.entrySet()) {
            JsonArray offsets = tensor.getValue().getAsJsonObject().getAsJsonArray("data_offsets");
            long elements = 1;
            for (JsonElement side : tensor.getValue().getAsJsonObject().getAsJsonArray("shape")) {
                elements *= side.getAsLong();
            }
            assertThat(offsets.get(0).getAsLong()).isEqualTo(end);
            end = offsets.get(1).getAsLong();
            assertThat(end - offsets.get(0).getAsLong()).as(tensor.getKey()).isEqualTo(4 * elements);
            assertThat(places.get(tensor.getKey()).getAsString()).isEqualTo(shard);
        }
        assertThat(file.remaining()).isEqualTo(end);
        assertThat(header.length % 8).isZero();
    }

    @Test
    void everyByteHasAToken() {
        JsonObject vocabulary = json("tokenizer.json").getAsJsonObject("model").getAsJsonObject("vocab");

        assertThat(vocabulary.size())
                .isEqualTo(json("config.json").get("vocab_size").getAsInt());
        assertThat(vocabulary.get("A").getAsInt()).isEqualTo('A');
        assertThat(vocabulary.get("\u0120").getAsInt()).isEqualTo(' ');
    }

    @Test
    void modelScopeHasTheSameWeightsAndAnotherReadme() {
        Repository elsewhere = TinyModel.elsewhere();
        String shard = "model-00001-of-00002.safetensors";

        assertThat(sha256(elsewhere, shard)).isEqualTo(sha256(MODEL, shard));
        assertThat(sha256(elsewhere, "README.md")).isNotEqualTo(sha256(MODEL, "README.md"));
        assertThat(elsewhere.head().id()).isNotEqualTo(MODEL.head().id());
        assertThat(elsewhere.head().files())
                .containsKey("configuration.json")
                .hasSize(MODEL.head().files().size() + 1);
    }

    @Test
    void theBytesAreTheSameOnEveryRun() {
        assertThat(MODEL.head().id()).isEqualTo(TinyModel.repository().head().id());
        assertThat(TinyModel.poems().head().files().keySet()).contains("data/train.jsonl", "data/authors.csv");
    }

    private static JsonObject json(String path) {
        return JsonParser.parseString(new String(bytes(path), StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    private static byte[] bytes(String path) {
        return MODEL.head().file(path).orElseThrow().content().toByteArray();
    }

    private static String sha256(Repository repository, String path) {
        Content content = repository.head().file(path).orElseThrow().content();
        return content.sha256();
    }
}
