package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import dev.modelfetch.RepoType;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories that are renamed, empty, repetitive, or not the same everywhere. */
class OddRepositoryTest {

    private static final Content TWIN = Content.generated(51, 9L << 20);
    private static final Repository TWINS = Repository.model("acme-lab/twins")
            .file("empty.txt", "")
            .file("also-empty.txt", "")
            .lfs("a.bin", TWIN)
            .lfs("b.bin", TWIN)
            .lfs("sub/c.bin", TWIN);
    private static final Repository BARE = Repository.model("acme-lab/bare");
    private static final Repository GATED =
            Samples.SMALL.named("acme-lab/gated").gated("hf_somebody");
    private static final Repository SPACE =
            Repository.empty(RepoType.SPACE, "acme-lab/app").file("app.py", "print()\n");
    private static final Repository NEWER = Samples.SMALL.file("README.md", "# Tiny, newer\n");

    @RegisterExtension
    final Lab lab = Lab.of(
            List.of(TWINS, BARE, GATED, SPACE, Samples.SMALL),
            List.of(
                    TWINS.at("modelscope"),
                    BARE.at("modelscope"),
                    Samples.SMALL.named("acme-lab/gated").at("modelscope"),
                    Samples.SMALL.at("modelscope")));

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void filesWithEqualContentAreAllThere(String source) throws IOException {
        Snapshot result = lab.fetch(TWINS.id(), source);

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(TWINS));
        assertThat(lab.ledger().bytesSent("a.bin")
                        + lab.ledger().bytesSent("b.bin")
                        + lab.ledger().bytesSent("sub/c.bin"))
                .isEqualTo(TWIN.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "modelscope"})
    void anEmptyRepositoryIsAnEmptySnapshot(String source) {
        Snapshot result = lab.fetch(BARE.id(), source);

        assertThat(result.files()).isEmpty();
        assertThat(result.path()).isEmptyDirectory();
    }

    @Test
    void aRenamedRepositoryIsFollowedOnItsOwnHost() throws IOException {
        lab.hubs().huggingFace().catalogue().rename(RepoType.MODEL, "acme-lab/old-name", Samples.SMALL.id());
        lab.hubs().huggingFace().catalogue().rename(RepoType.MODEL, "tiny", Samples.SMALL.id());

        assertThat(Contents.of(lab.fetch("acme-lab/old-name", "huggingface").path()))
                .isEqualTo(Contents.of(Samples.SMALL));
        Snapshot legacy = lab.fetch("tiny", "huggingface");
        assertThat(Contents.of(legacy.path())).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(legacy.path()).startsWith(lab.cache().resolve("models--tiny"));
    }

    @Test
    void whatIsGatedAtTheHubAndOpenElsewhereComesFromElsewhere() throws IOException {
        Snapshot result = lab.fetch(GATED.id());

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(GATED));
        assertThat(result.files()).allSatisfy(file -> assertThat(file.from()).containsExactly("modelscope"));
    }

    @Test
    void aMirrorThatLagsBehindDeliversOnlyWhatHasNotChanged() throws IOException {
        lab.hubs().huggingFace().catalogue().put(NEWER);
        lab.hubs().huggingFace().storage().refuse();
        lab.hubs().modelScope().server().refuse();

        Snapshot result = lab.fetch(Samples.SMALL.id());

        assertThat(result.commit()).isEqualTo(NEWER.head().id());
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(NEWER));
        assertThat(result.files())
                .filteredOn(file -> file.path().equals("model.safetensors"))
                .allSatisfy(file -> assertThat(file.from()).containsExactly("mirror"));
    }

    @Test
    void theDefaultBranchOfTheHubMeansTheDefaultBranchOfModelScope() {
        Snapshot result = lab.fetch(
                Samples.SMALL.id(), request -> request.revision("main").source(SourceChoice.only("modelscope")));

        assertThat(result.commit())
                .isEqualTo(Samples.SMALL.at("modelscope").head().id());
    }

    @Test
    void anUnknownRevisionOfModelScopeIsNotFoundInBothOfItsWays() {
        for (int way = 1; way <= 2; way++) {
            FetchException.NotFound e = lab.failure(
                    FetchException.NotFound.class,
                    Samples.SMALL.id(),
                    request -> request.revision("v9").source(SourceChoice.only("modelscope")));
            assertThat(e).hasMessageContaining("v9");
            lab.hubs().modelScope().face().silentAboutUnknownRevisions();
        }
    }

    @Test
    void aSpaceIsNotFoundWhereThereAreNone() {
        lab.failure(FetchException.NotFound.class, "spaces/" + SPACE.id(), Lab.from("modelscope"));
    }

    @Test
    void whatIsStoredIsMentionedWhereNobodyElseHasIt() throws IOException {
        lab.fetch("spaces/" + SPACE.id(), Lab.from("huggingface"));

        FetchException e = lab.failure(FetchException.NotFound.class, "spaces/" + SPACE.id(), Lab.from("modelscope"));

        assertThat(e.hint()).contains("offline").contains("another source").doesNotContain("spelling");
    }
}
