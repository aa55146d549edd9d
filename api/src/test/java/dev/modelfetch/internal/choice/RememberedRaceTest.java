package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.FetchRequest;
import dev.modelfetch.Probe;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.memory.SourceMemory;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.internal.testing.Recorder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What earlier jobs on this network have seen decides who is asked first, and who is not. */
@Timeout(60)
class RememberedRaceTest {

    private static final Verdict USABLE = new Verdict.Usable(FakeSource.COMMIT);
    private static final Verdict DOWN = new Verdict.Down("connect timed out", false);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch never = new CountDownLatch(1);
    private final FakeSource origin = FakeSource.huggingface();
    private final FakeSource mirror = FakeSource.mirror();
    private final FakeSource elsewhere = FakeSource.modelscope();

    @TempDir
    Path home;

    private SourceMemory memory;

    @BeforeEach
    void begin() {
        memory = SourceMemory.in(home.resolve("sources.json"), "", InstantSource.system());
    }

    @AfterEach
    void letGo() {
        never.countDown();
        executor.shutdownNow();
    }

    @Test
    void whoAnsweredBestLatelyIsAskedAloneAndFirst() throws Exception {
        answered(origin, USABLE, 800);
        answered(mirror, USABLE, 300);

        Choice choice = choice(FetchRequest.builder(FakeSource.REPO));

        Chosen chosen = choice.next();
        assertThat(chosen.source().id()).isEqualTo("mirror");
        assertThat(chosen.reason()).contains("lately");
        assertThat(elsewhere.asked()).isZero();
        assertThat(choice.probes()).extracting(Probe::source).containsExactly("mirror", "huggingface", "modelscope");
        assertThat(choice.probes().get(0).verdict().kind()).isEqualTo(Verdict.Kind.USABLE);
        assertThat(choice.probes().get(2).verdict().kind()).isEqualTo(Verdict.Kind.NOT_ASKED);
    }

    @Test
    void theOriginIsAskedBesideItToVouch() throws Exception {
        answered(mirror, USABLE, 300);

        choice(FetchRequest.builder(FakeSource.REPO)).next();

        await().until(() -> origin.asked() == 1);
    }

    @Test
    void besideTheOriginNobodyIsAsked() throws Exception {
        answered(origin, USABLE, 300);

        choice(FetchRequest.builder(FakeSource.REPO)).next();

        assertThat(mirror.asked() + elsewhere.asked()).isZero();
    }

    @Test
    void anEqualOneThatIsTrustedMoreGoesFirst() throws Exception {
        answered(origin, USABLE, 110);
        answered(mirror, USABLE, 100);

        assertThat(choice(FetchRequest.builder(FakeSource.REPO)).next().source().id())
                .isEqualTo("huggingface");
        assertThat(mirror.asked()).isZero();
    }

    @Test
    void whoBroughtMoreGoesFirstThoughItAnswersLater() throws Exception {
        answered(origin, USABLE, 300);
        source(origin).history().brought(200 << 20, "cdn.test", "direct");
        answered(mirror, USABLE, 50);
        source(mirror).history().brought(1 << 20, "cdn.test", "direct");

        assertThat(choice(FetchRequest.builder(FakeSource.REPO)).next().source().id())
                .isEqualTo("huggingface");
    }

    @Test
    void whenTheFavouriteHasDiedTheOthersAreAsked() throws Exception {
        answered(mirror, USABLE, 50);
        mirror.answering(() -> {
            never.await();
            return mirror.resolved();
        });

        Chosen chosen = choice(FetchRequest.builder(FakeSource.REPO)).next();

        assertThat(chosen.source().id()).isEqualTo("huggingface");
        assertThat(mirror.asked()).isOne();
    }

    @Test
    void whenTheFavouriteLacksItTheOthersAreAsked() throws Exception {
        answered(mirror, USABLE, 50);
        mirror.refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));

        assertThat(choice(FetchRequest.builder(FakeSource.REPO)).next().source().id())
                .isEqualTo("huggingface");
    }

    @Test
    void whoCouldNotBeReachedIsNotAskedWhileOthersWillDo() throws Exception {
        answered(origin, DOWN, 2_500);

        Choice choice = choice(FetchRequest.builder(FakeSource.REPO));

        assertThat(choice.next().source().id()).isEqualTo("mirror");
        assertThat(origin.asked()).isZero();
        Probe spared = choice.probes().stream()
                .filter(probe -> probe.source().equals("huggingface"))
                .findFirst()
                .orElseThrow();
        assertThat(spared.verdict().kind()).isEqualTo(Verdict.Kind.NOT_ASKED);
        assertThat(spared.verdict().detail())
                .startsWith("could not be reached ")
                .endsWith(" ago");
    }

    @Test
    void nobodyIsAskedInVainForWantOfTheOneThatWasAway() throws Exception {
        answered(origin, DOWN, 2_500);
        mirror.refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));
        elsewhere.refusing(DOWN);

        assertThat(choice(FetchRequest.builder(FakeSource.REPO)).next().source().id())
                .isEqualTo("huggingface");
    }

    @Test
    void askedAnewNothingIsKnown() throws Exception {
        answered(origin, DOWN, 2_500);
        answered(mirror, USABLE, 10);

        choice(FetchRequest.builder(FakeSource.REPO).probeFresh(true)).next();

        assertThat(origin.asked()).isOne();
        assertThat(source(origin).history().avoided()).isEmpty();
    }

    @Test
    void whoWasSilentUntilTheJobWasOverIsNotAskedByTheNext() throws Exception {
        origin.answering(() -> {
            never.await();
            return origin.resolved();
        });
        Choice choice = choice(FetchRequest.builder(FakeSource.REPO));
        choice.next();
        choice.rememberSilent();
        assertThat(source(origin).history().avoided()).as("just asked").isEmpty();

        await().pollDelay(Limits.LONG_SILENCE).until(() -> {
            choice.rememberSilent();
            return source(origin).history().avoided().isPresent();
        });
    }

    @Test
    void whatAJobHearsIsThereForTheNextProgram() throws Exception {
        origin.refusing(DOWN);
        choice(FetchRequest.builder(FakeSource.REPO)).next();
        memory.save();

        begin();

        assertThat(source(origin).history().avoided()).isPresent();
        assertThat(source(mirror).history().freshMillis()).isPresent();
    }

    private Choice choice(FetchRequest.Builder request) {
        return choice(request, Limits.RACE);
    }

    private Choice choice(FetchRequest.Builder request, Duration patience) {
        List<Source> sources = new ArrayList<>();
        for (FakeSource each : List.of(origin, mirror, elsewhere)) {
            sources.add(source(each));
        }
        return new Choice(
                request.build(),
                sources,
                executor,
                new Recorder().events(),
                patience,
                Patiences.none(),
                System.nanoTime());
    }

    private Source source(FakeSource fake) {
        return fake.source().with(memory.of(fake.profile().id(), "direct"));
    }

    private void answered(FakeSource fake, Verdict verdict, long millis) {
        source(fake).history().answered(verdict, millis);
    }

    @Test
    void aFavouriteThatHasDiedDoesNotKeepOthersWaitingThatWereAway() throws Exception {
        answered(mirror, USABLE, 50);
        answered(origin, DOWN, 2_500);
        answered(elsewhere, DOWN, 2_500);
        mirror.answering(() -> {
            never.await();
            return mirror.resolved();
        });
        // So long a patience that only asking the others can end it in time.
        Choice choice = choice(FetchRequest.builder(FakeSource.REPO), Duration.ofHours(1));

        assertThat(choice.next().source().id()).isEqualTo("huggingface");
    }

    @Test
    void aNamesakeIsHeldAgainstAHubThatWasAwayIfNobodyElseCanProveIt() throws Exception {
        answered(elsewhere, USABLE, 50);
        answered(origin, DOWN, 2_500);
        answered(mirror, DOWN, 2_500);
        origin.listing(weights("a"));
        mirror.listing(weights("a"));
        elsewhere.listing(weights("b"));

        Chosen chosen = choice(FetchRequest.builder(FakeSource.REPO)).next();

        assertThat(chosen.source().profile().family()).isEqualTo("huggingface");
    }

    private static RepoFile weights(String digit) {
        return RepoFile.of("model.safetensors", 10).withSha256(digit.repeat(64)).asLfs();
    }
}
