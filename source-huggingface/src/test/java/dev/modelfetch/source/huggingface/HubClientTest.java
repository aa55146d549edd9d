package dev.modelfetch.source.huggingface;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static dev.modelfetch.source.huggingface.HubBench.AURORA;
import static dev.modelfetch.source.huggingface.HubBench.COMMIT;
import static dev.modelfetch.source.huggingface.HubBench.INFO;
import static dev.modelfetch.source.huggingface.HubBench.MAIN;
import static dev.modelfetch.source.huggingface.HubBench.PINNED;
import static dev.modelfetch.source.huggingface.HubBench.context;
import static dev.modelfetch.source.huggingface.HubBench.json;
import static dev.modelfetch.source.huggingface.HubBench.recorded;
import static dev.modelfetch.source.huggingface.HubBench.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import java.time.Duration;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubClientTest {

    @RegisterExtension
    static final WireMockExtension HUB = WireMockExtension.newInstance().build();

    private HubClient client;

    @BeforeEach
    void open() {
        client = client("/");
    }

    @Test
    void aBranchIsPinnedToItsCommit() throws Exception {
        HUB.stubFor(get(INFO + "/revision/main").willReturn(recorded("revision-main.json")));

        assertThat(client.resolve(AURORA, "main")).isEqualTo(new Resolved(AURORA, "main", COMMIT));
    }

    @Test
    void withoutARevisionTheBranchEveryHubRepositoryHasIsAskedFor() throws Exception {
        HUB.stubFor(get("/api/datasets/acme-lab/stars/revision/main").willReturn(recorded("info-dataset.json")));
        Repo stars = Repo.of(RepoType.DATASET, "acme-lab/stars");

        assertThat(client.resolve(stars, null))
                .isEqualTo(new Resolved(stars, "main", "f3afda670dd824b04a8bf00f864ea44694a60a1e"));
    }

    @ParameterizedTest
    @CsvSource({"refs/pr/1, refs%2Fpr%2F1", "feature/x y#%, feature%2Fx%20y%23%25", "v1.0-rc_2~x, v1.0-rc_2~x"})
    void aRevisionTravelsAsOneSegment(String revision, String segment) throws Exception {
        HUB.stubFor(get(urlEqualTo(INFO + "/revision/" + segment)).willReturn(recorded("revision-main.json")));

        assertThat(client.resolve(AURORA, revision).revision()).isEqualTo(revision);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", " "})
    void aRevisionThatWouldNameAnotherAddressIsNotAskedFor(String revision) {
        assertThat(verdictOf(() -> client.resolve(AURORA, revision)))
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class, here -> assertThat(here.what()).isEqualTo(Verdict.What.REVISION));
        HUB.verify(0, getRequestedFor(anyUrl()));
    }

    @Test
    void aBoxOfOurOwnIsAskedForEveryDigestAndForFilesByThem() throws Exception {
        HUB.stubFor(get(INFO + "/revision/main")
                .willReturn(recorded("revision-main.json").withHeader("X-Modelfetch-Extras", "sha256, blobs")));
        String sha256 = "5".repeat(64);
        String rows = "[{\"type\": \"file\", \"path\": \"a b.json\", \"size\": 3, \"oid\": \"" + "6".repeat(40)
                + "\", \"sha256\": \"" + sha256 + "\", \"verified\": \"origin\"}]";
        HUB.stubFor(get(urlEqualTo(INFO + "/tree/" + COMMIT + "?recursive=true&expand=false&sha256=true"))
                .willReturn(json(rows)));

        Resolved resolved = client.resolve(AURORA, "main");
        RepoFile file = client.tree(resolved, new ListingBounds("box")).files().get(0);
        Manifest manifest = new Manifest("mirror", "huggingface", AURORA, "main", COMMIT, List.of(file), true);

        assertThat(file.sha256()).isEqualTo(Digest.sha256(sha256));
        assertThat(file.gitBlob()).isEqualTo(Digest.gitBlob("6".repeat(40)));
        HttpUrl url = client.request(manifest, file).url();
        assertThat(url.encodedPath()).isEqualTo("/blobs/sha256/" + sha256);
        assertThat(url.queryParameter("or")).isEqualTo("/" + AURORA.id() + "/resolve/" + COMMIT + "/a%20b.json");
    }

    @Test
    void anEndpointKeepsItsPathPrefix() throws Exception {
        HUB.stubFor(get("/artifactory/api/hub" + MAIN).willReturn(recorded("revision-main.json")));

        assertThat(client("/artifactory/api/hub/").resolve(AURORA, null).commit())
                .isEqualTo(COMMIT);
    }

    @Test
    void aCanonicalIdIsFollowedAndKeepsTheNameThatWasTyped() throws Exception {
        HUB.stubFor(get("/api/models/gpt2/revision/main")
                .willReturn(aResponse()
                        .withStatus(307)
                        .withHeader("Location", "/api/models/openai-community/gpt2/revision/main?from=gpt2")));
        HUB.stubFor(get("/api/models/openai-community/gpt2/revision/main?from=gpt2")
                .willReturn(recorded("revision-main.json")));
        Repo typed = Repo.of(RepoType.MODEL, "gpt2");

        assertThat(client.resolve(typed, "main")).isEqualTo(new Resolved(typed, "main", COMMIT));
    }

    @Test
    void readingStopsAtTheCommit() throws Exception {
        HUB.stubFor(get(MAIN).willReturn(json("{\"gated\": \"auto\", \"sha\": \"" + COMMIT + "\", ]]] not JSON")));

        assertThat(client.resolve(AURORA, null).commit()).isEqualTo(COMMIT);
    }

    @Test
    void aCommitBehindTheFilesIsFoundToo() throws Exception {
        HUB.stubFor(get(MAIN)
                .willReturn(json(
                        "{\"siblings\": [{\"rfilename\": \"a\", \"sha\": \"wrong\"}], \"sha\": \"" + COMMIT + "\"}")));

        assertThat(client.resolve(AURORA, null).commit()).isEqualTo(COMMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"sha\": null}", "{\"sha\": \"main\"}", "[]", "{\"id\": <html>", "null"})
    void anAnswerWithoutACommitIsNotTheHubs(String body) {
        HUB.stubFor(get(MAIN).willReturn(json(body)));

        assertThat(verdictOf(() -> client.resolve(AURORA, null))).isInstanceOf(Verdict.Blocked.class);
    }

    @Test
    void anAnswerAboutAnotherCommitThanTheOneAskedForIsRefused() {
        String other = COMMIT.replace('e', 'f');
        HUB.stubFor(get(INFO + "/revision/" + other).willReturn(recorded("revision-main.json")));

        assertThat(verdictOf(() -> client.resolve(AURORA, other)))
                .isInstanceOf(Verdict.Blocked.class)
                .extracting(Verdict::detail)
                .asString()
                .contains(COMMIT, other);
    }

    @Test
    void aCommitHeaderThatContradictsTheBodyIsRefused() {
        HUB.stubFor(get(MAIN)
                .willReturn(recorded("revision-main.json").withHeader("X-Repo-Commit", COMMIT.replace('e', 'f'))));

        assertThat(verdictOf(() -> client.resolve(AURORA, null))).isInstanceOf(Verdict.Blocked.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html; charset=utf-8", "text/plain", "application/octet-stream"})
    void jsonUnderAnotherLabelIsRead(String type) throws Exception {
        HUB.stubFor(get(MAIN).willReturn(recorded("revision-main.json").withHeader("Content-Type", type)));
        HUB.stubFor(get(HubBench.FIRST_PAGE).willReturn(recorded("tree.json").withHeader("Content-Type", type)));

        assertThat(client.resolve(AURORA, null).commit()).isEqualTo(COMMIT);
        assertThat(client.tree(PINNED, new ListingBounds("hub")).files()).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource({"text/html; charset=utf-8, web page", "text/plain, not JSON", "application/json, cannot be read"})
    void whatIsNoJsonIsCalledByItsLabel(String type, String words) {
        HUB.stubFor(get(MAIN)
                .willReturn(aResponse().withHeader("Content-Type", type).withBody("<html>Log in</html>")));

        assertThat(verdictOf(() -> client.resolve(AURORA, null)))
                .isInstanceOf(Verdict.Blocked.class)
                .extracting(Verdict::detail)
                .asString()
                .contains(words);
    }

    @Test
    void anErrorInsideASuccessIsShownInItsOwnWords() {
        HUB.stubFor(get(HubBench.FIRST_PAGE).willReturn(json("{\"error\": \"Index is being rebuilt\"}")));

        assertThat(verdictOf(() -> client.tree(PINNED, new ListingBounds("hub")))
                        .detail())
                .isEqualTo("a message instead of data: HTTP 200 from localhost: Index is being rebuilt");
    }

    @ParameterizedTest
    @CsvSource({"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "RANDOM_DATA_THEN_CLOSE"})
    void aBrokenConnectionIsNoAnswer(Fault fault) {
        HUB.stubFor(get(MAIN).willReturn(aResponse().withFault(fault)));

        assertThat(verdictOf(() -> client.resolve(AURORA, null)))
                .isInstanceOfSatisfying(
                        Verdict.Down.class, down -> assertThat(down.answered()).isFalse());
    }

    @Test
    void aConnectionThatBreaksInsideTheListingIsNotMistakenForBadJson() {
        HUB.stubFor(get(HubBench.FIRST_PAGE).willReturn(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)));

        assertThat(verdictOf(() -> client.tree(PINNED, new ListingBounds("hub"))))
                .isInstanceOf(Verdict.Down.class);
    }

    @Test
    void aListingThatOnlyDripsIsAnOutageAndNotBadJson() {
        HUB.stubFor(get(HubBench.FIRST_PAGE).willReturn(recorded("tree.json").withChunkedDribbleDelay(1_000, 600_000)));
        OkHttpClient hurried =
                new OkHttpClient.Builder().callTimeout(Duration.ofMillis(300)).build();
        HttpUrl endpoint = HttpUrl.get(HUB.baseUrl() + "/");
        HubClient dripped =
                new HubClient(SourceContext.of("huggingface", endpoint.uri(), hurried), new OriginRules(endpoint));

        assertThat(verdictOf(() -> dripped.tree(PINNED, new ListingBounds("hub"))))
                .isEqualTo(new Verdict.Down("no answer in time (localhost)", false));
    }

    @Test
    void anInfoWithoutEndIsLeft() {
        HUB.stubFor(get(INFO + "/revision/" + COMMIT + "?blobs=true")
                .willReturn(json("{\"sha\": \"" + COMMIT + "\", \"siblings\": [{\"rfilename\": \"" + "x".repeat(4097)
                        + "\"}, ]]] not JSON")));

        assertThat(verdictOf(() -> client.siblings(PINNED, new ListingBounds("hub")))
                        .detail())
                .contains("path of 4097 characters");
    }

    @Test
    void theInfoOfACommitListsFilesWithTheirDigests() throws Exception {
        HUB.stubFor(get(INFO + "/revision/" + COMMIT + "?blobs=true").willReturn(recorded("revision-blobs.json")));

        HubListing siblings = client.siblings(PINNED, new ListingBounds("hub"));

        assertThat(siblings.whole()).isTrue();
        assertThat(siblings.files())
                .contains(new RepoFile(
                        "config.json", 25, null, Digest.gitBlob("4c1ee3938fa977800a1dd22f4a69d9aebfe28ea0"), false))
                .contains(new RepoFile(
                        "onnx/model.onnx",
                        653665842,
                        Digest.sha256("ef7c96d610334ee0e92d820b647a8ad4f07d660ec18815892309d21998c6480a"),
                        null,
                        true))
                .hasSize(5);
    }

    @Test
    void anInfoWithoutSizesGivesBareNames() throws Exception {
        HUB.stubFor(get(INFO + "/revision/" + COMMIT + "?blobs=true").willReturn(recorded("revision-main.json")));

        HubListing siblings = client.siblings(PINNED, new ListingBounds("hub"));

        assertThat(siblings.files()).isEmpty();
        assertThat(siblings.bare()).startsWith(".gitattributes", "config.json").hasSize(5);
        assertThat(siblings.whole()).isFalse();
    }

    @Test
    void aQuestionAboutPathsKeepsItsMethodAndFormAcrossARedirect() throws Exception {
        HUB.stubFor(post("/api/models/gpt2/paths-info/" + COMMIT)
                .willReturn(aResponse()
                        .withStatus(307)
                        .withHeader("Location", "/api/models/openai-community/gpt2/paths-info/" + COMMIT)));
        HUB.stubFor(post("/api/models/openai-community/gpt2/paths-info/" + COMMIT)
                .withHeader("Content-Type", WireMock.containing("application/x-www-form-urlencoded"))
                .withRequestBody(
                        WireMock.equalTo("paths=config.json&paths=onnx%2Fmodel.onnx&paths=a+b%26c&expand=false"))
                .willReturn(recorded("paths-info.json")));
        Resolved gpt2 = new Resolved(Repo.of(RepoType.MODEL, "gpt2"), "main", COMMIT);

        assertThat(client.details(gpt2, List.of("config.json", "onnx/model.onnx", "a b&c"), new ListingBounds("hub"))
                        .files())
                .extracting(RepoFile::path)
                .containsExactly("config.json", "onnx/model.onnx");
    }

    @ParameterizedTest
    @CsvSource({
        "MODEL, acme-lab/aurora-7b, /acme-lab/aurora-7b",
        "MODEL, gpt2, /gpt2",
        "DATASET, acme-lab/stars, /datasets/acme-lab/stars",
        "SPACE, acme-lab/aurora-demo, /spaces/acme-lab/aurora-demo"
    })
    void bytesStartAtTheCommitBelowTheTypesPrefix(RepoType type, String id, String path) {
        assertThat(client("/hub/")
                        .request(manifest(Repo.of(type, id)), file("config.json"))
                        .url())
                .isEqualTo(HttpUrl.get(HUB.baseUrl() + "/hub" + path + "/resolve/" + COMMIT + "/config.json"));
    }

    @ParameterizedTest
    @CsvSource({
        "'data/wéird name#1 50%[a]+b,c:d~e(f).txt', data/w%C3%A9ird%20name%231%2050%25%5Ba%5D%2Bb%2Cc%3Ad~e%28f%29.txt",
        "'subfolder/to?/awful?filename%you:should,never.give', subfolder/to%3F/awful%3Ffilename%25you%3Ashould%2Cnever.give",
        "'a*b.txt', a%2Ab.txt",
        "'%2e%2e/x', %252e%252e/x",
        "'win\\dows', win%5Cdows"
    })
    void aPathIsEncodedSegmentBySegment(String path, String encoded) {
        String url = client.request(manifest(AURORA), file(path)).url().toString();

        assertThat(url).isEqualTo(HUB.baseUrl() + "/acme-lab/aurora-7b/resolve/" + COMMIT + "/" + encoded);
        assertThat(String.join("/", HttpUrl.get(url).pathSegments())).endsWith(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/./b", "a/..", "/etc/x", "a//b", "a/"})
    void aPathThatAnAddressCannotCarryIsRefused(String path) {
        assertThatThrownBy(() -> client.request(manifest(AURORA), file(path)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(path);
    }

    private static HubClient client(String prefix) {
        String endpoint = HUB.baseUrl() + prefix;
        return new HubClient(context(endpoint, false), new OriginRules(HttpUrl.get(endpoint)));
    }

    private static Manifest manifest(Repo repo) {
        return new Manifest("huggingface", "huggingface", repo, "main", COMMIT, List.of(), true);
    }

    private static RepoFile file(String path) {
        return new RepoFile(path, 1, null, null, false);
    }
}
