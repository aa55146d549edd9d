package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Identity;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.choice.Candidates.Order;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.internal.testing.Recorder;
import dev.modelfetch.spi.SourceException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChoiceTest {

    private static final byte[] WEIGHTS = Bytes.random(2_000, 1);
    private static final byte[] README = Bytes.of("# tiny\n");
    private static final RepoFile HUB_WEIGHTS = Bytes.large("model.safetensors", WEIGHTS);
    private static final RepoFile SCOPE_WEIGHTS = Bytes.hashed("model.safetensors", WEIGHTS);
    private static final RepoFile OTHER_WEIGHTS = Bytes.hashed("model.safetensors", Bytes.random(2_000, 2));
    private static final RepoFile HUB_README = Bytes.small("README.md", README);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Recorder recorder = new Recorder();
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

        Chosen chosen = choose(Order.BY_COST, mirror.usableAfter(20), origin.usableAfter(300));

        assertThat(chosen.source().id()).isEqualTo("huggingface");
        assertThat(chosen.identity()).isEqualTo(Identity.SAME);
        assertThat(chosen.reason()).isEqualTo("the origin answered in time, after 300 ms");
    }

    @Test
    void sourcesOfOneFamilyAtOneCommitShareTheListingAndTheQuickestServesFirst() throws InterruptedException {
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS, HUB_README);

        Chosen chosen = choose(Order.BY_COST, mirror.usableAfter(20), origin.usableAfter(300));

        assertThat(mirror.listed()).isZero();
        assertThat(chosen.offers(HUB_README)).extracting(Offer::id).containsExactly("mirror", "huggingface");
    }

    @Test
    void aMirrorAtAnotherCommitIsAskedForItsOwnListing() throws InterruptedException {
        byte[] older = Bytes.of("# older\n");
        FakeSource mirror =
                FakeSource.mirror().at(FakeSource.OTHER_COMMIT).listing(HUB_WEIGHTS, Bytes.small("README.md", older));
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS, HUB_README);

        Chosen chosen = choose(Order.BY_COST, mirror.usableAfter(20), origin.usableAfter(300));
        chosen.awaitLate();

        assertThat(mirror.listed()).isOne();
        assertThat(chosen.offers(HUB_README)).extracting(Offer::id).containsExactly("huggingface");
        assertThat(chosen.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("mirror", "huggingface");
    }

    @Test
    void aNamesakeIsProvedByTheWeightsTheHubLists() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().at(FakeSource.OTHER_COMMIT).listing(SCOPE_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS, HUB_README);

        Chosen chosen = choose(Order.BY_COST, scope.usableAfter(20), mirror.usableAfter(300));

        assertThat(chosen.source().id()).isEqualTo("modelscope");
        assertThat(chosen.identity()).isEqualTo(Identity.PROVED);
        assertThat(chosen.manifest().commit()).isEqualTo(FakeSource.OTHER_COMMIT);
        assertThat(chosen.offers(SCOPE_WEIGHTS)).extracting(Offer::id).containsExactly("modelscope", "mirror");
        assertThat(chosen.voucher(SCOPE_WEIGHTS, new Content(Bytes.sha256(WEIGHTS), null), false))
                .isEqualTo(Verification.CROSS);
    }

    @Test
    void aHubListingThatDisagreesIsTakenInstead() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(OTHER_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen chosen = choose(Order.BY_COST, scope.usableAfter(20), mirror.usableAfter(300));

        assertThat(chosen.source().id()).isEqualTo("mirror");
        assertThat(chosen.identity()).isEqualTo(Identity.SAME);
        assertThat(chosen.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("mirror");
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

        Chosen chosen = choose(Order.BY_COST, late, scope.usableAfter(20));

        assertThat(chosen.source().id()).isEqualTo("huggingface");
        assertThat(chosen.identity()).isEqualTo(Identity.SAME);
    }

    @Test
    void oneDifferentWeightFileIsEnoughToDisagree() throws InterruptedException {
        RepoFile second = Bytes.large("model-2.safetensors", Bytes.random(500, 3));
        FakeSource scope = FakeSource.modelscope().listing(OTHER_WEIGHTS, second);
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS, second);

        Chosen chosen = choose(Order.BY_COST, scope.usableAfter(20), mirror.usableAfter(300));

        assertThat(chosen.source().id()).isEqualTo("mirror");
    }

    @Test
    void aDifferentReadmeIsNoDisagreement() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS, Bytes.hashed("README.md", Bytes.of("# old")));
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS, HUB_README);

        Chosen chosen = choose(Order.BY_COST, scope.usableAfter(20), mirror.usableAfter(300));

        assertThat(chosen.source().id()).isEqualTo("modelscope");
        assertThat(chosen.identity()).isEqualTo(Identity.PROVED);
    }

    @Test
    void withoutAnyHubANamesakeStaysUnproved() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);

        Chosen chosen = choose(Order.AS_LISTED, scope.usableAfter(20));

        assertThat(chosen.identity()).isEqualTo(Identity.UNPROVED);
        assertThat(chosen.reason()).isEqualTo("the only source allowed");
    }

    @Test
    void aHubThatCannotListProvesNothingAndStopsNothing() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().listing(() -> {
            throw new SourceException(new Verdict.Blocked("pages repeat"));
        });

        Chosen chosen = choose(Order.BY_COST, scope.usableAfter(20), mirror.usableAfter(300));

        assertThat(chosen.source().id()).isEqualTo("modelscope");
        assertThat(chosen.identity()).isEqualTo(Identity.UNPROVED);
        assertThat(chosen.offers(SCOPE_WEIGHTS)).extracting(Offer::id).containsExactly("modelscope");
    }

    @Test
    void aHubThatNeverAnswersIsNotWaitedForLongerThanAProofIsWorth() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);

        Chosen chosen = choose(Order.BY_COST, FakeSource.huggingface().silent(), scope.usableAfter(20));

        assertThat(chosen.source().id()).isEqualTo("modelscope");
        assertThat(chosen.identity()).isEqualTo(Identity.UNPROVED);
    }

    @Test
    void anIdInTheCataloguesOwnSpellingNeedsNoProof() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(OTHER_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);
        Repo spelt = new Repo(RepoType.MODEL, "demo-lab/tiny-gpt", "modelscope");

        Chosen chosen = choice(
                        FetchRequest.builder(spelt).build(),
                        Order.BY_COST,
                        scope.usableAfter(20),
                        mirror.usableAfter(300))
                .next();

        assertThat(chosen.source().id()).isEqualTo("modelscope");
        assertThat(chosen.identity()).isEqualTo(Identity.SAME);
    }

    @Test
    void aSourceThatCannotListIsPassedOver() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(() -> {
            throw new SourceException(new Verdict.Down("HTTP 502", true));
        });
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen chosen = choose(Order.BY_COST, origin.usableAfter(20), mirror.usableAfter(30));

        assertThat(chosen.source().id()).isEqualTo("mirror");
    }

    @Test
    void aSourceThatBreaksWhileListingIsPassedOver() throws InterruptedException {
        FakeSource broken = FakeSource.huggingface().listing(() -> {
            throw new IllegalStateException("unexpected column");
        });
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen chosen = choose(Order.BY_COST, broken.usableAfter(20), mirror.usableAfter(30));

        assertThat(chosen.source().id()).isEqualTo("mirror");
    }

    @Test
    void whenNobodyCanListEachCauseIsNamed() {
        FakeSource origin = FakeSource.huggingface().listing(() -> {
            throw new SourceException(new Verdict.Down("HTTP 502", true));
        });
        FakeSource scope = FakeSource.modelscope().listing(() -> {
            throw new SourceException(new Verdict.Blocked("a web page"));
        });

        assertThatThrownBy(() -> choose(Order.BY_COST, origin.usableAfter(20), scope.usableAfter(30)))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("huggingface: HTTP 502")
                .hasMessageContaining("modelscope: a web page");
    }

    @Test
    void whereATokenIsInPlayNobodyElseIsAskedToVouch() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);

        Chosen chosen = choose(Order.STRICT, origin.usableAfter(20), scope.candidate());

        assertThat(chosen.source().id()).isEqualTo("huggingface");
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

        Chosen chosen = choose(Order.BY_COST, scope.usableAfter(20), origin.usableAfter(300));
        assertThat(chosen.source().id()).isEqualTo("huggingface");
        assertThat(chosen.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("huggingface");
        listNow.countDown();
        chosen.awaitLate();

        assertThat(chosen.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("modelscope", "huggingface");
    }

    @Test
    void whomTheRaceNeverCameToAskIsAskedOnlyWhenTheOthersDoNotDeliver() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);

        Chosen chosen = choose(Order.BY_COST, origin.usableAfter(20), scope.candidate());

        assertThat(scope.asked()).isZero();
        assertThat(chosen.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("huggingface");
        chosen.awaitLate();
        assertThat(scope.asked()).isOne();
        assertThat(chosen.offers(HUB_WEIGHTS)).extracting(Offer::id).containsExactly("huggingface", "modelscope");
    }

    @Test
    void aHubTheRaceNeverCameToAskIsAskedToProveANamesake() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen chosen = choose(Order.BY_COST, scope.usableAfter(20), mirror.candidate());

        assertThat(mirror.asked()).isOne();
        assertThat(chosen.identity()).isEqualTo(Identity.PROVED);
    }

    @Test
    void whoCannotListLeavesTheJobToOneThatHasNotAnsweredYet() throws InterruptedException {
        CountDownLatch scopeHasFailed = new CountDownLatch(1);
        FakeSource scope = FakeSource.modelscope().listing(() -> {
            scopeHasFailed.countDown();
            throw new SourceException(new Verdict.Down("HTTP 502", true));
        });
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);
        mirror.answering(() -> {
            scopeHasFailed.await();
            return mirror.resolved();
        });

        Chosen chosen = choose(Order.BY_COST, scope.candidate(), mirror.candidate());

        assertThat(chosen.source().id()).isEqualTo("mirror");
    }

    @Test
    void whoCannotListLeavesTheJobToOneThatWasNeverAsked() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(() -> {
            throw new SourceException(new Verdict.Down("HTTP 502", true));
        });
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen chosen = choose(Order.BY_COST, origin.usableAfter(20), mirror.candidate());

        assertThat(chosen.source().id()).isEqualTo("mirror");
        assertThat(chosen.reason()).doesNotContain("origin");
        assertThat(chosen.voucher(HUB_WEIGHTS, new Content(Bytes.sha256(WEIGHTS), null), false))
                .isEqualTo(Verification.SELF);
    }

    @Test
    void besideAListThatStaysSilentAnotherIsAskedFor() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface();
        origin.listing(() -> {
            never.await();
            return origin.manifest(HUB_WEIGHTS);
        });
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen chosen = choose(Order.BY_COST, origin.usableAfter(20), mirror.candidate());

        assertThat(chosen.source().id()).isEqualTo("mirror");
    }

    @Test
    void aListThatWasSilentIsTakenWhenNobodyElseHasOne() throws InterruptedException {
        CountDownLatch listNow = new CountDownLatch(1);
        FakeSource origin = FakeSource.huggingface();
        origin.listing(() -> {
            listNow.await();
            return origin.manifest(HUB_WEIGHTS);
        });
        FakeSource mirror = FakeSource.mirror();
        mirror.answering(() -> {
            // Asked only because the origin's list stays away.
            listNow.countDown();
            throw new SourceException(new Verdict.Down("HTTP 503", true));
        });

        Chosen chosen = choose(Order.BY_COST, origin.usableAfter(20), mirror.candidate());

        assertThat(chosen.source().id()).isEqualTo("huggingface");
    }

    @Test
    void inTheUsersListTheNextServesWhenTheFirstCannotList() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(() -> {
            throw new SourceException(new Verdict.Down("HTTP 502", true));
        });
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen chosen = choose(Order.AS_LISTED, scope.candidate(), mirror.candidate());

        assertThat(chosen.source().id()).isEqualTo("mirror");
    }

    @Test
    void whereATokenIsInPlayAListThatFailsShowsTheNameToNobodyElse() {
        FakeSource origin = FakeSource.huggingface().listing(() -> {
            throw new SourceException(new Verdict.Down("HTTP 502", true));
        });
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        assertThatThrownBy(() -> choose(Order.STRICT, origin.candidate(), mirror.candidate()))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("HTTP 502");
        assertThat(mirror.asked()).isZero();
    }

    @Test
    void aSourceThatDoesNotFitThisVersionIsPassedOver() throws InterruptedException {
        FakeSource broken = FakeSource.huggingface().listing(() -> {
            throw new NoSuchMethodError("Manifest.<init>");
        });
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen chosen = choose(Order.BY_COST, broken.usableAfter(20), mirror.usableAfter(30));

        assertThat(chosen.source().id()).isEqualTo("mirror");
    }

    @Test
    void theOriginIsNamedAsTheReasonOnlyWhereItIsTheOrigin() throws InterruptedException {
        FakeSource scope = FakeSource.modelscope().listing(() -> {
            throw new SourceException(new Verdict.Down("HTTP 502", true));
        });
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);

        Chosen chosen = choose(Order.BY_COST, scope.usableAfter(20), mirror.usableAfter(300));

        assertThat(chosen.reason()).isEqualTo("best usable answer, after 300 ms");
    }

    @Test
    void whatCouldNotBeDeliveredIsNotChosenAgainNorWhoSharesIt() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().listing(HUB_WEIGHTS);
        FakeSource scope = FakeSource.modelscope().at(FakeSource.OTHER_COMMIT).listing(SCOPE_WEIGHTS);
        Choice choice = choice(Order.BY_COST, origin.usableAfter(10), mirror.usableAfter(20), scope.usableAfter(30));
        Chosen first = choice.next();

        choice.reject(first, new FetchException.Unreachable("reset", "network"));

        assertThat(choice.next().source().id()).isEqualTo("modelscope");
    }

    @Test
    void aMirrorAtAnotherCommitHasAnotherVersionToOffer() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().at(FakeSource.OTHER_COMMIT).listing(HUB_WEIGHTS);
        Choice choice = choice(Order.BY_COST, origin.usableAfter(10), mirror.usableAfter(20));

        choice.reject(choice.next(), new FetchException.Unreachable("reset", "network"));

        assertThat(choice.next().source().id()).isEqualTo("mirror");
    }

    @Test
    void whoWasAskedForTheContentInVainIsNotChosenForItsOwnList() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);
        FakeSource mirror = FakeSource.mirror().at(FakeSource.OTHER_COMMIT).listing(HUB_WEIGHTS);
        Choice choice = choice(Order.BY_COST, origin.usableAfter(10), mirror.usableAfter(20));
        Chosen first = choice.next();
        FetchException reset = new FetchException.Unreachable("reset", "network");
        first.awaitLate();
        first.offers(HUB_WEIGHTS).forEach(offer -> first.inVain(offer.source()));

        choice.reject(first, reset);

        assertThatThrownBy(choice::next).isSameAs(reset);
    }

    @Test
    void whereATokenIsInPlayTheJobDoesNotTurnToAnotherSource() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);
        Choice choice = choice(
                Order.STRICT,
                origin.usableAfter(10),
                FakeSource.mirror().at(FakeSource.OTHER_COMMIT).usableAfter(20));
        Chosen first = choice.next();
        FetchException reset = new FetchException.Unreachable("reset", "network");

        assertThatThrownBy(() -> choice.reject(first, reset)).isSameAs(reset);
    }

    @Test
    void whatIsWrongOnThisMachineEndsTheJobAtOnce() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);
        FakeSource scope = FakeSource.modelscope().listing(SCOPE_WEIGHTS);
        Choice choice = choice(Order.BY_COST, origin.usableAfter(10), scope.usableAfter(20));
        Chosen first = choice.next();
        FetchException full = new FetchException.Storage("disk full", "space");

        assertThatThrownBy(() -> choice.reject(first, full)).isSameAs(full);
    }

    @Test
    void whatFailedOnTheWayTravelsAlongWithTheEnd() {
        SourceException broken = new SourceException(new Verdict.Down("HTTP 502", true));
        FakeSource origin = FakeSource.huggingface().listing(() -> {
            throw broken;
        });

        assertThatThrownBy(() -> choose(Order.BY_COST, origin.usableAfter(20)))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasSuppressedException(broken);
    }

    @Test
    void whoIsLimitedIsAskedOnceMore() throws InterruptedException {
        FakeSource origin = FakeSource.huggingface().listing(HUB_WEIGHTS);
        origin.answering(() -> {
            if (origin.asked() == 1) {
                throw new SourceException(new Verdict.Limited(java.time.Duration.ZERO, "too many requests"));
            }
            return origin.resolved();
        });

        Chosen chosen = choose(Order.BY_COST, origin.candidate());

        assertThat(chosen.source().id()).isEqualTo("huggingface");
        assertThat(origin.asked()).isEqualTo(2);
    }

    private Chosen choose(Order order, Candidate... candidates) throws InterruptedException {
        return choice(order, candidates).next();
    }

    private Choice choice(Order order, Candidate... candidates) {
        return choice(FetchRequest.builder(FakeSource.REPO).build(), order, candidates);
    }

    private Choice choice(FetchRequest request, Order order, Candidate... candidates) {
        return new Choice(
                request,
                new Candidates(List.of(candidates), order),
                executor,
                recorder.events(),
                Limits.RACE,
                Patiences.none());
    }
}
