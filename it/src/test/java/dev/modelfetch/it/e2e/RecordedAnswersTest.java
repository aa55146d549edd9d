package dev.modelfetch.it.e2e;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Verification;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as the real hubs give them, byte for byte where it matters; the miniature hubs have no part in this. */
class RecordedAnswersTest {

    private static final String COMMIT = "eb1e3bafe74bcf276fa07e91d5176e6a69947da3";
    private static final String COMMIT_ELSEWHERE = "c3baf5b57e2973a9c8010a2dc0f3d2b4997e1cfa";
    private static final String MODEL = "acme-lab/aurora-7b";
    private static final String MODEL_PATH = "/" + MODEL;
    private static final String CONFIG = "{\"model_type\": \"aurora\"}\n";
    private static final String CONFIG_SHA256 = "adb1466ded951f54a0e5ed707f8a8355006edfbe914b66879eac760cc81480cb";
    private static final String ATTRIBUTES = "*.safetensors filter=lfs diff=lfs merge=lfs -text\n";
    private static final String WEIGHTS = "the weights";
    private static final Map<String, String> SMALL = Map.of(
            ".gitattributes", ATTRIBUTES,
            "config.json", CONFIG,
            "empty.txt", "",
            "README.md", "# Aurora 7B\n",
            "configuration.json", "{\"framework\":\"pytorch\",\"task\":\"text-generation\"}\n");

    @RegisterExtension
    static final WireMockExtension HUB = WireMockExtension.newInstance()
            .options(WireMockConfiguration.wireMockConfig().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    @RegisterExtension
    static final WireMockExtension STORAGE = WireMockExtension.newInstance()
            .options(WireMockConfiguration.wireMockConfig().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    @TempDir
    Path cache;

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror"})
    void theHubAndItsMirrorsAreUnderstood(String source) throws IOException {
        stubHub();

        Snapshot result = fetch(source);

        assertThat(result.commit()).isEqualTo(COMMIT);
        assertThat(result.revision()).isEqualTo("main");
        assertThat(result.files()).hasSize(4);
        assertConfig(result);
        assertThat(result.path().resolve("onnx/model.onnx")).hasContent(WEIGHTS);
        assertThat(result.path().resolve("empty.txt")).isEmptyFile();
        assertThat(result.path().resolve("config.json").toRealPath().getFileName())
                .hasToString("4c1ee3938fa977800a1dd22f4a69d9aebfe28ea0");
        assertThat(result.files())
                .allMatch(file ->
                        file.verified() == (source.equals("huggingface") ? Verification.ORIGIN : Verification.SELF));
    }

    @Test
    void theQueryOfARelativeRedirectIsKept() {
        stubHub();

        fetch("huggingface");

        HUB.verify(getRequestedFor(urlEqualTo(cached("config.json"))));
    }

    @Test
    void theTokenGoesToTheHubAndNotToItsStorage() {
        stubHub();

        try (Modelfetch modelfetch =
                builder("huggingface").token("huggingface", "hf_marker").build()) {
            modelfetch.fetch(modelfetch
                    .request(MODEL)
                    .source(SourceChoice.only("huggingface"))
                    .build());
        }

        HUB.verify(getRequestedFor(urlPathEqualTo("/api/models" + MODEL_PATH + "/revision/main"))
                .withHeader("Authorization", equalTo("Bearer hf_marker")));
        STORAGE.verify(getRequestedFor(urlPathMatching("/xet-bridge-us/.*")).withHeader("Authorization", absent()));
    }

    @Test
    void modelScopeIsUnderstood() throws IOException {
        stubModelScope();

        Snapshot result = fetch("modelscope");

        assertThat(result.commit()).isEqualTo(COMMIT_ELSEWHERE);
        assertThat(result.files()).hasSize(6);
        assertConfig(result);
        assertThat(result.path().resolve("onnx/model.onnx")).hasContent(WEIGHTS);
        assertThat(result.files()).allMatch(file -> file.verified() == Verification.SELF);
    }

    private static void stubHub() {
        HUB.stubFor(get(urlPathEqualTo("/api/models" + MODEL_PATH)).willReturn(json("hub-revision-main.json")));
        HUB.stubFor(get(urlPathEqualTo("/api/models" + MODEL_PATH + "/revision/main"))
                .willReturn(json("hub-revision-main.json")));
        HUB.stubFor(get(urlPathEqualTo("/api/models" + MODEL_PATH + "/tree/" + COMMIT))
                .willReturn(json("hub-tree.json")));
        for (String path : new String[] {".gitattributes", "config.json", "empty.txt"}) {
            HUB.stubFor(get(urlPathEqualTo(MODEL_PATH + "/resolve/" + COMMIT + "/" + path))
                    .willReturn(aResponse()
                            .withStatus(307)
                            .withHeader("Location", cached(path))
                            .withHeader("X-Repo-Commit", COMMIT)
                            .withBody("Temporary Redirect. Redirecting to elsewhere")));
            HUB.stubFor(get(urlEqualTo(cached(path))).willReturn(text(SMALL.get(path))));
        }
        String signed =
                "/xet-bridge-us/a6526f25fbdfbb2678bba3fb/e956d4a76a4fadd9cfac62f80c9f4e4b3357fa97a2d8bcd2f47701c37f354266"
                        + "?X-Xet-Cas-Uid=public&response-content-disposition=inline%3B+filename*%3DUTF-8%27%27model.onnx%3B"
                        + "&Expires=1790000000&Policy=x&Signature=y&Key-Pair-Id=z";
        HUB.stubFor(get(urlPathEqualTo(MODEL_PATH + "/resolve/" + COMMIT + "/onnx/model.onnx"))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Location", STORAGE.baseUrl() + signed)
                        .withHeader("X-Repo-Commit", COMMIT)
                        .withHeader("X-Linked-Size", Integer.toString(WEIGHTS.length()))
                        .withHeader("Cache-Control", "no-store")
                        .withBody("Found. Redirecting to storage")));
        STORAGE.stubFor(get(urlEqualTo(signed)).willReturn(text(WEIGHTS)));
    }

    private static void stubModelScope() {
        String api = "/api/v1/models" + MODEL_PATH;
        HUB.stubFor(get(urlPathEqualTo(api + "/revisions")).willReturn(json("modelscope-revisions.json")));
        HUB.stubFor(get(urlPathEqualTo(api + "/commits")).willReturn(json("modelscope-commits.json")));
        HUB.stubFor(get(urlPathEqualTo(api + "/repo/files"))
                .withQueryParam("Revision", equalTo(COMMIT_ELSEWHERE))
                .willReturn(json("modelscope-files.json")));
        SMALL.forEach((path, content) -> HUB.stubFor(get(urlPathEqualTo(api + "/repo"))
                .withQueryParam("Revision", equalTo(COMMIT_ELSEWHERE))
                .withQueryParam("FilePath", equalTo(path))
                .willReturn(text(content))));
        HUB.stubFor(get(urlPathEqualTo(api + "/repo"))
                .withQueryParam("FilePath", equalTo("onnx/model.onnx"))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Location", STORAGE.baseUrl() + "/prod/lfs-objects/aa/bb/cc?auth_key=1-2-0-3")));
        STORAGE.stubFor(get(urlMatching("/prod/lfs-objects/.*auth_key=.*")).willReturn(text(WEIGHTS)));
    }

    private Snapshot fetch(String source) {
        try (Modelfetch modelfetch = builder(source).build()) {
            return modelfetch.fetch(
                    modelfetch.request(MODEL).source(SourceChoice.only(source)).build());
        }
    }

    private Modelfetch.Builder builder(String source) {
        return Modelfetch.builder().endpoint(source, HUB.baseUrl()).cacheDirectory(cache);
    }

    private static void assertConfig(Snapshot result) {
        assertThat(result.path().resolve("config.json")).hasContent(CONFIG);
        assertThat(result.files())
                .filteredOn(file -> file.path().equals("config.json"))
                .singleElement()
                .satisfies(file -> {
                    assertThat(file.size()).isEqualTo(25);
                    assertThat(file.sha256()).isEqualTo(CONFIG_SHA256);
                });
    }

    /** Where pattern A of the Hub sends readers of small files. */
    private static String cached(String path) {
        return "/api/resolve-cache/models%s/%s/%s?%%2Facme-lab%%2Faurora-7b%%2Fresolve%%2Fmain%%2F%s=&etag=%%22x%%22"
                .formatted(MODEL_PATH, COMMIT, path, path);
    }

    private static ResponseDefinitionBuilder text(String body) {
        return aResponse()
                .withHeader("Content-Type", "text/plain; charset=utf-8")
                .withBody(body);
    }

    private static ResponseDefinitionBuilder json(String resource) {
        try (InputStream in = RecordedAnswersTest.class.getResourceAsStream(resource)) {
            return aResponse()
                    .withHeader("Content-Type", "application/json; charset=utf-8")
                    .withBody(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
