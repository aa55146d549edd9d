package dev.modelfetch.it.e2e;

import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;

/** Repositories that several situations share. */
final class Samples {

    /** A small model: two text files and 300 kB of weights. */
    static final Repository SMALL = Repository.model("acme-lab/tiny")
            .file("README.md", "# Tiny\n")
            .file("config.json", "{\"model_type\": \"tiny\"}\n")
            .lfs("model.safetensors", Content.generated(1, 300_000));

    /** The path of {@link #WEIGHTS}. */
    static final String BIG = "weights.bin";

    /** Large enough for several connections and to be stopped half way. */
    static final Content WEIGHTS = Content.generated(2, 24L << 20);

    /** One small and one large file. */
    static final Repository LARGE =
            Repository.model("acme-lab/large").file("config.json", "{}\n").lfs(BIG, WEIGHTS);

    private Samples() {}
}
