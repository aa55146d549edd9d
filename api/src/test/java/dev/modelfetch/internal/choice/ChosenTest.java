package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Identity;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.choice.Candidates.Order;
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
        Chosen chosen = chosen(mirror, voice(mirror, HUB_CONFIG), voice(origin, HUB_CONFIG));

        assertThat(chosen.offers(HUB_CONFIG)).extracting(Offer::id).containsExactly("mirror", "huggingface");
    }

    @Test
    void acrossFamiliesOnlyEqualSha256AndSizeMakeAnOffer() {
        Chosen chosen =
                chosen(origin, voice(origin, HUB_WEIGHTS, HUB_CONFIG), voice(scope, SCOPE_WEIGHTS, SCOPE_CONFIG));

        assertThat(chosen.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("huggingface", "modelscope");
        // The Hub names a git id here, ModelScope a SHA-256: nothing says that they are the same bytes.
        assertThat(chosen.offers(HUB_CONFIG)).extracting(Offer::id).containsExactly("huggingface");
    }

    @Test
    void anotherSizeOrDigestIsNoOffer() {
        RepoFile longer = new RepoFile("model.bin", 2_001, HUB_WEIGHTS.sha256(), null, true);
        RepoFile other = Bytes.hashed("model.bin", Bytes.random(2_000, 2));
        FakeSource second = new FakeSource("second", "second", dev.modelfetch.spi.Trust.INDEPENDENT, scope.url(), 1);

        Chosen chosen = chosen(origin, voice(origin, HUB_WEIGHTS), voice(scope, longer), voice(second, other));

        assertThat(chosen.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("huggingface");
    }

    @Test
    void anOfferAsksForTheRowOfItsOwnListing() {
        Chosen chosen = chosen(origin, voice(origin, HUB_WEIGHTS), voice(scope, SCOPE_WEIGHTS));

        Offer offer = chosen.offers(HUB_WEIGHTS).get(1);

        assertThat(offer.file()).isEqualTo(SCOPE_WEIGHTS);
        assertThat(offer.manifest().source()).isEqualTo("modelscope");
    }

    @Test
    void aPinOutranksEveryListing() {
        Chosen chosen = chosen(mirror, voice(mirror, HUB_WEIGHTS));

        assertThat(chosen.voucher(HUB_WEIGHTS, content(WEIGHTS), true)).isEqualTo(Verification.PINNED);
    }

    @Test
    void theOriginsListingVouchesEvenForBytesOfAMirror() {
        Chosen chosen = chosen(mirror, voice(mirror, HUB_WEIGHTS), voice(origin, HUB_WEIGHTS));

        assertThat(chosen.voucher(HUB_WEIGHTS, content(WEIGHTS), false)).isEqualTo(Verification.ORIGIN);
    }

    @Test
    void whoHasTheCommitButDidNotListItMayDeliverAndDoesNotVouch() {
        Candidate silentOrigin = origin.usableAfter(20);

        Chosen chosen = chosen(mirror, voice(mirror, HUB_WEIGHTS), silentOrigin);

        assertThat(chosen.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("mirror", "huggingface");
        assertThat(chosen.voucher(HUB_WEIGHTS, content(WEIGHTS), false)).isEqualTo(Verification.SELF);
    }

    @Test
    void atTheSameCommitARowThatContradictsIsNoOffer() {
        RepoFile other = Bytes.large("model.bin", Bytes.random(2_000, 2));

        Chosen chosen = chosen(origin, voice(origin, HUB_WEIGHTS), voice(mirror, other));

        assertThat(chosen.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("huggingface");
    }

    @Test
    void theGitIdVouchesAsWellAsTheSha256() {
        Chosen chosen = chosen(origin, voice(origin, HUB_CONFIG));

        assertThat(chosen.voucher(HUB_CONFIG, content(CONFIG), false)).isEqualTo(Verification.ORIGIN);
    }

    @Test
    void twoCataloguesThatAgreeAreACrossCheckWhateverDigestEachOfThemNames() {
        Chosen weights = chosen(scope, voice(scope, SCOPE_WEIGHTS), voice(mirror, HUB_WEIGHTS));
        Chosen config = chosen(scope, voice(scope, SCOPE_CONFIG), voice(mirror, HUB_CONFIG));

        assertThat(weights.voucher(SCOPE_WEIGHTS, content(WEIGHTS), false)).isEqualTo(Verification.CROSS);
        assertThat(config.voucher(SCOPE_CONFIG, content(CONFIG), false)).isEqualTo(Verification.CROSS);
    }

    @Test
    void twoMirrorsOfOneHubAreOneVoice() {
        FakeSource second =
                new FakeSource("second-mirror", "huggingface", dev.modelfetch.spi.Trust.MIRROR, mirror.url(), 1);

        Chosen chosen = chosen(mirror, voice(mirror, HUB_WEIGHTS), voice(second, HUB_WEIGHTS));

        assertThat(chosen.voucher(HUB_WEIGHTS, content(WEIGHTS), false)).isEqualTo(Verification.SELF);
    }

    @Test
    void aVoiceThatListsOtherContentDoesNotVouch() {
        RepoFile older = Bytes.small("config.json", Bytes.of("{ }"));

        Chosen chosen = chosen(scope, voice(scope, SCOPE_CONFIG), voice(origin, older));

        assertThat(chosen.voucher(SCOPE_CONFIG, content(CONFIG), false)).isEqualTo(Verification.SELF);
    }

    @Test
    void withoutAnyDigestOnlyTheSizeIsKnown() {
        RepoFile bare = Bytes.sized("config.json", CONFIG);

        Chosen chosen = chosen(mirror, voice(mirror, bare), voice(origin, bare));

        assertThat(chosen.voucher(bare, content(CONFIG), false)).isEqualTo(Verification.SIZE);
    }

    private static Content content(byte[] bytes) {
        return new Content(Bytes.sha256(bytes), Bytes.gitBlob(bytes));
    }

    /** Has listed that. */
    private static Candidate voice(FakeSource source, RepoFile... files) {
        Candidate candidate = source.listing(files).usableAfter(10);
        candidate.list(Runnable::run).join();
        return candidate;
    }

    private static Chosen chosen(FakeSource primary, Candidate... voices) {
        Candidate own = Arrays.stream(voices)
                .filter(voice -> voice.source().id().equals(primary.profile().id()))
                .findFirst()
                .orElseThrow();
        return new Chosen(
                own,
                own.manifest().orElseThrow(),
                Identity.SAME,
                "because",
                List.of(voices),
                new Candidates(List.of(voices), Order.BY_COST),
                Runnable::run);
    }
}
