package dev.modelfetch.source.huggingface;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static dev.modelfetch.source.huggingface.HubBench.AURORA;
import static dev.modelfetch.source.huggingface.HubBench.COMMIT;
import static dev.modelfetch.source.huggingface.HubBench.FIRST_PAGE;
import static dev.modelfetch.source.huggingface.HubBench.PINNED;
import static dev.modelfetch.source.huggingface.HubBench.TREE;
import static dev.modelfetch.source.huggingface.HubBench.json;
import static dev.modelfetch.source.huggingface.HubBench.recorded;
import static dev.modelfetch.source.huggingface.HubBench.source;
import static dev.modelfetch.source.huggingface.HubBench.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceSourceTest {

    @RegisterExtension
    static final WireMockExtension HUB = WireMockExtension.newInstance().build();

    @RegisterExtension
    static final WireMockExtension ELSEWHERE = WireMockExtension.newInstance().build();

    private static String next(String url) {
        return "<" + url + ">; rel=\"next\"";
    }

    @Test
    void theProviderIsFoundByItsServiceFile() {
        ModelSourceProvider provider = ServiceLoader.load(ModelSourceProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.id().equals("huggingface"))
                .findFirst()
                .orElseThrow();

        assertThat(provider.names()).containsExactly("hf");
        assertThat(provider.create(HubBench.context(provider.defaultEndpoint() + "/", false))
                        .profile())
                .isEqualTo(new SourceProfile(
                        "huggingface",
                        URI.create("https://huggingface.co/"),
                        "huggingface",
                        Trust.ORIGIN,
                        24,
                        Duration.ofSeconds(15)));
    }

    @Test
    void aListingHasFilesOnlyAndTheDigestsOfTheirContent() throws Exception {
        HUB.stubFor(get(FIRST_PAGE).willReturn(recorded("tree.json").withHeader("X-Repo-Commit", COMMIT)));

        Manifest manifest = source(HUB).list(PINNED);

        assertThat(manifest.files())
                .containsExactly(
                        plain(".gitattributes", 50, "580d310c2d211aca166288a207e972ced9bb0100"),
                        plain("config.json", 25, "4c1ee3938fa977800a1dd22f4a69d9aebfe28ea0"),
                        plain("empty.txt", 0, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
                        large(
                                "model-00001-of-00002.safetensors",
                                4976698672L,
                                "19cafd38dced43b6d281dc8d2ba595636096c749b44a23b2d002cb2dd4f0792a"),
                        large(
                                "onnx/model.onnx",
                                653665842,
                                "ef7c96d610334ee0e92d820b647a8ad4f07d660ec18815892309d21998c6480a"));
        assertThat(manifest)
                .isEqualTo(new Manifest("huggingface", "huggingface", AURORA, "main", COMMIT, manifest.files(), true));
    }

    @Test
    void theHubSaysWhoseTokenItIs() throws Exception {
        HUB.stubFor(get("/api/whoami-v2").willReturn(json("{\"type\": \"user\", \"name\": \"jdoe\", \"orgs\": []}")));

        assertThat(source(HUB, true).whoami()).contains(Account.of("jdoe").withOrganisations(List.of()));
    }

    @Test
    void theHubSaysOfWhomPrivateRepositoriesMayBe() throws Exception {
        HUB.stubFor(get("/api/whoami-v2").willReturn(json("""
                {"type": "user", "name": "jdoe", "orgs": [{"type": "org", "name": "acme-lab"}, null, {"id": "x"}],
                 "auth": {"type": "access_token", "accessToken": {"displayName": "ci", "role": "fineGrained",
                          "fineGrained": {"scoped": [{"entity": {"type": "org", "name": "partners"}},
                                                     {"entity": {"type": "model", "name": "friend/one"}}]}}}}
                """)));

        Account account = source(HUB, true).whoami().orElseThrow();
        assertThat(account.owners()).containsExactlyInAnyOrder("jdoe", "acme-lab", "partners", "friend");
        assertThat(account.organisations()).containsExactly("acme-lab");
        assertThat(account.tokenName()).contains("ci");
    }

    @Test
    void anAccountWithoutItsOrganisationsDoesNotTellAllOwners() throws Exception {
        HUB.stubFor(get("/api/whoami-v2").willReturn(json("{\"name\": \"jdoe\"}")));

        assertThat(source(HUB, true).whoami().orElseThrow().owners()).isEmpty();
    }

    @Test
    void aTokenThatTheHubDoesNotKnowIsRefused() {
        HUB.stubFor(get("/api/whoami-v2")
                .willReturn(json("{\"error\": \"Invalid credentials in Authorization header\"}")
                        .withStatus(401)
                        .withHeader("X-Error-Message", "Invalid credentials in Authorization header")));

        assertThat(verdictOf(() -> source(HUB, true).whoami()))
                .isInstanceOfSatisfying(
                        Verdict.NeedsAuth.class,
                        refused -> assertThat(refused.missing()).isEqualTo(Verdict.Missing.VALID_TOKEN));
    }

    @Test
    void anEndpointWithoutAccountsSaysNothingOfTokens() throws Exception {
        HUB.stubFor(get("/api/whoami-v2").willReturn(aResponse().withStatus(404)));

        assertThat(source(HUB, true).whoami()).isEmpty();
    }

    @Test
    void aPageInItsPlaceIsNoAccount() {
        HUB.stubFor(get("/api/whoami-v2")
                .willReturn(aResponse().withHeader("Content-Type", "text/html").withBody("<html>sign in</html>")));

        assertThat(verdictOf(() -> source(HUB, true).whoami()).kind()).isEqualTo(Verdict.Kind.BLOCKED);
    }

    @Test
    void allPagesAreRead() throws Exception {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json")
                        .withHeader(
                                "Link",
                                "<" + HUB.baseUrl() + "/x>; rel=\"prev\", "
                                        + next(HUB.baseUrl() + TREE + "?cursor=WyJv%3D"))));
        HUB.stubFor(get(TREE + "?cursor=WyJv%3D").willReturn(recorded("tree-page-2.json")));

        Manifest manifest = source(HUB).list(PINNED);

        assertThat(manifest.files())
                .extracting(RepoFile::path)
                .containsExactly(".gitattributes", "config.json", "empty.txt", "onnx/model.onnx");
        assertThat(manifest.complete()).isTrue();
    }

    @Test
    void aRelativeNextLinkIsFollowed() throws Exception {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json").withHeader("Link", "<" + TREE + "?cursor=2>; rel=next")));
        HUB.stubFor(get(TREE + "?cursor=2").willReturn(recorded("tree-page-2.json")));

        assertThat(source(HUB).list(PINNED).files()).hasSize(4);
    }

    @Test
    void anEmptyLastPageEndsTheListing() throws Exception {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json").withHeader("Link", next(HUB.baseUrl() + TREE + "?cursor=2"))));
        HUB.stubFor(get(TREE + "?cursor=2").willReturn(json("[]")));

        assertThat(source(HUB).list(PINNED).files()).hasSize(2);
    }

    @Test
    void aNextLinkToAnotherHostIsNotFollowed() {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json")
                        .withHeader("Link", next(ELSEWHERE.baseUrl() + TREE + "?cursor=2"))));

        assertThat(verdictOf(() -> source(HUB).list(PINNED))).isInstanceOf(Verdict.Blocked.class);
        ELSEWHERE.verify(0, getRequestedFor(anyUrl()));
    }

    @Test
    void aNextLinkThatRepeatsEndsInsteadOfTurningInCircles() {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json").withHeader("Link", next(HUB.baseUrl() + FIRST_PAGE))));

        assertThat(verdictOf(() -> source(HUB).list(PINNED)).detail()).contains("already read");
        HUB.verify(1, getRequestedFor(anyUrl()));
    }

    @Test
    void aSecondPageThatEqualsTheFirstEndsTheListingAsDamaged() {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json").withHeader("Link", next(HUB.baseUrl() + TREE + "?cursor=2"))));
        HUB.stubFor(get(TREE + "?cursor=2").willReturn(recorded("tree-page-1.json")));

        assertThat(verdictOf(() -> source(HUB).list(PINNED)).detail()).contains("nothing new");
    }

    @Test
    void aPageWithoutNewsIsTheLastOneThatIsAskedFor() {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json").withHeader("Link", next(HUB.baseUrl() + TREE + "?cursor=2"))));
        HUB.stubFor(get(TREE + "?cursor=2")
                .willReturn(recorded("tree-page-1.json").withHeader("Link", next(HUB.baseUrl() + TREE + "?cursor=3"))));

        assertThat(verdictOf(() -> source(HUB).list(PINNED)).detail()).contains("nothing new");
        HUB.verify(2, getRequestedFor(anyUrl()));
    }

    @Test
    void aPageThatRepeatsSomeRowsIsRefused() {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json").withHeader("Link", next(HUB.baseUrl() + TREE + "?cursor=2"))));
        HUB.stubFor(get(TREE + "?cursor=2").willReturn(recorded("tree.json")));

        assertThat(verdictOf(() -> source(HUB).list(PINNED)).detail()).contains("names onnx twice");
    }

    @Test
    void theListingOfACanonicalIdGoesOnWhereTheRedirectLed() throws Exception {
        String real = "/api/models/openai-community/gpt2/tree/" + COMMIT;
        HUB.stubFor(get("/api/models/gpt2/tree/" + COMMIT + "?recursive=true&expand=false")
                .willReturn(aResponse().withStatus(307).withHeader("Location", real + "?recursive=true&expand=false")));
        HUB.stubFor(get(real + "?recursive=true&expand=false")
                .willReturn(recorded("tree-page-1.json").withHeader("Link", next(HUB.baseUrl() + real + "?cursor=2"))));
        HUB.stubFor(get(real + "?cursor=2").willReturn(recorded("tree-page-2.json")));
        Repo typed = Repo.of(RepoType.MODEL, "gpt2");

        Manifest manifest = source(HUB).list(new Resolved(typed, "main", COMMIT));

        assertThat(manifest.files()).hasSize(4);
        assertThat(manifest.repo()).isEqualTo(typed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"path\": \"a\", \"size\": 1}, {\"path\": \"a\", \"size\": 2}]",
                "[{\"type\": \"file\", \"size\": 1}]",
                "[{\"path\": \"a\"}]",
                "[{\"path\": \"a\", \"size\": -1}]",
                "[null]",
                "null",
                "",
                "{\"error\": \"busy\"}",
                "[{\"path\": \"a\", \"size\": \"big\"}]",
                "[{\"path\": \"a\", \"size\": 1e400}]",
                "[{\"path\": \"a\", \"size\": 9.3e18}]",
                "[{\"path\": \"a\", \"size\": 1.5}]",
                "[{\"path\": \"a\", \"size\": 18446744073709551617}]",
                "[{\"path\": \"a\", \"size\": 9223372036854775807}, {\"path\": \"b\", \"size\": 1}]",
                "[{\"path\": \"a\", \"size\": 1, \"lfs\": {\"size\": -1}}]",
                "[{\"path\": \"\", \"size\": 1}]",
                "[[[[[[[[]]]]]]]]",
                "<html></html>"
            })
    void aListingThatMakesNoSenseIsRefused(String body) {
        HUB.stubFor(get(FIRST_PAGE).willReturn(json(body)));

        assertThat(verdictOf(() -> source(HUB).list(PINNED))).isInstanceOf(Verdict.Blocked.class);
    }

    @Test
    void anEmptyRepositoryIsNotAnError() throws Exception {
        HUB.stubFor(get(FIRST_PAGE).willReturn(json("[]")));

        assertThat(source(HUB).list(PINNED).files()).isEmpty();
    }

    @Test
    void anEmptyListOfARepositoryWhoseInfoNamesFilesIsDamaged() {
        HUB.stubFor(get(FIRST_PAGE).willReturn(json("[]")));
        HUB.stubFor(
                get(HubBench.INFO + "/revision/" + COMMIT + "?blobs=true").willReturn(recorded("revision-blobs.json")));

        assertThat(verdictOf(() -> source(HUB).list(PINNED)))
                .isInstanceOf(Verdict.Blocked.class)
                .extracting(Verdict::detail)
                .asString()
                .startsWith("the file list is damaged: it is empty, but the info of the repository names ");
    }

    @Test
    void anEmptyListIsBelievedWhereTheInfoNamesNoFileEither() throws Exception {
        HUB.stubFor(get(FIRST_PAGE).willReturn(json("[]")));
        HUB.stubFor(get(HubBench.INFO + "/revision/" + COMMIT + "?blobs=true")
                .willReturn(json("{\"sha\": \"" + COMMIT + "\", \"siblings\": []}")));

        assertThat(source(HUB).list(PINNED).files()).isEmpty();
    }

    @Test
    void a403WithoutAWordOfTheHubMayPassOnceTheRepositoryWasGiven() {
        HUB.stubFor(get(HubBench.MAIN).willReturn(guarded(403)));
        HUB.stubFor(get(FIRST_PAGE).willReturn(guarded(403)));

        assertThat(verdictOf(() -> source(HUB).resolve(AURORA, null))).isInstanceOf(Verdict.Blocked.class);
        assertThat(verdictOf(() -> source(HUB).list(PINNED)))
                .isEqualTo(new Verdict.Down("HTTP 403 from localhost", true));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void aFurtherPageThatIsRefusedWithoutAWordOfTheHubMayComeLater(int status) {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json").withHeader("Link", next(HUB.baseUrl() + TREE + "?cursor=2"))));
        HUB.stubFor(get(TREE + "?cursor=2").willReturn(guarded(status)));

        assertThat(verdictOf(() -> source(HUB).list(PINNED)))
                .isEqualTo(new Verdict.Down("HTTP " + status + " from localhost", true));
    }

    @Test
    void whatTheHubSaysItselfIsItsLastWordOnAnyPage() {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree-page-1.json").withHeader("Link", next(HUB.baseUrl() + TREE + "?cursor=2"))));
        HUB.stubFor(get(TREE + "?cursor=2")
                .willReturn(json("{\"error\": \"Access to this resource is disabled.\"}")
                        .withStatus(403)));

        assertThat(verdictOf(() -> source(HUB).list(PINNED))).isInstanceOf(Verdict.NotHere.class);
    }

    @Test
    void aPageInTheWayOfAFileMayPassAndIsNotShown() throws Exception {
        HUB.stubFor(get("/acme-lab/aurora-7b/resolve/" + COMMIT + "/a.bin").willReturn(guarded(403)));

        assertThat(said(Source::explain)).isEqualTo(new Verdict.Down("HTTP 403 from localhost", true));
    }

    @Test
    void aMessageInPlaceOfAFileIsTheHubsComplaint() throws Exception {
        HUB.stubFor(get("/acme-lab/aurora-7b/resolve/" + COMMIT + "/a.bin")
                .willReturn(json("{\"error\": \"Storage is read-only\"}").withHeader("Content-Type", "text/plain")));

        assertThat(said((source, response) -> source.complaint(response).orElseThrow()))
                .isEqualTo(new Verdict.Blocked(
                        "a message instead of the file: HTTP 200 from localhost: Storage is read-only"));
    }

    @Test
    void aFileOfAnotherLengthIsNoComplaint() throws Exception {
        HUB.stubFor(get("/acme-lab/aurora-7b/resolve/" + COMMIT + "/a.bin").willReturn(json("{\"layers\": 2}")));

        assertThat(said((source, response) -> source.complaint(response).orElse(new Verdict.Usable(""))))
                .isEqualTo(new Verdict.Usable(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"path\": \"a\", \"size\": 135, \"lfs\": {\"oid\": \"x\", \"pointerSize\": 135}}]",
                "[{\"path\": \"a\", \"size\": 9, \"lfs\": {\"oid\": \"x\", \"size\": 0}}]"
            })
    void theSizeOfAPointerIsNotThatOfItsContent(String body) {
        HUB.stubFor(get(FIRST_PAGE).willReturn(json(body)));

        assertThat(verdictOf(() -> source(HUB).list(PINNED)).detail()).contains("no size for a");
    }

    /** What a source says about an answer. */
    private interface Source {
        Verdict of(HuggingFaceSource source, Response response) throws IOException;

        static Verdict explain(HuggingFaceSource source, Response response) throws IOException {
            return source.explain(response);
        }
    }

    private static Verdict said(Source about) throws IOException {
        HuggingFaceSource source = source(HUB);
        Manifest manifest = new Manifest("huggingface", "huggingface", AURORA, "main", COMMIT, List.of(), true);
        Request request = source.request(manifest, new RepoFile("a.bin", 9, null, null, false));
        try (Response response = new OkHttpClient().newCall(request).execute()) {
            return about.of(source, response);
        }
    }

    /** As whoever stands in front of a hub says it. */
    private static ResponseDefinitionBuilder guarded(int status) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "text/html")
                .withBody("<!DOCTYPE html><html><title>Just a moment</title></html>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"blob", "File", "unknown"})
    void rowsThatAreAllOfAnotherTypeAreNoEmptyRepository(String type) {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(json("[{\"type\": \"directory\", \"path\": \"d\"}, {\"type\": \"" + type
                        + "\", \"path\": \"config.json\", \"size\": 1}]")));

        assertThat(verdictOf(() -> source(HUB).list(PINNED)))
                .isEqualTo(new Verdict.Blocked(
                        "the file list of localhost has no file, but rows of unknown type \"" + type + "\""));
    }

    @Test
    void aRowOfANewTypeAmongFilesLeavesTheListingIncomplete() throws Exception {
        HUB.stubFor(get(FIRST_PAGE).willReturn(json("""
                        [{"type": "file", "path": "a", "size": 3}, {"type": "pointer", "path": "b", "size": 3}]""")));

        Manifest manifest = source(HUB).list(PINNED);

        assertThat(manifest.files()).extracting(RepoFile::path).containsExactly("a");
        assertThat(manifest.complete()).isFalse();
    }

    @Test
    void directoriesAloneAreAnEmptyRepository() throws Exception {
        HUB.stubFor(get(FIRST_PAGE).willReturn(json("[{\"type\": \"directory\", \"path\": \"d\"}]")));

        assertThat(source(HUB).list(PINNED).files()).isEmpty();
    }

    @Test
    void oddRowsAreReadLeniently() throws Exception {
        HUB.stubFor(get(FIRST_PAGE).willReturn(json("""
                        [{"path": "a", "size": 3, "oid": "not hex", "lastCommit": null, "gated": "auto"},
                         {"type": "unknown", "path": "module"},
                         {"path": "b", "size": 133, "oid": "0eb20d2065976c0dd74d6ec16ce2f82d722c05b1",
                          "lfs": {"oid": "********", "size": 9}}]""")));

        assertThat(source(HUB).list(PINNED).files())
                .containsExactly(new RepoFile("a", 3, null, null, false), new RepoFile("b", 9, null, null, true));
    }

    @Test
    void aListingOfAnotherCommitIsRefused() {
        HUB.stubFor(get(FIRST_PAGE)
                .willReturn(recorded("tree.json").withHeader("X-Repo-Commit", COMMIT.replace('e', 'f'))));

        assertThat(verdictOf(() -> source(HUB).list(PINNED))).isInstanceOf(Verdict.Blocked.class);
    }

    private static RepoFile plain(String path, long size, String oid) {
        return new RepoFile(path, size, null, Digest.gitBlob(oid), false);
    }

    private static RepoFile large(String path, long size, String sha256) {
        return new RepoFile(path, size, Digest.sha256(sha256), null, true);
    }
}
