package dev.modelfetch.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyLayerTest {

    @TempDir
    Path home;

    @Test
    void whatTheFileSaysNowHoldsBelowWhatWasSaidExplicitly() throws IOException {
        Path file = home.resolve("config.json");
        write(file, "{\"proxies\": {\"mirror\": \"http://127.0.0.1:1\"}}", 1);
        ProxyLayer layer =
                new ProxyLayer(file, Map.of("mirror", "http://127.0.0.1:1"), Map.of("huggingface", "direct"));
        assertThat(layer.get()).isEqualTo(Map.of("mirror", "http://127.0.0.1:1", "huggingface", "direct"));

        write(file, "{\"proxies\": {\"mirror\": \"direct\", \"huggingface\": \"http://127.0.0.1:2\"}}", 2);
        assertThat(layer.get()).isEqualTo(Map.of("mirror", "direct", "huggingface", "direct"));
    }

    @Test
    void aFileThatIsBrokenOrGoneChangesNothing() throws IOException {
        Path file = home.resolve("config.json");
        write(file, "{\"proxies\": {\"mirror\": \"direct\"}}", 1);
        ProxyLayer layer = new ProxyLayer(file, Map.of("mirror", "direct"), Map.of());

        write(file, "{\"proxies\": {\"mir", 2);
        assertThat(layer.get()).isEqualTo(Map.of("mirror", "direct"));
        Files.delete(file);
        assertThat(layer.get()).isEqualTo(Map.of("mirror", "direct"));
    }

    private static void write(Path file, String text, long seconds) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(seconds)));
    }
}
