package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.Identity;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.spi.SourceException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BinderTest {

    private static final byte[] WEIGHTS = Bytes.random(2_000, 1);
    private static final byte[] README = Bytes.of("# tiny\n");
    private static final RepoFile HUB_WEIGHTS = Bytes.large("model.safetensors", WEIGHTS);
    private static final RepoFile SCOPE_WEIGHTS = Bytes.hashed("model.safetensors", WEIGHTS);
    private static final RepoFile OTHER_WEIGHTS = Bytes.hashed("model.safetensors", Bytes.random(2_000, 2));
    private static final RepoFile HUB_README = Bytes.small("README.md", README);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        never.countDown();
        executor.shutdownNow();
    }

    @Test
    void theOriginsManifestIsPreferredToTheQuickestOne() throws InterruptedException {
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);

        Chosen binding = bind(Race.Order.BY_COST, mirror.usableAfter(20), origin.usableAfter(300));

        assertThat(binding.primary().id()).isEqualTo("huggingface");
        assertThat(binding.identity()).isEqualTo(Identity.SAME);
        assertThat(binding.reason()).isEqualTo("the origin answered in time, after 300 ms");
    }

    @Test
    void sourcesOfOneFamilyAtOneCommitShareTheListingAndTheQuickestServesFirst() throws InterruptedException {
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS, HUB_README);

        Chosen binding = bind(Race.Order.BY_COST, mirror.usableAfter(20), origin.usableAfter(300));

        assertThat(mirror.listed()).isZero();
        assertThat(binding.offers(HUB_README)).extracting(Offer::id).containsExactly("mirror", "huggingface");
    }

    @Test
    void aMirrorAtAnotherCommitIsAskedForItsOwnListing() throws InterruptedException {
        byte[] older = Bytes.of("# older\n");
        FakeSource mirror =
                FakeSource.mirror().at(FakeSource.OTHER_COMMIT).listing(HUB_WEIGHTS, Bytes.small("README.md", older));
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS, HUB_README);

        Chosen binding = bind(Race.Order.BY_COST, mirror.usableAfter(20), origin.usableAfter(300));
        binding.awaitLate();

        assertThat(mirror.listed()).isOne();
        assertThat(binding.offers(HUB_README)).extracting(Offer::id).containsExactly("huggingface");
        assertThat(binding.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("mirror", "huggingface");
    }

    @Test
    void aNamesakeIsProvedByTheWeightsTheHubLists() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().at(FakeSource.OTHER_COMMIT).listing(SCOPE_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS, HUB_README);

        Chosen binding = bind(Race.Order.BY_COST, scope.usableAfter(20), mirror.usableAfter(300));

        assertThat(binding.primary().id()).isEqualTo("modelscope");
        assertThat(binding.identity()).isEqualTo(Identity.PROVED);
        assertThat(binding.manifest().commit()).isEqualTo(FakeSource.OTHER_COMMIT);
        assertThat(binding.offers(SCOPE_WEIGHTS)).extracting(Offer::id).containsExactly("modelscope", "mirror");
        assertThat(binding.voucher(SCOPE_WEIGHTS, new Content(Bytes.sha256(WEIGHTS), null), false))
                .isEqualTo(Verification.CROSS);
    }

    @Test
    void aHubListingThatDisagreesIsTakenInstead() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(OTHER_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen binding = bind(Race.Order.BY_COST, scope.usableAfter(20), mirror.usableAfter(300));

        assertThat(binding.primary().id()).isEqualTo("mirror");
        assertThat(binding.identity()).isEqualTo(Identity.SAME);
        assertThat(binding.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("mirror");
    }

    @Test
    void aHubThatAnswersDuringTheProofAndDisagreesIsTakenToo() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);
        Candidate late = origin.silent();
        FakeSource scope = FakeSource.modelscope();
        scope.listing(() -> {
            FakeSource.complete(
                    late, new Candidate.Answer(new Verdict.Usable(FakeSource.COMMIT), 900, origin.resolved()));
            return scope.manifest(OTHER_WEIGHTS);
        });

        Chosen binding = bind(Race.Order.BY_COST, late, scope.usableAfter(20));

        assertThat(binding.primary().id()).isEqualTo("huggingface");
        assertThat(binding.identity()).isEqualTo(Identity.SAME);
    }

    @Test
    void oneDifferentWeightFileIsEnoughToDisagree() throws InterruptedException {
        RepoFile second = Bytes.large("model-2.safetensors", Bytes.random(500, 3));
        FakeSource scope = FakeSource.modelscope().listing(OTHER_WEIGHTS, second);
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS, second);

        Chosen binding = bind(Race.Order.BY_COST, scope.usableAfter(20), mirror.usableAfter(300));

        assertThat(binding.primary().id()).isEqualTo("mirror");
    }

    @Test
    void aDifferentReadmeIsNoDisagreement() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS, Bytes.hashed("README.md", Bytes.of("# old")));
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS, HUB_README);

        Chosen binding = bind(Race.Order.BY_COST, scope.usableAfter(20), mirror.usableAfter(300));

        assertThat(binding.primary().id()).isEqualTo("modelscope");
        assertThat(binding.identity()).isEqualTo(Identity.PROVED);
    }

    @Test
    void withoutAnyHubANamesakeStaysUnproved() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);

        Chosen binding = bind(Race.Order.AS_LISTED, scope.usableAfter(20));

        assertThat(binding.identity()).isEqualTo(Identity.UNPROVED);
        assertThat(binding.reason()).isEqualTo("the only source allowed");
    }

    @Test
    void aHubThatCannotListProvesNothingAndStopsNothing() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().listing(() -> {
            throw new SourceException(new Verdict.Blocked("pages repeat"));
        });

        Chosen binding = bind(Race.Order.BY_COST, scope.usableAfter(20), mirror.usableAfter(300));

        assertThat(binding.primary().id()).isEqualTo("modelscope");
        assertThat(binding.identity()).isEqualTo(Identity.UNPROVED);
        assertThat(binding.offers(SCOPE_WEIGHTS)).extracting(Offer::id).containsExactly("modelscope");
    }

    @Test
    void aHubThatNeverAnswersIsNotWaitedForLongerThanAProofIsWorth() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);

        Chosen binding = bind(Race.Order.BY_COST, FakeSource.huggingface().silent(), scope.usableAfter(20));

        assertThat(binding.primary().id()).isEqualTo("modelscope");
        assertThat(binding.identity()).isEqualTo(Identity.UNPROVED);
    }

    @Test
    void anIdInTheCataloguesOwnSpellingNeedsNoProof() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(OTHER_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);
        Repo spelt = new Repo(RepoType.MODEL, "demo-lab/tiny-gpt", "modelscope");

        Chosen binding = new Binder(spelt, executor)
                .bind(
                        new Candidates(List.of(scope.usableAfter(20), mirror.usableAfter(300)), Race.Order.BY_COST),
                        Set.of());

        assertThat(binding.primary().id()).isEqualTo("modelscope");
        assertThat(binding.identity()).isEqualTo(Identity.SAME);
    }

    @Test
    void aSourceThatCannotListIsPassedOver() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(() -> {
            throw new SourceException(new Verdict.Down("HTTP 502", true));
        });
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen binding = bind(Race.Order.BY_COST, origin.usableAfter(20), mirror.usableAfter(30));

        assertThat(binding.primary().id()).isEqualTo("mirror");
    }

    @Test
    void aSourceThatBreaksWhileListingIsPassedOver() throws InterruptedException {
        FakeSource broken = FakeSource.huggingface().listing(() -> {
            throw new IllegalStateException("unexpected column");
        });
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen binding = bind(Race.Order.BY_COST, broken.usableAfter(20), mirror.usableAfter(30));

        assertThat(binding.primary().id()).isEqualTo("mirror");
    }

    @Test
    void whenNobodyCanListEachCauseIsNamed() {
        FakeSource origin = FakeSource.huggingface().listing(() -> {
            throw new SourceException(new Verdict.Down("HTTP 502", true));
        });
        FakeSource scope = FakeSource.modelscope().listing(() -> {
            throw new SourceException(new Verdict.Blocked("a web page"));
        });

        assertThatThrownBy(() -> bind(Race.Order.BY_COST, origin.usableAfter(20), scope.usableAfter(30)))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("huggingface: HTTP 502")
                .hasMessageContaining("modelscope: a web page");
    }

    @Test
    void excludedSourcesAreNotBoundToAgain() throws InterruptedException {
        Candidate origin = FakeSource.huggingface().listing(HUB_WEIGHTS).usableAfter(20);
        Candidate scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS).usableAfter(30);

        Chosen binding = new Binder(FakeSource.REPO, executor)
                .bind(new Candidates(List.of(origin, scope), Race.Order.BY_COST), Set.of(origin.hub()));

        assertThat(binding.primary().id()).isEqualTo("modelscope");
    }

    @Test
    void whereATokenIsInPlayNobodyElseIsAskedToVouch() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);

        Chosen binding = bind(Race.Order.STRICT, origin.usableAfter(20), scope.entrant());

        assertThat(binding.primary().id()).isEqualTo("huggingface");
        assertThat(scope.asked() + scope.listed()).isZero();
    }

    @Test
    void aLateListingJoinsTheOffersWhenItComes() throws InterruptedException {
        CountDownLatch listNow = new CountDownLatch(1);
        FakeSource scope = FakeSource.modelscope();
        scope.listing(() -> {
            listNow.await();
            return scope.manifest(SCOPE_WEIGHTS);
        });
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);

        Chosen binding = bind(Race.Order.BY_COST, scope.usableAfter(20), origin.usableAfter(300));
        assertThat(binding.primary().id()).isEqualTo("huggingface");
        assertThat(binding.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("huggingface");
        listNow.countDown();
        binding.awaitLate();

        assertThat(binding.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("modelscope", "huggingface");
    }

    @Test
    void whomTheRaceNeverCameToAskIsAskedOnlyWhenTheOthersDoNotDeliver() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);

        Chosen binding = bind(Race.Order.BY_COST, origin.usableAfter(20), scope.entrant());

        assertThat(scope.asked()).isZero();
        assertThat(binding.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("huggingface");
        binding.awaitLate();
        assertThat(scope.asked()).isOne();
        assertThat(binding.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("huggingface", "modelscope");
    }

    @Test
    void aHubTheRaceNeverCameToAskIsAskedToProveANamesake() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen binding = bind(Race.Order.BY_COST, scope.usableAfter(20), mirror.entrant());

        assertThat(mirror.asked()).isOne();
        assertThat(binding.identity()).isEqualTo(Identity.PROVED);
    }

    private Chosen bind(Race.Order order, Candidate... entrants) throws InterruptedException {
        return new Binder(FakeSource.REPO, executor).bind(new Candidates(List.of(entrants), order), Set.of());
    }
}
