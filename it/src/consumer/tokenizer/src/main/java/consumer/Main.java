package consumer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Set by system properties: a directory, a repository, and the endpoint to fetch it from. */
public final class Main {

    public static void main(String[] args) throws IOException {
        try (Modelfetch modelfetch = Modelfetch.builder()
                .endpoint("huggingface", System.getProperty("endpoint.huggingface"))
                .endpoint("mirror", System.getProperty("endpoint.mirror"))
                .endpoint("modelscope", System.getProperty("endpoint.modelscope"))
                .cacheDirectory(Path.of(System.getProperty("directory")))
                .build()) {
            Snapshot snapshot = modelfetch.fetch(modelfetch
                    .request(System.getProperty("repository"))
                    .configOnly()
                    .build());
            try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(snapshot.file("tokenizer.json"))) {
                System.out.println(
                        "tokens " + List.of(tokenizer.encode("fetch the model").getTokens()));
            }
        }
    }
}
