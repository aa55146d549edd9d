package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Verdict;
import dev.modelfetch.testing.hub.MemoryHub;
import dev.modelfetch.testing.hub.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that needs a model, in front of a hub in memory. */
class CatalogueTest {

    private final MemoryHub hub = MemoryHub.of(Repository.model("acme/tiny").file("config.json", "{}"));

    @Test
    void startsWithItsModelAndKeepsIt(@TempDir Path cache) throws Exception {
        try (Modelfetch modelfetch = Modelfetch.builder()
                .withoutDiscovery()
                .provider(hub)
                .cacheDirectory(cache)
                .build()) {
            FetchRequest model = FetchRequest.of("acme/tiny");
            assertEquals("{}", Files.readString(modelfetch.fetch(model).file("config.json")));

            hub.fails(new Verdict.NeedsAuth("is private"));

            assertThrows(FetchException.class, () -> modelfetch.fetch(FetchRequest.of("acme/other")));
            assertEquals(
                    "{}", Files.readString(modelfetch.find(model).orElseThrow().file("config.json")));
        }
    }
}
