package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Identity;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChosenTest {

    private static final byte[] WEIGHTS = Bytes.random(2_000, 1);
    private static final byte[] CONFIG = Bytes.of("{}\n");
    private static final RepoFile HUB_WEIGHTS = Bytes.large("model.bin", WEIGHTS);
    private static final RepoFile SCOPE_WEIGHTS = Bytes.hashed("model.bin", WEIGHTS);
    private static final RepoFile HUB_CONFIG = Bytes.small("config.json", CONFIG);
    private static final RepoFile SCOPE_CONFIG = Bytes.hashed("config.json", CONFIG);

    private final FakeSource origin = FakeSource.huggingface();
    private final FakeSource mirror = FakeSource.mirror();
    private final FakeSource scope = FakeSource.modelscope().at(FakeSource.OTHER_COMMIT);

    @Test
    void withinAFamilyTheSamePathAtTheSameCommitIsTheSameFile() {
        Chosen binding = binding(mirror, witness(mirror, HUB_CONFIG), witness(origin, HUB_CONFIG));

        assertThat(binding.offers(HUB_CONFIG)).extracting(Offer::id).containsExactly("mirror", "huggingface");
    }

    @Test
    void acrossFamiliesOnlyEqualSha256AndSizeMakeAnOffer() {
        Chosen binding =
                binding(origin, witness(origin, HUB_WEIGHTS, HUB_CONFIG), witness(scope, SCOPE_WEIGHTS, SCOPE_CONFIG));

        assertThat(binding.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("huggingface", "modelscope");
        // The Hub names a git id here, ModelScope a SHA-256: nothing says that they are the same bytes.
        assertThat(binding.offers(HUB_CONFIG)).extracting(Offer::id).containsExactly("huggingface");
    }

    @Test
    void anotherSizeOrDigestIsNoOffer() {
        RepoFile longer = new RepoFile("model.bin", 2_001, HUB_WEIGHTS.sha256(), null, true);
        RepoFile other = Bytes.hashed("model.bin", Bytes.random(2_000, 2));
        FakeSource second = new FakeSource(
                "second",
                "second",
                dev.modelfetch.spi.Trust.INDEPENDENT,
                scope.profile().endpoint(),
                1);

        Chosen binding = binding(origin, witness(origin, HUB_WEIGHTS), witness(scope, longer), witness(second, other));

        assertThat(binding.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("huggingface");
    }

    @Test
    void anOfferAsksForTheRowOfItsOwnListing() {
        Chosen binding = binding(origin, witness(origin, HUB_WEIGHTS), witness(scope, SCOPE_WEIGHTS));

        Offer offer = binding.offers(HUB_WEIGHTS).get(1);

        assertThat(offer.file()).isEqualTo(SCOPE_WEIGHTS);
        assertThat(offer.manifest().source()).isEqualTo("modelscope");
    }

    @Test
    void aPinOutranksEveryListing() {
        Chosen binding = binding(mirror, witness(mirror, HUB_WEIGHTS));

        assertThat(binding.voucher(HUB_WEIGHTS, content(WEIGHTS), true)).isEqualTo(Verification.PINNED);
    }

    @Test
    void theOriginsListingVouchesEvenForBytesOfAMirror() {
        Chosen binding = binding(mirror, witness(mirror, HUB_WEIGHTS), witness(origin, HUB_WEIGHTS));

        assertThat(binding.voucher(HUB_WEIGHTS, content(WEIGHTS), false)).isEqualTo(Verification.ORIGIN);
    }

    @Test
    void theGitIdVouchesAsWellAsTheSha256() {
        Chosen binding = binding(origin, witness(origin, HUB_CONFIG));

        assertThat(binding.voucher(HUB_CONFIG, content(CONFIG), false)).isEqualTo(Verification.ORIGIN);
    }

    @Test
    void twoCataloguesThatAgreeAreACrossCheckWhateverDigestEachOfThemNames() {
        Chosen weights = binding(scope, witness(scope, SCOPE_WEIGHTS), witness(mirror, HUB_WEIGHTS));
        Chosen config = binding(scope, witness(scope, SCOPE_CONFIG), witness(mirror, HUB_CONFIG));

        assertThat(weights.voucher(SCOPE_WEIGHTS, content(WEIGHTS), false)).isEqualTo(Verification.CROSS);
        assertThat(config.voucher(SCOPE_CONFIG, content(CONFIG), false)).isEqualTo(Verification.CROSS);
    }

    @Test
    void twoMirrorsOfOneHubAreOneVoice() {
        FakeSource second = new FakeSource(
                "second-mirror",
                "huggingface",
                dev.modelfetch.spi.Trust.MIRROR,
                mirror.profile().endpoint(),
                1);

        Chosen binding = binding(mirror, witness(mirror, HUB_WEIGHTS), witness(second, HUB_WEIGHTS));

        assertThat(binding.voucher(HUB_WEIGHTS, content(WEIGHTS), false)).isEqualTo(Verification.SELF);
    }

    @Test
    void aWitnessThatListsOtherContentDoesNotVouch() {
        RepoFile older = Bytes.small("config.json", Bytes.of("{ }"));

        Chosen binding = binding(scope, witness(scope, SCOPE_CONFIG), witness(origin, older));

        assertThat(binding.voucher(SCOPE_CONFIG, content(CONFIG), false)).isEqualTo(Verification.SELF);
    }

    @Test
    void withoutAnyDigestOnlyTheSizeIsKnown() {
        RepoFile bare = Bytes.sized("config.json", CONFIG);

        Chosen binding = binding(mirror, witness(mirror, bare), witness(origin, bare));

        assertThat(binding.voucher(bare, content(CONFIG), false)).isEqualTo(Verification.SIZE);
    }

    private static Content content(byte[] bytes) {
        return new Content(Bytes.sha256(bytes), Bytes.gitBlob(bytes));
    }

    private static Witness witness(FakeSource source, RepoFile... files) {
        return Witness.sharing(source.hub(), source.manifest(files));
    }

    private static Chosen binding(FakeSource primary, Witness... witnesses) {
        List<Witness> all = Arrays.asList(witnesses);
        Witness own = all.stream()
                .filter(witness -> witness.hub().id().equals(primary.profile().id()))
                .findFirst()
                .orElseThrow();
        return new Chosen(own.hub(), own.heard().orElseThrow(), Identity.SAME, "because", all);
    }
}
