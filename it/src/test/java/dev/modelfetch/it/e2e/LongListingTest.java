package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Listing;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MirrorFace.Quirk;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Repositories with more files than one answer holds. */
class LongListingTest {

    private static final Repository HUGE =
            Repository.model("acme-lab/shards").files(many(3200)).file("README.md", "# Many\n");
    private static final Repository DATASET =
            Repository.dataset("acme-lab/pages").files(many(250)).file("README.md", "# Pages\n");

    @RegisterExtension
    final Lab lab = Lab.of(List.of(HUGE, DATASET), List.of(HUGE.at("modelscope"), DATASET.at("modelscope")));

    @Test
    void modelScopesSilentLimitOfARecursiveListingIsSeenThrough() {
        Listing listing = list(HUGE.id(), "modelscope");

        assertThat(listing.manifest().complete()).isTrue();
        assertHasAll(listing, HUGE);
    }

    @Test
    void aPagedDatasetArrivesWholeFromModelScope() throws IOException {
        Snapshot result = lab.fetch("datasets/" + DATASET.id(), "modelscope");

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(DATASET));
    }

    @Test
    void pagesOfTheHubAreFollowed() throws IOException {
        lab.hubs().huggingFace().face().pageSize(40);

        Snapshot result = lab.fetch("datasets/" + DATASET.id(), "huggingface");

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(DATASET));
    }

    @Test
    void aListWhosePagesComeIsNotGivenUpHoweverLongAllOfThemTake() throws IOException {
        Duration patience = Duration.ofSeconds(4);
        lab.hubs().huggingFace().face().pageSize(50);
        lab.hubs()
                .huggingFace()
                .faults()
                .add(Fault.delay(Duration.ofMillis(1_500)).on("/tree/"));

        Snapshot result = lab.fetch(
                "datasets/" + DATASET.id(),
                request -> Lab.from("huggingface").apply(request).patience(patience));

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(DATASET));
    }

    @Test
    void aMirrorThatNamesTheOriginForTheNextPageIsAskedItself() {
        lab.hubs().mirror().face().quirks(Quirk.NEXT_AT_ORIGIN).hub().pageSize(40);

        assertHasAll(list("datasets/" + DATASET.id(), "mirror"), DATASET);
        assertThat(lab.ledger().connections("huggingface")).isZero();
    }

    @Test
    void aMirrorThatRepeatsItsFirstPageForEverDoesNotHoldUsForEver() throws IOException {
        lab.hubs().mirror().face().quirks(Quirk.CURSOR_IGNORED).hub().pageSize(40);

        Snapshot result = lab.fetch("datasets/" + DATASET.id(), "mirror");

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(DATASET));
        assertThat(lab.ledger().requests("/api/datasets/" + DATASET.id() + "/tree"))
                .hasSizeLessThan(20);
    }

    private Listing list(String address, String source) {
        try (Modelfetch modelfetch = lab.open()) {
            return modelfetch.list(
                    Lab.from(source).apply(modelfetch.request(address)).build(), lab.events());
        }
    }

    private static void assertHasAll(Listing listing, Repository repository) {
        assertThat(listing.manifest().files())
                .extracting(RepoFile::path)
                .containsExactlyInAnyOrderElementsOf(repository.head().files().keySet());
    }

    private static Map<String, Content> many(int count) {
        Map<String, Content> files = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            files.put("part-%02d/row-%04d.txt".formatted(i % 40, i), Content.text("row " + i + "\n"));
        }
        return files;
    }
}
