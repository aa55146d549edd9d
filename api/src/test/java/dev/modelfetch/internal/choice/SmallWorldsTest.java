package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Probe;
import dev.modelfetch.ProxyPolicy;
import dev.modelfetch.RepoFile;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.memory.SourceMemory;
import dev.modelfetch.internal.net.Line;
import dev.modelfetch.internal.net.Routes;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.internal.testing.Recorder;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small worlds thrown by dice: sources that are up, down, slow, silent, empty or closed, each line with its own fate, with and
 * without a token, a list, a memory. Whatever they are, the rules hold.
 */
@Timeout(120)
class SmallWorldsTest {

    private static final int WORLDS = Integer.getInteger("worlds", 100);
    private static final Duration RACE = Duration.ofMillis(500);
    private static final RepoFile FILE = RepoFile.of("config.json", 2);
    private static final List<Line> LINES = new Routes(
                    () -> Map.of(),
                    Map.of("https_proxy", "http://clash:7890"),
                    Optional.empty(),
                    ProxyPolicy.DIRECT_FIRST)
            .lines("hub", HttpUrl.get("https://hub.test/"));

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch never = new CountDownLatch(1);

    @TempDir
    Path home;

    @AfterEach
    void letGo() {
        never.countDown();
        executor.shutdownNow();
    }

    /** What becomes of a question by one line. */
    private enum Fate {
        UP,
        SLOW,
        SILENT,
        DOWN,
        FILTERED,
        EMPTY,
        CLOSED;

        boolean isUsable() {
            return this == UP || this == SLOW;
        }

        /** Whether that is the hub itself. */
        boolean isOfHub() {
            return isUsable() || this == EMPTY || this == CLOSED;
        }
    }

    /** One source, its lines, and what they meet. */
    private final class Place {
        final FakeSource direct;
        final FakeSource proxied;
        final Fate fate;
        final Fate fateByProxy;

        Place(FakeSource direct, FakeSource proxied, Random dice) {
            this.direct = direct;
            this.proxied = proxied;
            this.fate = any(dice);
            // The hub is the same by every line: only the way differs.
            this.fateByProxy = fate.isOfHub() && dice.nextInt(4) > 0 ? fate : way(dice, fate);
            meet(direct, fate);
            meet(proxied, fateByProxy);
        }

        private Fate way(Random dice, Fate hub) {
            Fate drawn = any(dice);
            return hub.isOfHub() && drawn.isOfHub() ? hub : drawn;
        }

        boolean isUsable() {
            return fate.isUsable() || (!fate.isOfHub() && fateByProxy.isUsable());
        }

        Fate said() {
            return fate.isOfHub() ? fate : fateByProxy;
        }

        String id() {
            return direct.profile().id();
        }

        boolean wasAsked() {
            return direct.asked() + proxied.asked() > 0;
        }

        @Override
        public String toString() {
            return id() + " " + fate + "/" + fateByProxy;
        }
    }

    private static Fate any(Random dice) {
        return Fate.values()[dice.nextInt(Fate.values().length)];
    }

    private void meet(FakeSource source, Fate fate) {
        source.listing(FILE);
        switch (fate) {
            case UP -> source.answering(source::resolved);
            // It is the world that is slow; nothing here waits for a time to pass.
            case SLOW ->
                source.answering(() -> {
                    Thread.sleep(40);
                    return source.resolved();
                });
            case SILENT -> source.answering(this::hang);
            case DOWN -> source.refusing(new Verdict.Down("refused", false, false));
            case FILTERED -> source.refusing(new Verdict.Blocked("a web page"));
            case EMPTY -> source.refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));
            case CLOSED -> source.refusing(new Verdict.NeedsAuth("is gated"));
        }
    }

    static LongStream worlds() {
        return LongStream.range(0, WORLDS);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void theRulesHold(long seed) throws InterruptedException {
        Random dice = new Random(seed);
        List<Place> places = List.of(
                new Place(FakeSource.huggingface(), FakeSource.huggingface(), dice),
                new Place(FakeSource.mirror(), FakeSource.mirror(), dice),
                new Place(FakeSource.modelscope(), FakeSource.modelscope(), dice));
        boolean guarded = dice.nextInt(3) == 0;
        boolean theirs = dice.nextBoolean();
        boolean listed = dice.nextInt(3) == 0;
        SourceMemory memory = SourceMemory.in(home.resolve("sources.json"), "", InstantSource.system());
        List<Source> sources = new ArrayList<>();
        for (Place place : places) {
            sources.addAll(lines(place, memory, guarded && place == places.get(0), theirs));
        }
        for (Source source : sources) {
            remember(source, dice);
        }
        List<String> byProxyAnyway = places.stream()
                .filter(place -> mayGoByProxyAnyway(sources, place))
                .map(Place::id)
                .toList();
        String world = "seed " + seed + ": " + places + (guarded ? theirs ? ", theirs" : ", a stranger's" : "")
                + (listed ? ", listed" : "");
        Choice choice = new Choice(
                FetchRequest.builder(FakeSource.REPO)
                        .source(listed ? SourceChoice.only("huggingface", "mirror", "modelscope") : SourceChoice.auto())
                        .build(),
                sources,
                executor,
                new Recorder().events(),
                RACE,
                Patiences.none(),
                System.nanoTime());
        boolean strict = guarded && theirs;
        List<Place> allowed = strict ? asFarAsNotHere(places) : places;
        boolean any = allowed.stream().anyMatch(Place::isUsable);

        FetchException failure = null;
        Chosen chosen = null;
        try {
            chosen = choice.next();
        } catch (FetchException e) {
            failure = e;
        }

        if (any) {
            assertThat(failure).as(world).isNull();
            String winner = chosen.source().id();
            Place of = places.stream()
                    .filter(place -> place.id().equals(winner))
                    .findFirst()
                    .orElseThrow();
            assertThat(of.isUsable()).as("%s took %s", world, winner).isTrue();
            assertThat(allowed).as("%s took %s", world, winner).contains(of);
            Fate met = chosen.source().line().role() == Line.Role.FIRST ? of.fate : of.fateByProxy;
            assertThat(met.isUsable())
                    .as("%s took %s", world, chosen.source().route())
                    .isTrue();
            if (listed && !strict) {
                assertThat(of)
                        .as(world)
                        .isSameAs(allowed.stream()
                                .filter(Place::isUsable)
                                .findFirst()
                                .orElseThrow());
            }
        } else {
            assertThat(failure).as(world).isNotNull();
            assertThat(failure.code()).as("%s: %s", world, failure.getMessage()).isEqualTo(code(allowed));
        }
        assertThat(places).as(world).filteredOn(Place::wasAsked).allMatch(allowed::contains);
        for (Place place : places) {
            if (place.proxied.asked() > 0 && place.fate == Fate.UP) {
                // Its answer takes no time worth speaking of, so that nobody needs to look for another way.
                assertThat(byProxyAnyway).as(world).contains(place.id());
            }
        }
        assertThat(choice.probes()).extracting(Probe::source).as(world).contains("huggingface", "mirror", "modelscope");
    }

    /** One after the other, and on only after "not here". */
    private static List<Place> asFarAsNotHere(List<Place> places) {
        List<Place> allowed = new ArrayList<>();
        for (Place place : places) {
            allowed.add(place);
            if (place.said() != Fate.EMPTY) {
                break;
            }
        }
        return allowed;
    }

    /** The most actionable: a permission, then what does not exist where all who spoke say so, then the network. */
    private static int code(List<Place> allowed) {
        if (allowed.stream().anyMatch(place -> place.said() == Fate.CLOSED)) {
            return 4;
        }
        // A web page speaks, though it is not the hub's.
        boolean filtered = allowed.stream()
                .anyMatch(place ->
                        place.fate == Fate.FILTERED || (!place.fate.isOfHub() && place.fateByProxy == Fate.FILTERED));
        return !filtered && allowed.stream().anyMatch(place -> place.said() == Fate.EMPTY) ? 3 : 5;
    }

    /** As far as is remembered: because the proxy answered lately, or the direct line did not. */
    private static boolean mayGoByProxyAnyway(List<Source> sources, Place place) {
        return sources.stream()
                .filter(source -> source.id().equals(place.id()))
                .anyMatch(source -> source.line().role() == Line.Role.ALTERNATE
                        ? source.history().freshMillis().isPresent()
                        : source.history().avoided().isPresent());
    }

    private static void remember(Source source, Random dice) {
        switch (dice.nextInt(5)) {
            case 0 -> source.history().answered(new Verdict.Usable(FakeSource.COMMIT), 20 + dice.nextInt(400));
            case 1 -> source.history().answered(new Verdict.Down("connect timed out", false), 2_500);
            case 2 -> source.history().brought(1 << (10 + dice.nextInt(20)), "cdn.test", "direct");
            default -> {
                // Nothing is known.
            }
        }
    }

    private List<Source> lines(Place place, SourceMemory memory, boolean token, boolean theirs) {
        Source directly = source(place.direct, token, theirs, memory)
                .by(LINES.get(0), place.direct.source().data());
        Source questions = source(place.proxied, token, theirs, memory)
                .by(LINES.get(1), place.proxied.source().data());
        directly = directly.with(memory.of(place.id(), LINES.get(0).key()));
        questions = questions.with(memory.of(place.id(), LINES.get(1).key()));
        return List.of(directly, questions, questions.by(LINES.get(2), questions.data()));
    }

    /** Whose token it is the hub tells if it can be reached; here it is known. */
    private Source source(FakeSource fake, boolean token, boolean theirs, SourceMemory memory) {
        if (!token) {
            return fake.source();
        }
        Secret secret = new Secret("secret");
        memory.owners(
                secret.fingerprint(),
                Account.of("alice")
                        .withOrganisations(theirs ? List.of("demo-lab") : List.of("acme-lab"))
                        .owners());
        FakeSource withoutToken = FakeSource.huggingface().answering(() -> {
            throw new SourceException(new Verdict.NeedsAuth("is private", Verdict.Missing.TOKEN));
        });
        return fake.source("secret").with(new TokenInPlay(secret, memory, withoutToken::source));
    }

    private Resolved hang() throws InterruptedException {
        never.await();
        throw new InterruptedException();
    }
}
