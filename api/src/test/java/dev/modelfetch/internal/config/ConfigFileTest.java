package dev.modelfetch.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {

    @TempDir
    Path folder;

    @Test
    void noFileIsAnEmptyConfiguration() {
        assertThat(ConfigFile.read(folder.resolve("config.json"))).isSameAs(ConfigFile.EMPTY);
    }

    @Test
    void everySettingIsRead() throws IOException {
        ConfigFile config = read("""
                {"v": 1,
                 "endpoints": {"mirror": "https://hub.example.org"},
                 "proxies": {"huggingface": "http://proxy.example.org:8080"},
                 "aliases": {"modelscope": {"gpt2": "AI-ModelScope/gpt2"}},
                 "cacheDir": "/big/hub",
                 "source": "modelscope,mirror",
                 "maxWorkers": 4,
                 "connections": 64,
                 "proxyPolicy": "never"}
                """);

        assertThat(config)
                .isEqualTo(new ConfigFile(
                        Map.of("mirror", "https://hub.example.org"),
                        Map.of("huggingface", "http://proxy.example.org:8080"),
                        Map.of("modelscope", Map.of("gpt2", "AI-ModelScope/gpt2")),
                        "/big/hub",
                        "modelscope,mirror",
                        4,
                        64,
                        "never"));
    }

    @Test
    void anEmptyObjectSaysNothing() throws IOException {
        assertThat(read("{}")).isEqualTo(ConfigFile.EMPTY);
    }

    @Test
    void allMistakesAreNamedAtOnce() {
        assertThatThrownBy(() -> read("""
                        {"v": 2, "endpoint": {}, "endpoints": [], "proxies": {"mirror": {}}, "aliases": {"ms": 3},
                         "cacheDir": 7, "maxWorkers": 65, "connections": "many", "favourite": true}
                        """))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining(folder.resolve("config.json").toString())
                .hasMessageContaining("\"v\" is not 1")
                .hasMessageContaining("unknown key \"endpoint\", did you mean \"endpoints\"?")
                .hasMessageContaining("\"endpoints\" is not an object")
                .hasMessageContaining("\"proxies.mirror\" is not a text")
                .hasMessageContaining("\"aliases.ms\" is not an object")
                .hasMessageContaining("\"cacheDir\" is not a text")
                .hasMessageContaining("\"maxWorkers\" is not a number from 1 to 64")
                .hasMessageContaining("\"connections\" is not a number from 1 to 64")
                .hasMessageContaining("unknown key \"favourite\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maxworkers", "maxWorker", "conections", "cachedir", "sources", "aliasses"})
    void aMisspeltKeyIsMetWithTheRightOne(String key) {
        assertThatThrownBy(() -> read("{\"" + key + "\": 1}"))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("did you mean \"");
    }

    @Test
    void aKeyLikeNoOtherGetsNoSuggestion() {
        assertThatThrownBy(() -> read("{\"zzzzzzzz\": 1}"))
                .hasMessageContaining("unknown key \"zzzzzzzz\"")
                .hasMessageNotContaining("did you mean");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"v\": 1", "{]", "[1, 2]", "3", ""})
    void whatIsNotAJsonObjectIsRefused(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("config.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65", "-3", "1.5", "null", "[]", "\"x\""})
    void countsAreWholeNumbersFromOneToSixtyFour(String value) {
        assertThatThrownBy(() -> read("{\"maxWorkers\": " + value + "}"))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("\"maxWorkers\" is not a number from 1 to 64");
    }

    @Test
    void aFileThatCannotBeReadIsAMistakeToo() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("config.json"));

        assertThatThrownBy(() -> ConfigFile.read(directory))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("cannot be read");
    }

    private ConfigFile read(String text) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve("config.json"), text));
    }
}
