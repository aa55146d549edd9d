package dev.modelfetch.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.internal.net.HttpClients.Timeouts;
import dev.modelfetch.internal.net.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

    @TempDir
    Path home;

    @Test
    void withoutVariablesNothingIsSaid() {
        Environment empty = new Environment(Map.of());

        assertThat(empty.endpoints()).isEmpty();
        assertThat(empty.tokens()).isEmpty();
        assertThat(empty.hubElsewhere()).isEmpty();
        assertThat(empty.offline()).isFalse();
        assertThat(empty.symlinks()).isTrue();
        assertThat(empty.timeouts()).isEqualTo(Timeouts.DEFAULT);
        assertThat(empty.mainlandChina()).isFalse();
    }

    @Test
    void anHfEndpointElsewhereIsTheMirrors() {
        Environment env = env("HF_ENDPOINT", "https://hub.example.org/hf");

        assertThat(env.hubElsewhere()).contains("https://hub.example.org/hf");
        assertThat(values(env.endpoints())).isEqualTo(Map.of("mirror", "https://hub.example.org/hf"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://huggingface.co",
                "https://huggingface.co/",
                "huggingface.co",
                "https://HuggingFace.co",
                "https://www.huggingface.co",
                "https://hf.co",
                "  ",
                ""
            })
    void anHfEndpointThatNamesHuggingFaceOrNothingChangesNothing(String value) {
        Environment env = env("HF_ENDPOINT", value);

        assertThat(env.hubElsewhere()).isEmpty();
        assertThat(values(env.endpoints())).isEmpty();
    }

    @Test
    void theMirrorsOwnVariableWins() {
        Environment env =
                env("HF_ENDPOINT", "https://one.example.org", "HF_MIRROR_ENDPOINT", " https://two.example.org ");

        assertThat(values(env.endpoints())).isEqualTo(Map.of("mirror", "https://two.example.org"));
        assertThat(env.hubElsewhere()).contains("https://one.example.org");
    }

    @Test
    void modelScopesEndpointWinsOverItsDomain() {
        assertThat(values(env("MODELSCOPE_DOMAIN", "scope.example.org").endpoints()))
                .isEqualTo(Map.of("modelscope", "scope.example.org"));
        assertThat(values(env("MODELSCOPE_DOMAIN", "scope.example.org", "MODELSCOPE_ENDPOINT", "https://x.example.org")
                        .endpoints()))
                .isEqualTo(Map.of("modelscope", "https://x.example.org"));
    }

    @Test
    void everyTokenBelongsToOneSource() {
        Environment env = env("HF_TOKEN", "hf_a", "HF_MIRROR_TOKEN", "m_b", "MODELSCOPE_API_TOKEN", "ms_c");

        assertThat(values(env.tokens()))
                .isEqualTo(Map.of("huggingface", "hf_a", "mirror", "m_b", "modelscope", "ms_c"));
    }

    @Test
    void anHfTokenIsNotShownToAMirrorNamedByHfEndpoint() {
        Environment env = env("HF_TOKEN", "hf_a", "HF_ENDPOINT", "https://hub.example.org");

        assertThat(values(env.tokens())).isEqualTo(Map.of("huggingface", "hf_a"));
    }

    @Test
    void theNewTokenVariableWinsOverTheOldOneAndBothOverAFile() throws IOException {
        Path file = Files.writeString(home.resolve("my-token"), "hf_file\n");

        assertThat(values(env("HF_TOKEN", "hf_new", "HUGGING_FACE_HUB_TOKEN", "hf_old")
                        .tokens()))
                .containsEntry("huggingface", "hf_new");
        assertThat(values(env("HUGGING_FACE_HUB_TOKEN", "hf_old", "HF_TOKEN_PATH", file.toString())
                        .tokens()))
                .containsEntry("huggingface", "hf_old");
        assertThat(values(env("HF_TOKEN", "", "HF_TOKEN_PATH", file.toString()).tokens()))
                .containsEntry("huggingface", "hf_file");
    }

    @Test
    void aStoredTokenIsFoundInTheHubsHome() throws IOException {
        Path hub = Files.createDirectories(home.resolve(".cache/huggingface"));
        Files.writeString(hub.resolve("token"), "hf_stored\n");
        Path other = Files.createDirectories(home.resolve("elsewhere"));
        Files.writeString(other.resolve("token"), "hf_other");

        assertThat(values(env().tokens())).isEqualTo(Map.of("huggingface", "hf_stored"));
        assertThat(values(env("HF_HOME", other.toString()).tokens())).isEqualTo(Map.of("huggingface", "hf_other"));
    }

    @Test
    void anEmptyOrMissingTokenFileMeansGoingWithout() throws IOException {
        Path blank = Files.writeString(home.resolve("blank"), " \n");

        assertThat(values(env("HF_TOKEN_PATH", blank.toString()).tokens())).isEmpty();
        assertThat(values(
                        env("HF_TOKEN_PATH", home.resolve("missing").toString()).tokens()))
                .isEmpty();
    }

    @Test
    void implicitTokensCanBeSwitchedOff() {
        assertThat(values(env("HF_TOKEN", "hf_a", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")
                        .tokens()))
                .isEmpty();
    }

    @Test
    void theCacheIsWhereThePythonLibraryHasIt() {
        assertThat(cache(env())).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(cache(env("XDG_CACHE_HOME", "/x"))).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(cache(env("XDG_CACHE_HOME", "/x", "HF_HOME", "/h"))).isEqualTo(Path.of("/h/hub"));
        assertThat(cache(env("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/old"))).isEqualTo(Path.of("/old"));
        assertThat(cache(env("HUGGINGFACE_HUB_CACHE", "/old", "HF_HUB_CACHE", "/new")))
                .isEqualTo(Path.of("/new"));
    }

    @Test
    void pathsMayNameTheHomeFolderAndOtherVariables() {
        assertThat(cache(env("HF_HOME", "~/hf"))).isEqualTo(home.resolve("hf/hub"));
        assertThat(cache(env("HF_HUB_CACHE", "~"))).isEqualTo(home);
        assertThat(cache(env("HF_HUB_CACHE", "$BIG/models", "BIG", "/big"))).isEqualTo(Path.of("/big/models"));
        assertThat(cache(env("HF_HUB_CACHE", "/mnt/${WHO}/models", "WHO", "ann")))
                .isEqualTo(Path.of("/mnt/ann/models"));
        assertThat(cache(env("HF_HUB_CACHE", "$UNKNOWN/models"))).isEqualTo(Path.of("$UNKNOWN/models"));
    }

    @Test
    void windowsHasFoldersOfItsOwnAndPythonsHome() {
        Environment windows =
                new Environment(Map.of("USERPROFILE", "/users/w", "HOME", "/c/msys", "LOCALAPPDATA", "/users/w/local"));

        assertThat(windows.configFile()).isEqualTo(Path.of("/users/w/local/modelfetch/config.json"));
        assertThat(windows.memory()).contains(Path.of("/users/w/local/modelfetch/sources.json"));
        assertThat(cache(windows)).isEqualTo(Path.of("/users/w/.cache/huggingface/hub"));
        assertThat(windows.expanded("~\\hf")).isEqualTo(Path.of("/users/w\\hf"));
    }

    @Test
    void theConfigurationFileIsInTheUsersConfigurationFolder() {
        assertThat(env().configFile()).isEqualTo(home.resolve(".config/modelfetch/config.json"));
        assertThat(env("XDG_CONFIG_HOME", "/c").configFile()).isEqualTo(Path.of("/c/modelfetch/config.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "on", "YES", "True", " true "})
    void switchesAreOnForTheseWords(String word) {
        assertThat(env("HF_HUB_OFFLINE", word).offline()).isTrue();
        assertThat(env("HF_HUB_DISABLE_SYMLINKS", word).symlinks()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "off", "no", "false", "", "2"})
    void switchesAreOffForAllOthers(String word) {
        assertThat(env("HF_HUB_OFFLINE", word).offline()).isFalse();
        assertThat(env("HF_HUB_DISABLE_SYMLINKS", word).symlinks()).isTrue();
    }

    @Test
    void theOlderOfflineSwitchCountsWhereTheFirstSaysNothing() {
        assertThat(env("TRANSFORMERS_OFFLINE", "1").offline()).isTrue();
        assertThat(env("TRANSFORMERS_OFFLINE", "1", "HF_HUB_OFFLINE", "").offline())
                .isTrue();
        assertThat(env("TRANSFORMERS_OFFLINE", "1", "HF_HUB_OFFLINE", "0").offline())
                .isFalse();
    }

    @Test
    void timeoutsAreSecondsAndZeroMeansTheDefault() {
        Timeouts set = env("HF_HUB_ETAG_TIMEOUT", "3", "HF_HUB_DOWNLOAD_TIMEOUT", "2.5")
                .timeouts();
        assertThat(set.probe()).isEqualTo(Duration.ofSeconds(3));
        assertThat(env("HF_HUB_ETAG_TIMEOUT", "0", "HF_HUB_DOWNLOAD_TIMEOUT", "0")
                        .timeouts())
                .isEqualTo(Timeouts.DEFAULT);
        assertThat(set).isNotEqualTo(Timeouts.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ten", "-1", "NaN", "100000", "10s"})
    void aTimeoutThatIsNoNumberOfSecondsIsRefusedByName(String value) {
        assertThatThrownBy(() -> env("HF_HUB_DOWNLOAD_TIMEOUT", value).timeouts())
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("HF_HUB_DOWNLOAD_TIMEOUT=" + value);
    }

    @Test
    void languageOrTimeZoneSpeakForMainlandChina() {
        assertThat(env("TZ", "UTC", "LANG", "zh_CN.UTF-8").mainlandChina()).isTrue();
        assertThat(env("TZ", "Asia/Shanghai", "LANG", "en_US.UTF-8").mainlandChina())
                .isTrue();
        assertThat(env("TZ", "UTC", "LANG", "zh_CN.UTF-8", "LC_ALL", "en_GB.UTF-8")
                        .mainlandChina())
                .isFalse();
        assertThat(env("TZ", "Asia/Taipei", "LANG", "zh_TW.UTF-8").mainlandChina())
                .isFalse();
    }

    /** Variables in pairs, with a home folder of their own. */
    @Test
    void aTokenFileThatIsThereAndCannotBeReadIsMissed() throws IOException {
        Path folder = Files.createDirectories(home.resolve("odd"));
        Path empty = Files.createFile(home.resolve("empty"));

        assertThat(env("HF_TOKEN_PATH", folder.toString()).unreadableTokens()).isEqualTo(Map.of("huggingface", folder));
        assertThat(env("HF_TOKEN_PATH", folder.toString(), "HF_TOKEN", "hf_x").unreadableTokens())
                .isEmpty();
        assertThat(env("HF_TOKEN_PATH", empty.toString()).unreadableTokens()).isEmpty();
        assertThat(env().unreadableTokens()).isEmpty();
    }

    private static Path cache(Environment env) {
        return Path.of(env.hubCache().value());
    }

    private Environment env(String... pairs) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("HOME", home.toString());
        for (int i = 0; i < pairs.length; i += 2) {
            variables.put(pairs[i], pairs[i + 1]);
        }
        return new Environment(variables);
    }

    private static Map<String, String> values(Map<String, Setting> settings) {
        Map<String, String> values = new HashMap<>();
        settings.forEach((source, setting) -> values.put(source, setting.value().strip()));
        return values;
    }

    @Test
    void whoeverServesOthersUsesNoTokenThatIsStored() {
        Environment serving = new Environment(Map.of("MODELFETCH_NO_STORED_TOKENS", "1"));

        assertThat(serving.noStoredTokensBy("huggingface")).isPresent();
        assertThat(serving.noStoredTokensBy("mirror")).isPresent();
        assertThat(new Environment(Map.of("HOME", "/h")).noStoredTokensBy("mirror"))
                .isEmpty();
    }

    @Test
    void whoIsUnknownToTheSystemHasTheRootForAHome() {
        assertThat(Environment.homeOf("?")).isEqualTo(Path.of("/"));
        assertThat(Environment.homeOf("")).isEqualTo(Path.of("/"));
        assertThat(Environment.homeOf("/home/wang")).isEqualTo(Path.of("/home/wang"));
    }
}
