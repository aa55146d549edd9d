package dev.modelfetch.source.modelscope;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static dev.modelfetch.source.modelscope.Hub.HEAD;
import static dev.modelfetch.source.modelscope.Hub.commit;
import static dev.modelfetch.source.modelscope.Hub.commits;
import static dev.modelfetch.source.modelscope.Hub.data;
import static dev.modelfetch.source.modelscope.Hub.failure;
import static dev.modelfetch.source.modelscope.Hub.noRepository;
import static dev.modelfetch.source.modelscope.Hub.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.spi.Resolved;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AliasOrderTest {

    private static final Repo BGE = Repo.of(RepoType.MODEL, "BAAI/bge-m3");
    private static final Repo FIRST = new Repo(RepoType.MODEL, "BAAI/BGE-M3", "modelscope");
    private static final Repo SECOND = new Repo(RepoType.MODEL, "Xorbits/bge-m3", "modelscope");
    private static final Repo SAME = new Repo(RepoType.MODEL, "BAAI/bge-m3", "modelscope");

    @RegisterExtension
    static final Hub hub = new Hub();

    @Test
    void theFirstRowIsAskedAloneWhenItIsThere() throws Exception {
        hub.stubFor(commits(FIRST).willReturn(commit(HEAD)));

        assertThat(hub.source().resolve(BGE, null)).isEqualTo(new Resolved(FIRST, "master", HEAD));
        assertThat(hub.asked()).hasSize(1);
    }

    @Test
    void theNextRowIsAskedWhenTheFirstIsGone() throws Exception {
        hub.stubFor(commits(FIRST).willReturn(noRepository()));
        hub.stubFor(commits(SECOND).willReturn(commit(HEAD)));

        assertThat(hub.source().resolve(BGE, null).repo()).isEqualTo(SECOND);
    }

    @Test
    void theIdenticalIdIsAskedLast() throws Exception {
        hub.stubFor(commits(FIRST).willReturn(noRepository()));
        hub.stubFor(commits(SECOND).willReturn(failure(404, 12345L, "数据集不存在")));
        hub.stubFor(commits(SAME).willReturn(commit(HEAD)));

        assertThat(hub.source().resolve(BGE, null).repo()).isEqualTo(SAME);
        assertThat(hub.asked()).hasSize(3);
    }

    @Test
    void whenAllAreGoneThePersonLearnsWhatWasTried() {
        hub.stubFor(commits(FIRST).willReturn(noRepository()));
        hub.stubFor(commits(SECOND).willReturn(noRepository()));
        hub.stubFor(commits(SAME).willReturn(noRepository()));

        Verdict verdict = verdictOf(() -> hub.source().resolve(BGE, null));

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.REPOSITORY));
        assertThat(verdict.detail()).contains("BAAI/BGE-M3", "Xorbits/bge-m3", "BAAI/bge-m3");
    }

    @Test
    void anUnknownRevisionOfAnExistingRepositoryIsNotLookedForElsewhere() {
        hub.stubFor(commits(FIRST).willReturn(data("{\"Commit\":null}")));

        assertThat(verdictOf(() -> hub.source().resolve(BGE, "v9")))
                .isInstanceOfSatisfying(
                        Verdict.NotHere.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.REVISION));
        assertThat(hub.asked()).hasSize(1);
    }

    @Test
    void aFailingHubIsNotAskedForFurtherIds() {
        hub.stubFor(commits(FIRST).willReturn(aResponse().withStatus(503)));

        assertThat(verdictOf(() -> hub.source().resolve(BGE, null)).kind()).isEqualTo(Verdict.Kind.DOWN);
        assertThat(hub.asked()).hasSize(1);
    }

    @Test
    void anUnknownIdIsAskedForAsItIs() throws Exception {
        Repo there = new Repo(RepoType.MODEL, "nobody/unknown-7b", "modelscope");
        hub.stubFor(commits(there).willReturn(commit(HEAD)));

        assertThat(hub.source()
                        .resolve(Repo.of(RepoType.MODEL, "nobody/unknown-7b"), null)
                        .repo())
                .isEqualTo(there);
    }

    @Test
    void aMappingByHandIsNeverSecondGuessed() {
        Repo mapped = new Repo(RepoType.MODEL, "me/bge", "modelscope");
        hub.stubFor(commits(mapped).willReturn(noRepository()));

        Verdict verdict = verdictOf(
                () -> hub.source(false, Map.of("BAAI/bge-m3", "me/bge")).resolve(BGE, null));

        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.NOT_HERE);
        assertThat(verdict.detail()).contains("me/bge");
        assertThat(hub.asked()).hasSize(1);
    }

    @Test
    void anIdInModelScopesOwnSpellingIsNotTranslated() throws Exception {
        hub.stubFor(commits(SAME).willReturn(commit(HEAD)));

        assertThat(hub.source().resolve(SAME, null).repo()).isEqualTo(SAME);
        assertThat(hub.asked()).hasSize(1);
    }

    @Test
    void aBareNameIsNotHereWithoutARequest() {
        Verdict verdict = verdictOf(() -> hub.source().resolve(Repo.of(RepoType.MODEL, "gpt2"), null));

        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.NOT_HERE);
        assertThat(verdict.detail()).contains("gpt2").contains("owner");
        assertThat(hub.asked()).isEmpty();
    }
}
