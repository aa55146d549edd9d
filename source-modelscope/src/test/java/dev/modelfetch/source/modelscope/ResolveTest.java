package dev.modelfetch.source.modelscope;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.modelfetch.source.modelscope.Hub.DATASET;
import static dev.modelfetch.source.modelscope.Hub.HEAD;
import static dev.modelfetch.source.modelscope.Hub.MODEL;
import static dev.modelfetch.source.modelscope.Hub.commit;
import static dev.modelfetch.source.modelscope.Hub.commits;
import static dev.modelfetch.source.modelscope.Hub.data;
import static dev.modelfetch.source.modelscope.Hub.failure;
import static dev.modelfetch.source.modelscope.Hub.files;
import static dev.modelfetch.source.modelscope.Hub.json;
import static dev.modelfetch.source.modelscope.Hub.noRepository;
import static dev.modelfetch.source.modelscope.Hub.recorded;
import static dev.modelfetch.source.modelscope.Hub.revisions;
import static dev.modelfetch.source.modelscope.Hub.tree;
import static dev.modelfetch.source.modelscope.Hub.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.spi.Resolved;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResolveTest {

    private static final String OTHER = "e160a03c965fe9782f9be2d738c595b6fb617740";

    @RegisterExtension
    static final Hub hub = new Hub();

    @Test
    void theDefaultBranchIsPinnedWithOneRequest() throws Exception {
        hub.stubFor(commits(MODEL).withQueryParam("Ref", equalTo("master")).willReturn(recorded("commits.json")));

        assertThat(hub.source().resolve(MODEL, null)).isEqualTo(new Resolved(MODEL, "master", HEAD));
        assertThat(hub.asked())
                .containsExactly("/api/v1/models/acme-lab/aurora-7b/commits?PageNumber=1&PageSize=1&Ref=master");
    }

    @Test
    void requestsCarryAnIdAndNeverACookie() throws Exception {
        hub.stubFor(commits(MODEL).willReturn(recorded("commits.json").withHeader("Set-Cookie", "m_session_id=x")));

        hub.source().resolve(MODEL, null);
        hub.source().resolve(MODEL, null);

        assertThat(hub.requests()).hasSize(2).allSatisfy(request -> {
            assertThat(request.getHeader("X-Request-ID")).matches("[0-9a-f]{32}");
            assertThat(request.containsHeader("Cookie")).isFalse();
        });
        assertThat(hub.requests().stream().map(request -> request.getHeader("X-Request-ID")))
                .doesNotHaveDuplicates();
    }

    @Test
    void a403IsTakenAtItsWordUntilSomethingOfTheRepositoryWasGiven() {
        hub.stubFor(commits(MODEL).willReturn(json(403, "{\"Message\":\"access denied\"}")));
        hub.stubFor(revisions(MODEL)
                .willReturn(data("{\"RevisionMap\":{\"Branches\":[{\"Revision\":\"main\"}],\"Tags\":null}}")));

        assertThat(verdictOf(() -> hub.source().resolve(MODEL, null))).isInstanceOf(Verdict.NeedsAuth.class);
        assertThat(verdictOf(() -> hub.source().resolve(MODEL, "main"))).isInstanceOf(Verdict.Down.class);
    }

    @Test
    void anEndpointBelowAPathKeepsItsPath() throws Exception {
        hub.stubFor(Hub.call("models/acme-lab/aurora-7b/commits").willReturn(noRepository()));
        hub.stubFor(get(urlPathEqualTo("/hub/ms/api/v1/models/acme-lab/aurora-7b/commits"))
                .willReturn(commit(HEAD)));

        assertThat(hub.sourceAt("/hub/ms/").resolve(MODEL, null).commit()).isEqualTo(HEAD);
    }

    @Test
    void aTagIsAskedForUnderItsName() throws Exception {
        hub.stubFor(commits(MODEL).withQueryParam("Ref", equalTo("v1.0")).willReturn(commit(OTHER)));

        assertThat(hub.source().resolve(MODEL, "v1.0")).isEqualTo(new Resolved(MODEL, "v1.0", OTHER));
    }

    @Test
    void aBranchNameIsSentSafely() throws Exception {
        hub.stubFor(commits(MODEL)
                .withQueryParam("Ref", equalTo("a b&Ref=c#d%41/+é"))
                .willReturn(commit(OTHER)));

        assertThat(hub.source().resolve(MODEL, "a b&Ref=c#d%41/+é").commit()).isEqualTo(OTHER);
    }

    @Test
    void anUnknownRefIsAMissingRevisionAndNotAMissingRepository() {
        hub.stubFor(commits(MODEL).willReturn(data("{\"Commit\":null}")));

        Verdict verdict = verdictOf(() -> hub.source().resolve(MODEL, "v9"));

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.REVISION));
        assertThat(verdict.detail()).contains("acme-lab/aurora-7b").contains("\"v9\"");
    }

    @Test
    void anUnknownRefMayAlsoBeSaidWithACode() {
        hub.stubFor(commits(MODEL).willReturn(failure(404, 10990101004L, "获取模型目录树失败")));

        assertThat(verdictOf(() -> hub.source().resolve(MODEL, "v9")))
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.REVISION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v9", "0123456789012345678901234567890123456789"})
    void anUnknownRevisionOfARepositoryThatIsThereIsNotAMissingRepository(String revision) {
        hub.stubFor(commits(MODEL).willReturn(noRepository()));
        hub.stubFor(files(MODEL).willReturn(noRepository()));
        hub.stubFor(revisions(MODEL).willReturn(recorded("revisions.json")));

        assertThat(verdictOf(() -> hub.source().resolve(MODEL, revision)))
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.REVISION));
    }

    @Test
    void mainMeansTheDefaultBranchWhereNoBranchHasThatName() throws Exception {
        hub.stubFor(revisions(MODEL).willReturn(recorded("revisions.json")));
        hub.stubFor(commits(MODEL).withQueryParam("Ref", equalTo("master")).willReturn(recorded("commits.json")));

        assertThat(hub.source().resolve(MODEL, "main")).isEqualTo(new Resolved(MODEL, "master", HEAD));
    }

    @Test
    void mainIsABranchLikeAnyOtherWhereItIsListed() throws Exception {
        hub.stubFor(revisions(MODEL)
                .willReturn(data("{\"RevisionMap\":{\"Branches\":[{\"Revision\":\"main\"},null],\"Tags\":null}}")));
        hub.stubFor(commits(MODEL).withQueryParam("Ref", equalTo("main")).willReturn(commit(OTHER)));

        assertThat(hub.source().resolve(MODEL, "main")).isEqualTo(new Resolved(MODEL, "main", OTHER));
    }

    @Test
    void theCommitThatABranchOfADatasetCarriesSavesARequest() throws Exception {
        hub.stubFor(revisions(DATASET).willReturn(recorded("revisions-dataset.json")));

        assertThat(hub.source().resolve(DATASET, "main"))
                .isEqualTo(new Resolved(DATASET, "main", "a3baf5b57e2973a9c8010a2dc0f3d2b4997e1cfa"));
        assertThat(hub.asked()).hasSize(1);
    }

    @Test
    void mainStillMeansTheDefaultWhereTheListOfBranchesIsNull() throws Exception {
        hub.stubFor(revisions(MODEL).willReturn(data("{\"RevisionMap\":{\"Branches\":null,\"Tags\":null}}")));
        hub.stubFor(commits(MODEL).withQueryParam("Ref", equalTo("master")).willReturn(recorded("commits.json")));

        assertThat(hub.source().resolve(MODEL, "main").revision()).isEqualTo("master");
    }

    @Test
    void aRepositoryWithoutMasterHasItsOnlyBranchForADefault() throws Exception {
        hub.stubFor(commits(MODEL).withQueryParam("Ref", equalTo("master")).willReturn(data("{\"Commit\":null}")));
        hub.stubFor(commits(MODEL).withQueryParam("Ref", equalTo("trunk")).willReturn(commit(OTHER)));
        hub.stubFor(revisions(MODEL).willReturn(data("{\"RevisionMap\":{\"Branches\":[{\"Revision\":\"trunk\"}]}}")));

        assertThat(hub.source().resolve(MODEL, null)).isEqualTo(new Resolved(MODEL, "trunk", OTHER));
    }

    @Test
    void mainMeansTheOnlyBranchWhereThereIsNoMasterEither() throws Exception {
        hub.stubFor(commits(MODEL).withQueryParam("Ref", equalTo("master")).willReturn(data("{\"Commit\":null}")));
        hub.stubFor(commits(MODEL).withQueryParam("Ref", equalTo("trunk")).willReturn(commit(OTHER)));
        hub.stubFor(revisions(MODEL).willReturn(data("{\"RevisionMap\":{\"Branches\":[{\"Revision\":\"trunk\"}]}}")));

        assertThat(hub.source().resolve(MODEL, "main")).isEqualTo(new Resolved(MODEL, "trunk", OTHER));
    }

    @Test
    void aRepositoryWithoutAnyCommitHasNoDefaultRevision() {
        hub.stubFor(commits(MODEL).willReturn(data("{\"Commit\":[]}")));
        hub.stubFor(revisions(MODEL).willReturn(data("{\"RevisionMap\":null}")));

        assertThat(verdictOf(() -> hub.source().resolve(MODEL, null)))
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.REVISION));
    }

    @Test
    void aCommitIsItsOwnPinOnceTheHubListsIt() throws Exception {
        hub.stubFor(files(MODEL)
                .withQueryParam("Revision", equalTo(HEAD))
                .withQueryParam("Recursive", absent())
                .willReturn(recorded("files-master.json")));

        assertThat(hub.source().resolve(MODEL, HEAD.toUpperCase(Locale.ROOT)))
                .isEqualTo(new Resolved(MODEL, HEAD, HEAD));
        assertThat(hub.asked()).hasSize(1);
    }

    @Test
    void anUnknownCommitIsAMissingRevisionInBothRecordedForms() {
        hub.stubFor(files(MODEL).withQueryParam("Revision", equalTo(HEAD)).willReturn(data("{\"Files\":null}")));
        hub.stubFor(files(MODEL)
                .withQueryParam("Revision", equalTo(OTHER))
                .willReturn(failure(404, 10990101004L, "获取模型目录树失败")));

        for (String commit : new String[] {HEAD, OTHER}) {
            assertThat(verdictOf(() -> hub.source().resolve(MODEL, commit)))
                    .isInstanceOfSatisfying(
                            Verdict.NotHere.class,
                            missing -> assertThat(missing.what()).isEqualTo(What.REVISION));
        }
    }

    @Test
    void aCommitOfADatasetIsLookedUpWithOneRow() throws Exception {
        hub.stubFor(tree(DATASET)
                .withQueryParam("Revision", equalTo(HEAD))
                .withQueryParam("PageSize", equalTo("1"))
                .willReturn(data("{\"Files\":[{\"Path\":\"a\",\"Type\":\"blob\"}]}")));

        assertThat(hub.source().resolve(DATASET, HEAD).commit()).isEqualTo(HEAD);
    }

    @Test
    void withoutTheCallForCommitsTheHeadOfTheListingTellsTheCommit() throws Exception {
        hub.stubFor(commits(MODEL).willReturn(aResponse().withStatus(404).withBody("404 page not found")));
        hub.stubFor(
                files(MODEL).withQueryParam("Revision", equalTo("master")).willReturn(recorded("files-master.json")));

        assertThat(hub.source().resolve(MODEL, null)).isEqualTo(new Resolved(MODEL, "master", HEAD));
    }

    @ParameterizedTest
    @CsvSource({"404 page not found, BLOCKED", "{\"detail\":\"Not Found\"}, BLOCKED", "'', NOT_HERE"})
    void aNotFoundInWordsThatAreNotTheHubsComesFromSomeOtherServer(String body, Verdict.Kind kind) {
        hub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404).withBody(body)));

        assertThat(verdictOf(() -> hub.source().resolve(MODEL, null)).kind()).isEqualTo(kind);
    }

    @Test
    void aChangedCallForCommitsIsNotBelieved() throws Exception {
        hub.stubFor(commits(MODEL).willReturn(data("{\"Commits\":[]}")));
        hub.stubFor(files(MODEL).willReturn(recorded("files-master.json")));

        assertThat(hub.source().resolve(MODEL, "v1.1")).isEqualTo(new Resolved(MODEL, "v1.1", HEAD));
    }

    @Test
    void withoutTheCallForCommitsAnUnknownRevisionIsStillRecognised() {
        hub.stubFor(commits(MODEL).willReturn(data("{}")));
        hub.stubFor(files(MODEL).willReturn(data("{\"Files\":null}")));

        assertThat(verdictOf(() -> hub.source().resolve(MODEL, "v9")))
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.REVISION));
    }

    @Test
    void withoutTheCallForCommitsTheBranchOfADatasetTellsTheCommit() throws Exception {
        hub.stubFor(commits(DATASET).willReturn(data("{\"Commit\":[{\"Id\":\"not a commit\"}]}")));
        hub.stubFor(revisions(DATASET).willReturn(recorded("revisions-dataset.json")));

        assertThat(hub.source().resolve(DATASET, null)).isEqualTo(new Resolved(DATASET, "master", HEAD));
    }

    @Test
    void aHubThatTellsNoCommitAnywhereIsNotUsed() {
        hub.stubFor(commits(MODEL).willReturn(data("{}")));
        hub.stubFor(files(MODEL).willReturn(data("{\"Files\":[]}")));

        assertThat(verdictOf(() -> hub.source().resolve(MODEL, null)).kind()).isEqualTo(Verdict.Kind.BLOCKED);
    }

    @Test
    void aMissingRepositoryIsNotHere() {
        hub.stubFor(commits(MODEL).willReturn(noRepository()));

        Verdict verdict = verdictOf(() -> hub.source().resolve(MODEL, null));

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.REPOSITORY));
        assertThat(verdict.detail()).contains("acme-lab/aurora-7b").contains("localhost");
    }

    @Test
    void anOverloadedHubWithTheSameCodeIsDownAndWorthAnotherTry() {
        hub.stubFor(commits(MODEL)
                .willReturn(failure(
                        404, 10010205001L, "Error 1461: Can't create more than max_prepared_stmt_count statements")));

        Verdict verdict = verdictOf(() -> hub.source().resolve(MODEL, null));

        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.DOWN);
        assertThat(verdict.retryable()).isTrue();
    }

    @Test
    void aClosedRepositorySaysWhatIsMissing() {
        hub.stubFor(commits(MODEL).willReturn(failure(404, 10010200001L, "无权限")));

        Verdict without = verdictOf(() -> hub.source().resolve(MODEL, null));
        Verdict with = verdictOf(() -> hub.source(true, Map.of()).resolve(MODEL, null));

        assertThat(without.kind()).isEqualTo(Verdict.Kind.NEEDS_AUTH);
        assertThat(without.detail()).contains("without a token");
        assertThat(with.kind()).isEqualTo(Verdict.Kind.NEEDS_AUTH);
        assertThat(with.detail()).contains("with this token");
    }

    @Test
    void aWebPageIsNotAnAnswer() {
        hub.stubFor(commits(MODEL)
                .willReturn(aResponse()
                        .withHeader("Content-Type", "text/html; charset=utf-8")
                        .withBody("<html>")));

        assertThat(verdictOf(() -> hub.source().resolve(MODEL, null)).kind()).isEqualTo(Verdict.Kind.BLOCKED);
    }

    @Test
    void textThatIsNotJsonIsNotAnAnswer() {
        hub.stubFor(commits(MODEL).willReturn(Hub.json(200, "{\"Code\":200,")));

        assertThat(verdictOf(() -> hub.source().resolve(MODEL, null)).kind()).isEqualTo(Verdict.Kind.BLOCKED);
    }

    @Test
    void aBrokenConnectionIsDown() {
        hub.stubFor(commits(MODEL).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));

        assertThat(verdictOf(() -> hub.source().resolve(MODEL, null)))
                .isInstanceOfSatisfying(
                        Verdict.Down.class, down -> assertThat(down.answered()).isFalse());
    }

    @Test
    void spacesAreRefusedWithoutARequest() {
        Verdict verdict = verdictOf(() -> hub.source().resolve(Repo.of(RepoType.SPACE, "acme-lab/demo"), null));

        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.NOT_HERE);
        assertThat(verdict.detail()).contains("studios");
        assertThat(hub.asked()).isEmpty();
    }
}
