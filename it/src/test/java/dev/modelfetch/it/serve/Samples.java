package dev.modelfetch.it.serve;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.util.List;

/** Repositories that several situations share. */
final class Samples {

    static final String ID = "acme-lab/served";
    static final String BIG = "weights.bin";
    static final Content WEIGHTS = Content.generated(5, 24L << 20);
    static final String TOKEN = "hf_abcdefghijklmnopqrstuvwxyz01234567";

    static final Repository MODEL = Repository.model(ID)
            .file("config.json", "{\"model_type\": \"tiny\"}\n")
            .file("empty.txt", "")
            .file("a folder/with #1.txt", "hello\n")
            .lfs(BIG, WEIGHTS);

    static final Repository DATASET = Repository.dataset("acme-lab/rows").file("data/train.csv", "a,b\n1,2\n");

    static final Repository GATED = Repository.model("acme-lab/closed")
            .file("config.json", "{}\n")
            .lfs("weights.bin", Content.generated(6, 300_000))
            .gated(TOKEN);

    static final Repository ELSEWHERE = Repository.model("mo-lab/only")
            .at("modelscope")
            .file("config.json", "{}\n")
            .lfs("model.safetensors", Content.generated(7, 200_000));

    private Samples() {}

    /** Three hubs that have them. */
    static Lab lab() {
        return Lab.of(List.of(MODEL, DATASET, GATED), List.of(MODEL.at("modelscope"), ELSEWHERE));
    }
}
