package dev.modelfetch.source.mirror;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static dev.modelfetch.source.mirror.MirrorBench.AURORA;
import static dev.modelfetch.source.mirror.MirrorBench.COMMIT;
import static dev.modelfetch.source.mirror.MirrorBench.FIRST_PAGE;
import static dev.modelfetch.source.mirror.MirrorBench.INFO;
import static dev.modelfetch.source.mirror.MirrorBench.MAIN;
import static dev.modelfetch.source.mirror.MirrorBench.PINNED;
import static dev.modelfetch.source.mirror.MirrorBench.TREE;
import static dev.modelfetch.source.mirror.MirrorBench.context;
import static dev.modelfetch.source.mirror.MirrorBench.json;
import static dev.modelfetch.source.mirror.MirrorBench.recorded;
import static dev.modelfetch.source.mirror.MirrorBench.source;
import static dev.modelfetch.source.mirror.MirrorBench.text;
import static dev.modelfetch.source.mirror.MirrorBench.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.zip.GZIPOutputStream;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorSourceTest {

    @RegisterExtension
    static final WireMockExtension MIRROR = WireMockExtension.newInstance().build();

    /** Under another name than the mirror, as hosts differ by name. */
    @RegisterExtension
    static final WireMockExtension ORIGIN = WireMockExtension.newInstance().build();

    private static String mirror() {
        return "http://127.0.0.1:" + MIRROR.getPort() + "/";
    }

    private static String origin() {
        return "http://localhost:" + ORIGIN.getPort();
    }

    @Test
    void theProviderIsFoundByItsServiceFile() {
        ModelSourceProvider provider = ServiceLoader.load(ModelSourceProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.id().equals("mirror"))
                .findFirst()
                .orElseThrow();

        assertThat(provider.names()).containsExactly("hf-mirror");
        assertThat(provider.create(context(provider.defaultEndpoint() + "/", false))
                        .profile())
                .isEqualTo(new SourceProfile(
                        "mirror",
                        URI.create("https://hf-mirror.com/"),
                        "huggingface",
                        Trust.MIRROR,
                        8,
                        Duration.ofSeconds(15)));
    }

    @Test
    void aCachingProxyNearbyHasTimeToFetchUpstreamFirst() {
        assertThat(source(mirror()).profile().firstByte()).isEqualTo(Duration.ofMinutes(2));
        assertThat(source(mirror()).profile().maxConnections()).isEqualTo(32);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 308})
    void aMirrorThatSendsThisNetworkToTheOriginIsItsAliasAndIsNotFollowed(int status) throws IOException {
        MIRROR.stubFor(
                any(anyUrl()).willReturn(aResponse().withStatus(status).withHeader("Location", origin() + INFO)));

        assertThat(verdictOf(() -> source(mirror()).resolve(AURORA, null))).isEqualTo(new Verdict.Alias(origin()));
        assertThat(verdictOf(() -> source(mirror()).list(PINNED))).isEqualTo(new Verdict.Alias(origin()));
        assertThat(explain("/acme-lab/aurora-7b/resolve/" + COMMIT + "/config.json", false))
                .isEqualTo(new Verdict.Alias(origin()));
        ORIGIN.verify(0, anyRequestedFor(anyUrl()));
    }

    @Test
    void rowsThatAreAllOfAnotherTypeAreNoEmptyRepository() {
        MIRROR.stubFor(get(FIRST_PAGE).willReturn(json("[{\"type\": \"blob\", \"path\": \"a\", \"size\": 1}]")));

        assertThat(verdictOf(() -> source(mirror()).list(PINNED)).detail())
                .isEqualTo("the file list of 127.0.0.1 has no file, but rows of unknown type \"blob\"");
    }

    @Test
    void aRowOfANewTypeAmongFilesLeavesTheListingIncomplete() throws Exception {
        MIRROR.stubFor(get(FIRST_PAGE).willReturn(json("""
                        [{"type": "file", "path": "a", "size": 3}, {"type": "pointer", "path": "b", "size": 3}]""")));

        Manifest manifest = source(mirror()).list(PINNED);

        assertThat(manifest.files()).extracting(RepoFile::path).containsExactly("a");
        assertThat(manifest.complete()).isFalse();
        MIRROR.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void aNextLinkThatNamesTheHubIsReadFromTheMirror() throws Exception {
        String cursor = "&limit=1000&cursor=ZXlKbW%3D%3D";
        MIRROR.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json")
                        .withHeader("Link", "<" + origin() + FIRST_PAGE + cursor + ">; rel=\"next\"")));
        MIRROR.stubFor(get(FIRST_PAGE + cursor).willReturn(recorded("tree-page-2.json")));

        Manifest manifest = source(mirror()).list(PINNED);

        assertThat(manifest.files())
                .extracting(RepoFile::path)
                .containsExactly(".gitattributes", "config.json", "empty.txt", "onnx/model.onnx");
        assertThat(manifest)
                .isEqualTo(new Manifest("mirror", "huggingface", AURORA, "main", COMMIT, manifest.files(), true));
        ORIGIN.verify(0, anyRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/artifactory/api/huggingfaceml/hub"})
    void aNextLinkIsPutBehindThePathPrefixOfTheEndpoint(String theirPrefix) throws Exception {
        String prefix = "/artifactory/api/huggingfaceml/hub";
        MIRROR.stubFor(get(prefix + MAIN).willReturn(recorded("revision-main.json")));
        MIRROR.stubFor(get(prefix + FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json")
                        .withHeader("Link", "<https://hub.example" + theirPrefix + TREE + "?cursor=2>; rel=\"next\"")));
        MIRROR.stubFor(get(prefix + TREE + "?cursor=2").willReturn(recorded("tree-page-2.json")));
        MirrorSource source = source(mirror() + prefix.substring(1) + "/");

        Manifest manifest = source.list(source.resolve(AURORA, null));

        assertThat(manifest.files()).hasSize(4);
        assertThat(source.request(manifest, manifest.files().get(1)).url().encodedPath())
                .isEqualTo(prefix + "/acme-lab/aurora-7b/resolve/" + COMMIT + "/config.json");
    }

    @Test
    void aCompressedListingWithoutLengthIsRead() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text("tree-page-1.json").getBytes(StandardCharsets.UTF_8));
        }
        MIRROR.stubFor(get(FIRST_PAGE)
                .willReturn(json("").withBody(packed.toByteArray()).withHeader("Content-Encoding", "gzip")));

        assertThat(source(mirror()).list(PINNED).files()).hasSize(2);
    }

    @Test
    void aRelativeRedirectKeepsItsQueryAndItsBodyIsNotTheAnswer() throws Exception {
        MIRROR.stubFor(get(MAIN)
                .willReturn(json("{\"sha\": \"" + COMMIT.replace('e', 'f') + "\"}")
                        .withStatus(307)
                        .withHeader("Location", INFO + "/moved?etag=%22a%22&x=")));
        MIRROR.stubFor(get(INFO + "/moved?etag=%22a%22&x=").willReturn(recorded("revision-main.json")));

        assertThat(source(mirror()).resolve(AURORA, null).commit()).isEqualTo(COMMIT);
    }

    @Test
    void aWebPageIsNoAnswerToAnything() throws IOException {
        MIRROR.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withHeader("Content-Type", "text/html; charset=utf-8")
                        .withBody("<html>Welcome</html>")));

        assertThat(verdictOf(() -> source(mirror()).resolve(AURORA, null))).isInstanceOf(Verdict.Blocked.class);
        assertThat(verdictOf(() -> source(mirror()).list(PINNED))).isInstanceOf(Verdict.Blocked.class);
        assertThat(explain("/acme-lab/aurora-7b/resolve/" + COMMIT + "/config.json", false))
                .isInstanceOf(Verdict.Blocked.class);
    }

    @Test
    void aWebPageThatCallsItselfJsonIsFoundOut() {
        MIRROR.stubFor(any(anyUrl()).willReturn(json("<html>Welcome</html>")));

        assertThat(verdictOf(() -> source(mirror()).resolve(AURORA, null))).isInstanceOf(Verdict.Blocked.class);
        assertThat(verdictOf(() -> source(mirror()).list(PINNED))).isInstanceOf(Verdict.Blocked.class);
    }

    @Test
    void a403WithoutCodeIsTheMirrorsFilterForNamesAndForFiles() throws IOException {
        MIRROR.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(403).withBody("invalid request")));

        assertThat(verdictOf(() -> source(mirror()).resolve(AURORA, null)))
                .isInstanceOf(Verdict.Blocked.class)
                .extracting(Verdict::detail)
                .asString()
                .contains("invalid request");
        assertThat(explain("/acme-lab/aurora-7b/resolve/" + COMMIT + "/a.bin", true))
                .isInstanceOf(Verdict.Blocked.class);
    }

    @ParameterizedTest
    @CsvSource({"401", "404"})
    void aMissingRepositoryIsMissingAtThisMirrorOnly(int status) {
        MIRROR.stubFor(get(MAIN)
                .willReturn(json("{\"error\": \"Repository not found\"}")
                        .withStatus(status)
                        .withHeader("X-Error-Code", "RepoNotFound")));

        assertThat(verdictOf(() -> source(mirror()).resolve(AURORA, null)))
                .isInstanceOfSatisfying(Verdict.NotHere.class, verdict -> {
                    assertThat(verdict.what()).isEqualTo(Verdict.What.REPOSITORY);
                    assertThat(verdict.detail()).contains("this mirror");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "429, Retry-After, 7, 7",
        "429, RateLimit, '\"api\";r=0;t=42', 43",
        "429, X-Nothing, 1, 30",
    })
    void aLimitSaysHowLongItLasts(int status, String header, String value, long seconds) {
        MIRROR.stubFor(get(MAIN).willReturn(json("{}").withStatus(status).withHeader(header, value)));

        assertThat(verdictOf(() -> source(mirror()).resolve(AURORA, null)))
                .isInstanceOfSatisfying(
                        Verdict.Limited.class,
                        limited -> assertThat(limited.pause()).isEqualTo(Duration.ofSeconds(seconds)));
    }

    @Test
    void aRevisionWithASlashIsAskedForAsOneSegmentAndItsCommitEverAfter() throws Exception {
        MIRROR.stubFor(get(urlEqualTo(INFO + "/revision/refs%2Fpr%2F1")).willReturn(recorded("revision-main.json")));
        MIRROR.stubFor(get(FIRST_PAGE).willReturn(recorded("tree-page-1.json").withHeader("X-Repo-Commit", COMMIT)));
        MirrorSource source = source(mirror());

        Manifest manifest = source.list(source.resolve(AURORA, "refs/pr/1"));

        assertThat(manifest.revision()).isEqualTo("refs/pr/1");
        assertThat(source.request(manifest, manifest.files().get(0)).url().encodedPath())
                .isEqualTo("/acme-lab/aurora-7b/resolve/" + COMMIT + "/.gitattributes");
        MIRROR.verify(2, getRequestedFor(anyUrl()));
    }

    @Test
    void fileNamesOfAllKindsReachTheirAddress() throws Exception {
        MIRROR.stubFor(get(FIRST_PAGE).willReturn(json("[{\"path\": \"a b/#1 50%[x] wéird 模型.bin\", \"size\": 1}]")));
        MirrorSource source = source(mirror());
        Manifest manifest = source.list(PINNED);
        MIRROR.stubFor(get(urlEqualTo("/acme-lab/aurora-7b/resolve/" + COMMIT
                        + "/a%20b/%231%2050%25%5Bx%5D%20w%C3%A9ird%20%E6%A8%A1%E5%9E%8B.bin"))
                .willReturn(aResponse().withBody("x")));

        try (Response response = new OkHttpClient()
                .newCall(source.request(manifest, manifest.files().get(0)))
                .execute()) {
            assertThat(response.code()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerAboutAnotherCommitIsRefused() {
        MIRROR.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json").withHeader("X-Repo-Commit", COMMIT.replace('e', 'f'))));

        assertThat(verdictOf(() -> source(mirror()).list(PINNED))).isInstanceOf(Verdict.Blocked.class);
    }

    private static Verdict explain(String path, boolean hasToken) throws IOException {
        MirrorSource source = source(mirror(), hasToken);
        try (Response response = context(mirror(), hasToken)
                .calls()
                .newCall(new okhttp3.Request.Builder()
                        .url(mirror() + path.substring(1))
                        .build())
                .execute()) {
            return source.explain(response);
        }
    }
}
