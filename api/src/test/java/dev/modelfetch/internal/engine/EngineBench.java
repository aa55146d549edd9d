package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.config.Transport;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.spi.ModelSourceProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** An engine, its sources and its cache. */
abstract class EngineBench {

    static final byte[] WEIGHTS = Bytes.random(5_000, 1);

    static final byte[] CONFIG = Bytes.of("{\"layers\": 2}\n");

    static final RepoFile WEIGHTS_ROW = Bytes.large("model.safetensors", WEIGHTS);

    static final RepoFile CONFIG_ROW = Bytes.small("conf/config.json", CONFIG);

    static final RepoFile EMPTY_ROW = Bytes.small(".gitkeep", new byte[0]);

    static final long TOTAL = (long) WEIGHTS.length + CONFIG.length;

    final FileHost host = new FileHost();

    final FakeSource origin = FakeSource.huggingface(host.url()).listing(CONFIG_ROW, EMPTY_ROW, WEIGHTS_ROW);

    final Map<String, String> environment = new HashMap<>();

    Engine engine;

    @TempDir
    Path home;

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
        host.close();
    }

    static void deleted(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    Snapshot fetch(FetchRequest.Builder request) {
        if (engine == null) {
            engine(origin);
        }
        return engine.fetch(request.build(), FetchListener.SILENT);
    }

    Engine engine(FakeSource... sources) {
        return engine(Terms.USUAL, sources);
    }

    Engine engine(Terms terms, FakeSource... sources) {
        return engine(
                terms,
                java.util.Arrays.stream(sources)
                        .<ModelSourceProvider>map(FakeProvider::of)
                        .toList());
    }

    Engine engine(List<ModelSourceProvider> providers) {
        return engine(Terms.USUAL, providers);
    }

    private Engine engine(Terms terms, List<ModelSourceProvider> providers) {
        host.usually("/files/model.safetensors", FileHost.ranged(WEIGHTS))
                .usually("/files/conf/config.json", FileHost.ranged(CONFIG));
        environment.put("HOME", home.resolve("home").toString());
        environment.put("TZ", "UTC");
        engine = Engine.open(
                new Settings.Said(
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Optional.of(home.resolve("hub")),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        environment,
                        providers,
                        false,
                        Transport.USUAL),
                terms);
        return engine;
    }

    static FetchRequest.Builder request() {
        return FetchRequest.builder(FakeSource.REPO);
    }

    Path repoFolder() {
        return home.resolve("hub/models--demo-lab--tiny-gpt");
    }

    static List<String> names(Path root) throws IOException {
        try (var walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }
}
