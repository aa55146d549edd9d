package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.memory.SourceMemory;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.internal.testing.Recorder;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.Resolved;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who hears the name of a repository while a token is in play. */
@Timeout(60)
class DiscretionTest {

    private static final Verdict DOWN = new Verdict.Down("connect timed out", false);
    private static final Verdict NEEDS_AUTH = new Verdict.NeedsAuth("is private or gated", Verdict.Missing.TOKEN);
    private static final Account STRANGER = Account.of("alice").withOrganisations(List.of("acme-lab"));
    private static final Account OWNER = Account.of("alice").withOrganisations(List.of("Demo-Lab"));

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch never = new CountDownLatch(1);
    /** With the token, and what it says without. */
    private final FakeSource origin = FakeSource.huggingface();

    private final FakeSource withoutToken = FakeSource.huggingface();
    private final FakeSource mirror = FakeSource.mirror(HttpUrl.get("https://mirror.test/"));

    @TempDir
    Path home;

    private SourceMemory memory;

    @BeforeEach
    void begin() {
        memory = SourceMemory.in(home.resolve("sources.json"), "", InstantSource.system());
        withoutToken.refusing(NEEDS_AUTH);
    }

    @AfterEach
    void letGo() {
        never.countDown();
        executor.shutdownNow();
    }

    @Test
    void whatIsShownToAnybodyMayBeShownToAll() throws Exception {
        origin.answering(this::hang);
        withoutToken.answering(withoutToken::resolved);

        assertThat(fetched()).isEqualTo("mirror");
    }

    @Test
    void andIsRememberedAsSuch() throws Exception {
        whatIsShownToAnybodyMayBeShownToAll();
        memory.save();
        begin();
        origin.refusing(DOWN);
        withoutToken.refusing(DOWN);

        assertThat(fetched()).isEqualTo("mirror");
    }

    @Test
    void whatAnyJobHasSeenWithoutATokenIsRemembered() throws Exception {
        Candidate anonymous =
                new Candidate(FakeSource.mirror().source().with(memory.of("mirror", "direct")), FakeSource.REPO, null);
        anonymous.ask(Runnable::run).join();
        origin.refusing(DOWN);

        assertThat(fetched()).isEqualTo("mirror");
    }

    @Test
    void whatOnlyAMirrorInsideAnOfficeHasShownIsStillNoPublicName() {
        FakeSource inside = FakeSource.mirror(HttpUrl.get("http://mirror.corp.lan/"));
        new Candidate(inside.source().with(memory.of("mirror", "direct")), FakeSource.REPO, null)
                .ask(Runnable::run)
                .join();
        origin.refusing(DOWN);
        withoutToken.refusing(DOWN);

        FetchException error = catchThrowableOfType(
                FetchException.class,
                () -> choice(
                                FetchRequest.builder(FakeSource.REPO),
                                List.of(guarded(), inside.source().with(memory.of("mirror", "direct"))))
                        .next());

        assertThat(error).isInstanceOf(FetchException.Unreachable.class);
        assertThat(inside.asked()).isOne();
    }

    @Test
    void aRevisionThatDoesNotExistGivesNoNameAway() {
        origin.refusing(new Verdict.NotHere(Verdict.What.REVISION, "no such revision"))
                .of(() -> Optional.of(OWNER));

        FetchException error = catchThrowableOfType(FetchException.class, this::fetched);

        assertThat(error).isInstanceOf(FetchException.NotFound.class);
        assertThat(mirror.asked()).isZero();
    }

    @Test
    void ofAStrangerItCannotBePrivate() throws Exception {
        origin.refusing(DOWN).of(() -> Optional.of(STRANGER));

        assertThat(fetched()).isEqualTo("mirror");
    }

    @Test
    void whoseATokenIsIsKnownLaterWhenItsHubIsAway() throws Exception {
        ofAStrangerItCannotBePrivate();
        memory.save();
        begin();
        origin.of(() -> {
            throw new dev.modelfetch.spi.SourceException(DOWN);
        });

        assertThat(fetched()).isEqualTo("mirror");
    }

    @Test
    void ofAnOrganisationOfTheirsItIsShownToNobodyElse() {
        origin.refusing(DOWN).of(() -> Optional.of(OWNER));

        assertStrict();
    }

    @Test
    void notEvenIfItIsPrintedInATable() throws Exception {
        ofAnOrganisationOfTheirsItIsShownToNobodyElse();
        mirror.withATable();

        assertStrict();
    }

    @Test
    void anAccountThatDoesNotTellAllOwnersDecidesNothing() {
        origin.refusing(DOWN).of(() -> Optional.of(Account.of("alice")));

        assertStrict();
    }

    @Test
    void whatIsPrintedInATableIsNoSecret() throws Exception {
        origin.refusing(DOWN);
        mirror.withATable();

        assertThat(fetched()).isEqualTo("mirror");
    }

    @Test
    void aBareNameBelongsToNobody() throws Exception {
        assertThat(new Discretion(Repo.of(RepoType.MODEL, "gpt2"), null, List.of(guarded()), 0).isOpen())
                .isTrue();
    }

    @Test
    void undecidedItIsShownToNobodyElse() {
        origin.refusing(DOWN);
        withoutToken.refusing(DOWN);

        assertStrict();
    }

    @Test
    void whatTheOriginHasIsTakenFromThereWithoutWaitingForMore() throws Exception {
        withoutToken.answering(this::hang);
        origin.of(() -> {
            never.await();
            return Optional.empty();
        });

        assertThat(fetched()).isEqualTo("huggingface");
        assertThat(mirror.asked()).isZero();
    }

    @Test
    void saidToBePublicItIsRaced() throws Exception {
        origin.refusing(DOWN);

        assertThat(choice(FetchRequest.builder(FakeSource.REPO).isPublic(true))
                        .next()
                        .source()
                        .id())
                .isEqualTo("mirror");
    }

    private void assertStrict() {
        FetchException error = catchThrowableOfType(FetchException.class, this::fetched);

        assertThat(error).isInstanceOf(FetchException.Unreachable.class).hasMessageContaining("may be private");
        assertThat(mirror.asked()).isZero();
        assertThat(error.probes())
                .extracting(probe -> probe.verdict().kind())
                .containsExactly(Verdict.Kind.DOWN, Verdict.Kind.NOT_ASKED);
    }

    private String fetched() throws InterruptedException {
        return choice(FetchRequest.builder(FakeSource.REPO)).next().source().id();
    }

    private Choice choice(FetchRequest.Builder request) {
        return choice(request, List.of(guarded(), mirror.source().with(memory.of("mirror", "direct"))));
    }

    private Choice choice(FetchRequest.Builder request, List<Source> sources) {
        return new Choice(
                request.build(),
                sources,
                executor,
                new Recorder().events(),
                Limits.RACE,
                Patiences.none(),
                System.nanoTime());
    }

    private Source guarded() {
        return origin.source("secret")
                .with(memory.of("huggingface", "direct"))
                .with(new TokenInPlay(
                        new Secret("secret"),
                        memory,
                        () -> withoutToken.source().with(memory.of("huggingface", "direct"))));
    }

    private Resolved hang() throws InterruptedException {
        never.await();
        return origin.resolved();
    }
}
