package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Probe;
import dev.modelfetch.ProxyPolicy;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Line;
import dev.modelfetch.internal.net.Routes;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.internal.testing.Recorder;
import dev.modelfetch.spi.Resolved;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A source that can be reached directly and by a proxy that may cost money. */
@Timeout(60)
class LinesOfASourceTest {

    private static final HttpUrl HUB = HttpUrl.get("https://hub.test/");
    private static final Verdict DOWN = new Verdict.Down("connect timed out", false);
    private static final Verdict NOT_HERE = new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository");
    private static final List<Line> LINES = new Routes(
                    () -> Map.of(),
                    Map.of("https_proxy", "http://clash:7890"),
                    Optional.empty(),
                    ProxyPolicy.DIRECT_FIRST)
            .lines("hub", HUB);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch never = new CountDownLatch(1);
    private final FakeSource direct = FakeSource.huggingface();
    private final FakeSource proxied = FakeSource.huggingface();
    private final FakeSource mirror = FakeSource.mirror();
    private final FakeSource mirrorProxied = FakeSource.mirror();

    @AfterEach
    void letGo() {
        never.countDown();
        executor.shutdownNow();
    }

    @Test
    void whereTheDirectLineWorksNobodyGoesByTheProxy() throws Exception {
        Choice choice = choice(SourceChoice.auto());

        assertThat(choice.next().source().route()).isEqualTo("direct");
        assertThat(proxied.asked() + mirrorProxied.asked()).isZero();
        assertThat(choice.probes()).extracting(Probe::route).containsOnly("direct");
    }

    @Test
    void whereItHangsTheProxyIsAskedBesideIt() throws Exception {
        direct.answering(this::hang);
        mirror.answering(this::hang);
        mirrorProxied.answering(this::hang);

        assertThat(choice(SourceChoice.auto()).next().source().route()).isEqualTo("http://clash:7890");
    }

    @Test
    void whereItIsRefusedTheProxyIsAskedAtOnce() throws Exception {
        direct.refusing(DOWN);
        mirror.refusing(DOWN);
        mirrorProxied.refusing(DOWN);

        Choice choice = choice(SourceChoice.auto());

        Chosen chosen = choice.next();
        assertThat(chosen.source().id()).isEqualTo("huggingface");
        assertThat(chosen.source().route()).isEqualTo("http://clash:7890");
        assertThat(choice.probes())
                .filteredOn(probe -> probe.source().equals("huggingface"))
                .extracting(Probe::route)
                .containsExactly("direct", "http://clash:7890");
    }

    @Test
    void whatTheHubSaysDirectlyItIsNotAskedAgain() throws Exception {
        direct.refusing(NOT_HERE);

        assertThat(choice(SourceChoice.auto()).next().source().id()).isEqualTo("mirror");
        assertThat(proxied.asked()).isZero();
    }

    @Test
    void inAListTheProxyServesTheFirstBeforeTheSecondIsTaken() throws Exception {
        direct.answering(this::hang);

        Chosen chosen = choice(SourceChoice.only("huggingface", "mirror")).next();

        assertThat(chosen.source().id()).isEqualTo("huggingface");
        assertThat(chosen.source().route()).isEqualTo("http://clash:7890");
    }

    @Test
    void bytesComeDirectlyFirstAndByTheProxyOnlyAtTheEnd() throws Exception {
        direct.refusing(DOWN);
        mirror.refusing(DOWN);
        mirrorProxied.refusing(DOWN);
        Chosen chosen = choice(SourceChoice.auto()).next();

        chosen.awaitLate();

        List<Offer> offers = chosen.offers(dev.modelfetch.RepoFile.of("model.bin", 5));
        assertThat(chosen.offers(FILE))
                .extracting(offer -> offer.source().line().role())
                .containsExactly(Line.Role.ALTERNATE, Line.Role.SPARE);
        assertThat(offers).isEmpty();
        assertThat(proxied.asked()).isOne();
    }

    @Test
    void whoHelpsWithALargeJobIsAskedDirectly() throws Exception {
        Chosen chosen = choice(SourceChoice.auto()).next();

        chosen.wakeHelpers();

        assertThat(proxied.asked() + mirrorProxied.asked()).isZero();
    }

    @Test
    void withATokenInPlayBothLinesOfItsHubMayBeAskedAndNobodyElse() {
        direct.refusing(DOWN);
        proxied.refusing(DOWN);
        List<Source> sources = new ArrayList<>(lines(direct.source("secret"), proxied.source("secret")));
        sources.addAll(lines(mirror.source(), mirrorProxied.source()));

        FetchException error = catchThrowableOfType(
                FetchException.class, () -> choice(SourceChoice.auto(), sources).next());

        assertThat(error).hasMessageContaining("may be private").hasMessageContaining("mirror");
        assertThat(proxied.asked()).isPositive();
        assertThat(mirror.asked() + mirrorProxied.asked()).isZero();
    }

    private static final dev.modelfetch.RepoFile FILE = dev.modelfetch.RepoFile.of("config.json", 2);

    private Choice choice(SourceChoice which) {
        List<Source> sources = new ArrayList<>(lines(direct.source(), proxied.source()));
        sources.addAll(lines(mirror.source(), mirrorProxied.source()));
        for (FakeSource each : List.of(direct, proxied, mirror, mirrorProxied)) {
            each.listing(FILE);
        }
        return choice(which, sources);
    }

    private Choice choice(SourceChoice which, List<Source> sources) {
        return new Choice(
                FetchRequest.builder(FakeSource.REPO).source(which).build(),
                sources,
                executor,
                new Recorder().events(),
                Limits.RACE,
                Patiences.none(),
                System.nanoTime());
    }

    private static List<Source> lines(Source directly, Source byProxy) {
        Source questions = byProxy.by(LINES.get(1), byProxy.data());
        return List.of(
                directly.by(LINES.get(0), directly.data()), questions, questions.by(LINES.get(2), byProxy.data()));
    }

    private Resolved hang() throws InterruptedException {
        never.await();
        return direct.resolved();
    }
}
