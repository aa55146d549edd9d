package dev.modelfetch.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.internal.net.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> endpoints = new HashMap<>();
    private final Map<String, Path> tokenFiles = new HashMap<>();
    private final Map<String, String> tokens = new HashMap<>();
    private final Map<String, String> proxies = new HashMap<>();

    @TempDir
    Path home;

    @Test
    void anOptionWinsOverTheEnvironmentWhichWinsOverTheFile() throws IOException {
        config("{\"endpoints\": {\"mirror\": \"https://file.test\", \"modelscope\": \"https://file.test\","
                + " \"huggingface\": \"https://file.test\"}}");
        environment.put("HF_MIRROR_ENDPOINT", "https://env.test");
        environment.put("MODELSCOPE_ENDPOINT", "https://env.test");
        endpoints.put("mirror", "https://option.test");

        assertThat(values(settings().endpoints()))
                .containsEntry("mirror", "https://option.test")
                .containsEntry("modelscope", "https://env.test")
                .containsEntry("huggingface", "https://file.test");
    }

    @Test
    void withoutAnythingTheProvidersOwnAddressIsUsed() {
        assertThat(settings().endpoints()).isEmpty();
    }

    @Test
    void theCacheFollowsTheSamePrecedence() throws IOException {
        assertThat(settings().cacheRoot()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        config("{\"cacheDir\": \"/file/hub\"}");
        assertThat(settings().cacheRoot()).isEqualTo(Path.of("/file/hub"));
        environment.put("HF_HOME", "/env");
        assertThat(settings().cacheRoot()).isEqualTo(Path.of("/env/hub"));
        environment.put("HF_HUB_CACHE", "/env/elsewhere");
        assertThat(settings().cacheRoot()).isEqualTo(Path.of("/env/elsewhere"));
        assertThat(settings(Optional.of(Path.of("/option/../option/hub"))).cacheRoot())
                .isEqualTo(Path.of("/option/hub"));
    }

    @Test
    void theOldCacheVariableWinsOverTheFileToo() throws IOException {
        config("{\"cacheDir\": \"/file/hub\"}");
        environment.put("HUGGINGFACE_HUB_CACHE", "/env/old");

        assertThat(settings().cacheRoot()).isEqualTo(Path.of("/env/old"));
    }

    @Test
    void aCacheVariableThatIsSetToNothingSaysNothing() throws IOException {
        config("{\"cacheDir\": \"/file/hub\"}");
        environment.put("HF_HUB_CACHE", "");

        assertThat(settings().cacheRoot()).isEqualTo(Path.of("/file/hub"));
    }

    @Test
    void theFileMayNameTheHomeFolder() throws IOException {
        config("{\"cacheDir\": \"~/models\"}");

        assertThat(settings().cacheRoot()).isEqualTo(home.resolve("models"));
    }

    @Test
    void anEndpointElsewhereLeavesTheOriginOutOfTheRace() {
        environment.put("HF_ENDPOINT", "https://hub.example.org");

        assertThat(settings().notRaced()).containsExactly("huggingface");
        assertThat(values(settings().endpoints())).isEqualTo(Map.of("mirror", "https://hub.example.org"));
    }

    @Test
    void whoeverNamesTheOriginsAddressWantsItAsked() {
        environment.put("HF_ENDPOINT", "https://hub.example.org");
        endpoints.put("huggingface", "https://huggingface.co");

        assertThat(settings().notRaced()).isEmpty();
    }

    @Test
    void aMirrorOfItsOwnVariableDoesNotExcludeTheOrigin() {
        environment.put("HF_MIRROR_ENDPOINT", "https://hub.example.org");

        assertThat(settings().notRaced()).isEmpty();
    }

    @Test
    void aServiceReadsNeitherEnvironmentNorFile() throws IOException {
        config("{\"maxWorkers\": 2}");

        Settings settings = Settings.of(new Settings.Said(
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                false,
                Transport.USUAL));

        assertThat(settings.config()).isSameAs(ConfigFile.EMPTY);
        assertThat(settings.tokens()).isEmpty();
        assertThat(settings.endpoints()).isEmpty();
    }

    @Test
    void aliasesOfTheProgramAreAddedToThoseOfTheFileAndWin() throws IOException {
        config("{\"aliases\": {\"modelscope\": {\"a\": \"file/a\", \"b\": \"file/b\"}}}");

        Settings settings = Settings.of(new Settings.Said(
                endpoints,
                tokens,
                Map.of(),
                Map.of(),
                Map.of("modelscope", Map.of("b", "option/b")),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                environment(),
                List.of(),
                false,
                Transport.USUAL));

        assertThat(settings.aliases()).isEqualTo(Map.of("modelscope", Map.of("a", "file/a", "b", "option/b")));
    }

    @Test
    void theFileMayChooseTheSources() throws IOException {
        assertThat(settings().defaultChoice()).isEqualTo(SourceChoice.auto());
        config("{\"source\": \"modelscope, mirror\"}");
        assertThat(settings().defaultChoice()).isEqualTo(SourceChoice.only("modelscope", "mirror"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "two words", "smuggled\u0007", "sch\u00f6n"})
    void aTokenThatCannotBeOneIsRefusedWithoutBeingShown(String token) {
        tokens.put("modelscope", token);

        assertThatThrownBy(this::settings)
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("modelscope")
                .hasMessageNotContaining("smuggled")
                .hasMessageNotContaining("two words");
    }

    @Test
    void whatCountsMoreComesLaterWhateverNameOfASourceItUses() {
        environment.put("HF_TOKEN", "hf_env");
        environment.put("HF_MIRROR_ENDPOINT", "https://env.test");
        tokens.put("hf", "hf_option");
        endpoints.put("hf-mirror", "https://option.test");

        assertThat(settings().tokens().keySet()).containsExactly("huggingface", "hf");
        assertThat(settings().endpoints().keySet()).containsExactly("mirror", "hf-mirror");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://hub.test",
                "http://hub.example.org",
                "https://hub.test?a=b",
                "https://a:b@hub.test",
                "https://"
            })
    void anAddressThatWasSaidExplicitlyIsJudgedBeforeAnySourceIsOpened(String address) {
        endpoints.put("modelscope", address);

        assertThatThrownBy(this::settings)
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageStartingWith("The endpoint of modelscope");
    }

    @ParameterizedTest
    @ValueSource(strings = {"telnet://hub.test", "https://hub.test:1", "socks4://a:b@hub.test"})
    void aRouteThatWasSaidExplicitlyIsJudgedBeforeAnySourceIsOpened(String route) {
        proxies.put("modelscope", route);

        assertThatThrownBy(this::settings)
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageStartingWith("--proxy modelscope");
    }

    @Test
    void anAddressOfTheEnvironmentOrTheFileIsNotJudgedUntilItsSourceIsOpened() throws IOException {
        config("{\"endpoints\": {\"mirror\": \"ftp://file.test\"}}");
        environment.put("MODELSCOPE_ENDPOINT", "ftp://env.test");

        assertThat(settings().endpoints())
                .isEqualTo(Map.of(
                        "mirror",
                        new Setting(
                                "ftp://file.test",
                                "endpoints.mirror in " + home.resolve(".config/modelfetch/config.json")),
                        "modelscope",
                        new Setting("ftp://env.test", "MODELSCOPE_ENDPOINT")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HF_TOKEN", "HTTPS_PROXY", "HF_ENDPOINT", "HF_HUB_ETAG_TIMEOUT"})
    void whatTheEnvironmentSaysIsNotJudgedBeforeItIsNeeded(String variable) {
        environment.put(variable, "not\ta\tvalue");

        assertThat(settings()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, ''", "UTF-8, \uFEFF", "UTF-16LE, \uFEFF", "UTF-16BE, \uFEFF", "UTF-16LE, ''", "UTF-16BE, ''"})
    void aTokenFileIsReadWhateverEditorWroteIt(String encoding, String mark) throws IOException {
        Path file = Files.write(home.resolve("token"), (mark + "hf_secret\r\n").getBytes(encoding));
        tokenFiles.put("mirror", file);
        environment.put("HF_TOKEN_PATH", file.toString());

        Settings settings = settings();

        for (String source : List.of("mirror", "huggingface")) {
            Setting token = settings.tokens().get(source);
            assertThat(Secret.of(source, token)).hasToString("Secret[██]");
            assertThat(token.value().replace("\uFEFF", "").strip()).isEqualTo("hf_secret");
            assertThat(token.from()).isEqualTo("the file " + file);
        }
    }

    @Test
    void aTokenFileWithoutATokenIsNamed() throws IOException {
        Path file = Files.write(home.resolve("token"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10});
        tokenFiles.put("mirror", file);

        assertThatThrownBy(this::settings)
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aTokenIsNeverPrinted() {
        tokens.put("huggingface", "hf_secret\n");

        assertThat(settings().tokens()).containsOnlyKeys("huggingface");
        assertThat(settings().toString()).doesNotContain("hf_secret");
    }

    private void config(String json) throws IOException {
        Path folder = Files.createDirectories(home.resolve(".config/modelfetch"));
        Files.writeString(folder.resolve("config.json"), json);
    }

    private Settings settings() {
        return settings(Optional.empty());
    }

    private Settings settings(Optional<Path> cache) {
        return Settings.of(new Settings.Said(
                endpoints,
                tokens,
                tokenFiles,
                proxies,
                Map.of(),
                cache,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                environment(),
                List.of(),
                false,
                Transport.USUAL));
    }

    private Map<String, String> environment() {
        environment.put("HOME", home.toString());
        return environment;
    }

    private static Map<String, String> values(Map<String, Setting> settings) {
        Map<String, String> values = new HashMap<>();
        settings.forEach((source, setting) -> values.put(source, setting.value()));
        return values;
    }
}
