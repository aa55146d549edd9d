package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestTest {

    private static final Repo REPO = Repo.of(RepoType.MODEL, "acme/aurora");
    private static final RepoFile ONE = new RepoFile("a/one.bin", 1, null, null, false);
    private static final RepoFile TWO = new RepoFile("two.bin", 2, null, null, false);

    @Test
    void aRowIsFoundByItsExactPath() {
        Manifest manifest = manifest(ONE, TWO);

        assertThat(manifest.file("a/one.bin")).contains(ONE);
        assertThat(manifest.file("one.bin")).isEmpty();
        assertThat(manifest.totalSize()).isEqualTo(3);
    }

    @Test
    void ofTwoRowsWithOnePathTheFirstCounts() {
        RepoFile again = new RepoFile("two.bin", 9, null, null, false);

        assertThat(manifest(TWO, again).file("two.bin")).contains(TWO);
    }

    @Test
    void theSameRowsFromTheSameSourceAreTheSameManifest() {
        assertThat(manifest(ONE, TWO)).isEqualTo(manifest(ONE, TWO)).hasSameHashCodeAs(manifest(ONE, TWO));
        assertThat(manifest(ONE, TWO)).isNotEqualTo(manifest(TWO, ONE)).isNotEqualTo(manifest(ONE));
    }

    @Test
    void itsTextIsShortHoweverLongTheList() {
        assertThat(manifest(ONE, TWO)).hasToString("Manifest[acme/aurora at c0ffee, 2 files, from mirror]");
    }

    private static Manifest manifest(RepoFile... files) {
        return new Manifest("mirror", "huggingface", REPO, "main", "c0ffee", List.of(files), true);
    }
}
