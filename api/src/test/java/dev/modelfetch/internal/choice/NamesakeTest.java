package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamesakeTest {

    private static final byte[] WEIGHTS = Bytes.random(2_000, 1);
    private static final RepoFile HUB_WEIGHTS = Bytes.large("model.bin", WEIGHTS);
    private static final RepoFile README = Bytes.small("README.md", Bytes.of("# tiny"));

    private final FakeSource mirror = FakeSource.mirror();
    private final FakeSource scope = FakeSource.modelscope();

    @Test
    void withoutAnyManifestOfAHubNothingIsKnown() {
        assertThat(Namesake.of(scope.manifest(Bytes.hashed("model.bin", WEIGHTS)), List.of()))
                .isEqualTo(Namesake.UNPROVED);
    }

    @Test
    void aHubManifestOfSmallFilesOnlyDoesNotContradict() {
        assertThat(Namesake.of(scope.manifest(Bytes.hashed("model.bin", WEIGHTS)), List.of(mirror.manifest(README))))
                .isEqualTo(Namesake.UNPROVED);
    }

    @Test
    void equalWeightsProveIt() {
        Manifest namesake =
                scope.manifest(Bytes.hashed("model.bin", WEIGHTS), Bytes.hashed("README.md", Bytes.of("# old")));

        assertThat(Namesake.of(namesake, List.of(mirror.manifest(HUB_WEIGHTS, README))))
                .isEqualTo(Namesake.PROVED);
    }

    @Test
    void otherWeightsOrNoneInCommonAreAnotherRepository() {
        Manifest hub = mirror.manifest(HUB_WEIGHTS);
        Manifest other = scope.manifest(Bytes.hashed("model.bin", Bytes.random(2_000, 2)));
        Manifest longer = scope.manifest(Bytes.hashed("model.bin", Bytes.random(2_001, 1)));
        Manifest apart = scope.manifest(Bytes.hashed("weights.bin", WEIGHTS));

        assertThat(List.of(other, longer, apart))
                .allMatch(namesake -> Namesake.of(namesake, List.of(hub)) == Namesake.OTHER);
    }
}
