package dev.modelfetch.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.internal.net.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
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
        ProxyLayer layer = new ProxyLayer(
                file,
                Map.of("mirror", "http://127.0.0.1:1"),
                Map.of("huggingface", new Setting("direct", "--proxy huggingface")));
        assertThat(values(layer.get())).isEqualTo(Map.of("mirror", "http://127.0.0.1:1", "huggingface", "direct"));

        write(file, "{\"proxies\": {\"mirror\": \"direct\", \"huggingface\": \"http://127.0.0.1:2\"}}", 2);
        assertThat(values(layer.get())).isEqualTo(Map.of("mirror", "direct", "huggingface", "direct"));
    }

    @Test
    void aFileThatIsBrokenOrGoneChangesNothing() throws IOException {
        Path file = home.resolve("config.json");
        write(file, "{\"proxies\": {\"mirror\": \"direct\"}}", 1);
        ProxyLayer layer = new ProxyLayer(file, Map.of("mirror", "direct"), Map.of());

        write(file, "{\"proxies\": {\"mirror\": \"https://not.usable:3\"}}", 2);
        assertThat(values(layer.get())).isEqualTo(Map.of("mirror", "direct"));
        write(file, "{\"proxies\": {\"mir", 3);
        assertThat(values(layer.get())).isEqualTo(Map.of("mirror", "direct"));
        Files.delete(file);
        assertThat(values(layer.get())).isEqualTo(Map.of("mirror", "direct"));
    }

    private static void write(Path file, String text, long seconds) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(seconds)));
    }

    private static Map<String, String> values(Map<String, Setting> settings) {
        Map<String, String> values = new HashMap<>();
        settings.forEach((source, setting) -> values.put(source, setting.value()));
        return values;
    }
}
