package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.HubFace;
import dev.modelfetch.testing.hub.MiniHub;
import dev.modelfetch.testing.hub.Outage;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers are away for a while in the middle of a job. Whatever passes is waited for, however it shows, and costs little;
 * what is final is said at once. A whole night of it is {@code BadNightTest}. No outage here takes more than five seconds,
 * so nobody needs to be left alone for a minute.
 */
@Timeout(50)
class OutageTest {

    private static final long MEGABYTE = 1 << 20;
    private static final String FILE = "weights.bin";
    private static final long SIZE = 40 * MEGABYTE;
    private static final Content CONTENT = Content.generated(71, SIZE);
    private static final Repository MODEL =
            Repository.model("acme-lab/patient").file("config.json", "{}\n").lfs(FILE, CONTENT);

    /** By then all connections are at work. */
    private static final long HALF_WAY = SIZE / 4;

    /** Of each source: two seconds for the file. */
    private static final long LINE = 20 * MEGABYTE;

    private static final int CONNECTIONS = 8;

    /** Of each connection that ends: the hub has sent it, and it is in a socket or has been read but not written. */
    private static final long ON_THE_WAY = 512 << 10;

    /** No outage here is longer than five seconds, and nobody who waits needs to ask twice a second. */
    private static final int TRIES = 10;

    @RegisterExtension
    final Lab lab = Lab.of(MODEL).with("HF_HUB_DOWNLOAD_TIMEOUT", "1").with("HF_HUB_ETAG_TIMEOUT", "1");

    @BeforeEach
    void slowDown() {
        hubs().forEach(hub -> hub.dataFaults().add(Fault.totalRate(LINE)));
    }

    @ParameterizedTest
    @MethodSource("dev.modelfetch.testing.hub.Outage#ofEveryKind")
    void theOnlyDataHostIsAwayForTwoSeconds(Outage outage) throws IOException {
        Absence absence =
                Absence.from(FILE, HALF_WAY, Duration.ofSeconds(2), () -> cut(origin(), outage), () -> origin().back());

        Snapshot result = fetch(absence, Lab.from("huggingface"));

        assertArrived(result);
        assertThat(absence.hasBegun()).isTrue();
        assertThat(sent() - SIZE).isLessThanOrEqualTo(2 * CONNECTIONS * ON_THE_WAY);
    }

    static Stream<Outage> ofAWholeHub() {
        return Stream.of(Outage.refused(), Outage.silent());
    }

    @ParameterizedTest
    @MethodSource("ofAWholeHub")
    void theOnlySourceIsAwayForFiveSeconds(Outage outage) throws IOException {
        Absence absence = Absence.from(
                        FILE, HALF_WAY, Duration.ofSeconds(5), () -> origin().away(outage), () -> origin().back())
                .untilNoticed();

        Snapshot result = fetch(absence, Lab.from("huggingface"));

        assertArrived(result);
        assertWaitedFor(Set.of("huggingface"));
    }

    /** Each in its own manner. */
    @Test
    void everySourceIsAwayForFourSeconds() throws IOException {
        Absence absence = Absence.from(
                        FILE,
                        HALF_WAY,
                        Duration.ofSeconds(4),
                        () -> {
                            lab.hubs().huggingFace().away(Outage.refused());
                            lab.hubs().mirror().away(Outage.unavailable());
                            lab.hubs().modelScope().away(Outage.reset());
                        },
                        () -> hubs().forEach(MiniHub::back))
                .untilNoticed();

        Snapshot result = fetch(absence, request -> request);

        assertArrived(result);
        assertWaitedFor(Set.of("huggingface", "mirror", "modelscope"));
    }

    @Test
    void everySourceAsksToBeLeftAloneInMidFile() throws IOException {
        Absence absence = Absence.from(
                FILE,
                HALF_WAY,
                Duration.ofSeconds(4),
                () -> hubs().forEach(hub -> {
                    // Answers under way would go on.
                    hub.storage().away(Outage.reset());
                    hub.away(Outage.limited(3));
                }),
                () -> hubs().forEach(MiniHub::back));

        Snapshot result = fetch(absence, request -> request);

        assertArrived(result);
        assertLeftAloneForThreeSeconds();
    }

    @Test
    void everySourceAsksToBeLeftAloneFromTheStart() throws IOException {
        hubs().forEach(hub -> hub.away(Outage.limited(3)));
        CompletableFuture<Void> end = new CompletableFuture<Void>()
                .completeOnTimeout(null, 4, TimeUnit.SECONDS)
                .thenRun(() -> hubs().forEach(MiniHub::back));

        Snapshot result = lab.fetch(MODEL.id());

        assertThat(end).isCompleted();
        assertArrived(result);
        assertLeftAloneForThreeSeconds();
    }

    @Test
    void signedLinksRunOutInMidFile() throws IOException {
        Absence absence = Absence.from(
                FILE,
                HALF_WAY,
                Duration.ZERO,
                () -> {
                    origin().links().expireLinks();
                    // Answers under way would go on, and those who give them need no link any more.
                    origin().storage().away(Outage.reset());
                },
                () -> origin().back());

        Snapshot result = fetch(absence, Lab.from("huggingface"));

        assertArrived(result);
        assertThat(sent() - SIZE).isLessThanOrEqualTo(CONNECTIONS * ON_THE_WAY);
        assertThat(lab.events().all(FetchEvent.Waiting.class)).isEmpty();
    }

    @Test
    void whenPatienceEndsWhatIsThereIsKept() throws Exception {
        String[] command = {MODEL.id(), "--source", "hf", "--progress", "json", "--give-up-after", "2s"};
        Running run = lab.program().start(command).awaitBytes(FILE, HALF_WAY);
        origin().storage().away(Outage.unavailable());

        Running.Ended ended = run.end().exits(5);

        assertThat(ended.err()).contains("\"event\":\"error\"").contains("HTTP 503");
        assertThat(refusals("huggingface", 503)).isBetween(1L, (long) CONNECTIONS + TRIES);
        long present = present();
        assertThat(present).isGreaterThanOrEqualTo(HALF_WAY);

        long before = sent();
        origin().back();
        lab.program().run(command).exits(0);

        // What is noted down is not fetched again; what was in a socket when its connection ended is.
        assertThat(sent() - before).isBetween(SIZE - present, SIZE - present + CONNECTIONS * ON_THE_WAY);
        assertThat(before - present).isLessThanOrEqualTo(CONNECTIONS * ON_THE_WAY);
        assertArrived(lab.fetch(MODEL.id(), "huggingface"));
    }

    @Test
    void withoutPatienceTheFirstExhaustionIsTheEnd() throws Exception {
        Running run = lab.program()
                .start(MODEL.id(), "--source", "hf", "--progress", "json", "--give-up-after", "0")
                .awaitBytes(FILE, HALF_WAY);
        origin().storage().away(Outage.refused());

        Running.Ended ended = run.end().exits(5);

        assertThat(ended.err()).contains("connection refused").doesNotContain("\"event\":\"waiting\"");
        assertThat(present()).isGreaterThanOrEqualTo(HALF_WAY);
    }

    static Stream<Arguments> lasting() {
        return Stream.of(
                Arguments.of("lost", List.of(Fault.status(404).onFile(FILE)), 3, FILE),
                Arguments.of(
                        "gated",
                        List.of(
                                Fault.status(403).onFile(FILE),
                                Fault.header("X-Error-Code", "GatedRepo").onFile(FILE)),
                        4,
                        // Access is asked for to all of it.
                        MODEL.id()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lasting")
    void whatIsFinalIsNotWaitedFor(String name, List<Fault> faults, int code, String blamed) {
        faults.forEach(origin().faults()::add);

        FetchException e = lab.failure(FetchException.class, MODEL.id(), Lab.from("huggingface"));

        assertThat(e.code()).isEqualTo(code);
        assertThat(e).hasMessageContaining(blamed);
        assertThat(lab.events().all(FetchEvent.Waiting.class)).isEmpty();
        assertThat(lab.ledger().visits("huggingface-data")).isEmpty();
    }

    @Test
    void wrongBytesFromEverybodyAreNotWaitedFor() {
        hubs().forEach(hub -> hub.dataFaults().clear().add(Fault.flip(FILE, MEGABYTE)));

        FetchException e = lab.failure(FetchException.Corrupt.class, MODEL.id());

        assertThat(e.code()).isEqualTo(6);
        assertThat(lab.events().all(FetchEvent.Waiting.class)).isEmpty();
    }

    /** Nobody has to be patient any more once that can be known. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("lasting")
    void whatBecomesFinalWhileTheJobWaitsEndsIt(String name, List<Fault> faults, int code, String blamed) {
        Absence absence = Absence.from(FILE, HALF_WAY, Duration.ZERO, () -> origin().away(Outage.refused()), () -> {
                    faults.forEach(origin().faults()::add);
                    origin().links().expireLinks();
                    origin().back();
                })
                .untilNoticed();

        FetchException e = catchThrowableOfType(FetchException.class, () -> fetch(absence, Lab.from("huggingface")));

        assertThat(e.code()).isEqualTo(code);
        assertThat(e).hasMessageContaining(blamed);
        assertThat(lab.events().all(FetchEvent.Waiting.class)).isNotEmpty();
    }

    /** As a laptop that sleeps: for longer than it would wait awake, and nobody is connected any more. */
    @Test
    void aProcessThatWasStoppedGoesOn() throws Exception {
        Running run = lab.program()
                .start(MODEL.id(), "--source", "hf", "--progress", "json", "--give-up-after", "2s")
                .awaitBytes(FILE, HALF_WAY)
                .signal("STOP");
        CompletableFuture<Void> night = new CompletableFuture<Void>().completeOnTimeout(null, 3, TimeUnit.SECONDS);
        origin().away(Outage.reset());
        origin().back();
        night.join();

        Running.Ended ended = run.signal("CONT").end();

        assertThat(Contents.of(ended.path())).containsAllEntriesOf(Contents.of(MODEL));
        assertThat(sent() - SIZE).isLessThanOrEqualTo(CONNECTIONS * ON_THE_WAY);
    }

    @Test
    void oneRequestThatIsCutDisturbsNoOther() throws IOException {
        origin().dataFaults()
                .add(Fault.resetAfter(MEGABYTE).after(CONNECTIONS - 1).times(1));

        Snapshot result = lab.fetch(MODEL.id(), Lab.from("huggingface"));

        assertArrived(result);
        assertThat(lab.events().all(FetchEvent.Retrying.class)).hasSize(1);
        assertThat(lab.events().all(FetchEvent.Waiting.class)).isEmpty();
        assertThat(lab.events().all(FetchEvent.SourceLeft.class)).isEmpty();
    }

    /** Those that can be counted answer. */
    @Test
    void whileEverybodyIsAwayOneAsksForAll() throws IOException {
        Map<String, Long> foundOut = new ConcurrentHashMap<>();
        Absence absence = Absence.from(
                        FILE,
                        HALF_WAY,
                        Duration.ofSeconds(4),
                        () -> hubs().forEach(hub -> hub.away(Outage.unavailable())),
                        () -> hubs().forEach(MiniHub::back))
                .untilNoticed();

        Snapshot result = fetch(
                event -> {
                    if (event instanceof FetchEvent.Waiting) {
                        sources().forEach(source -> foundOut.putIfAbsent(source, refusals(source, 503)));
                    }
                    absence.onEvent(event);
                },
                request -> request);

        assertArrived(result);
        for (String source : sources()) {
            long before = foundOut.get(source);
            // Each connection finds out by itself, and perhaps asks for another link.
            assertThat(before).as("requests to %s, to find out", source).isLessThanOrEqualTo(2 * CONNECTIONS);
            assertThat(refusals(source, 503) - before)
                    .as("requests to %s, to try again", source)
                    .isLessThanOrEqualTo(TRIES);
        }
    }

    private Snapshot fetch(FetchListener watcher, UnaryOperator<FetchRequest.Builder> how) {
        try (Modelfetch modelfetch = lab.open()) {
            FetchRequest request = how.apply(modelfetch.request(MODEL.id()))
                    .connectionsPerFile(CONNECTIONS)
                    .build();
            return modelfetch.fetch(request, event -> {
                lab.events().onEvent(event);
                watcher.onEvent(event);
            });
        }
    }

    /** Whatever the manner, no answer of before goes on. */
    private static void cut(MiniHub<?> hub, Outage outage) {
        hub.storage().away(Outage.reset());
        hub.storage().away(outage);
    }

    private MiniHub<HubFace> origin() {
        return lab.hubs().huggingFace();
    }

    private List<MiniHub<?>> hubs() {
        return List.of(lab.hubs().huggingFace(), lab.hubs().mirror(), lab.hubs().modelScope());
    }

    private void assertArrived(Snapshot result) throws IOException {
        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(MODEL));
    }

    private void assertWaitedFor(Set<String> sources) {
        List<FetchEvent.Waiting> waits = lab.events().all(FetchEvent.Waiting.class);
        assertThat(waits).isNotEmpty().allSatisfy(wait -> {
            assertThat(wait.causes().keySet()).isSubsetOf(sources).isNotEmpty();
            assertThat(wait.causes().values())
                    .allSatisfy(cause -> assertThat(cause).isNotBlank());
            assertThat(wait.nextTry()).isNotNull();
            assertThat(wait.givesUp()).isNotNull().isAfter(wait.since());
        });
        assertThat(lab.events().all(FetchEvent.Resumed.class))
                .isNotEmpty()
                .first()
                .satisfies(resumed -> {
                    assertThat(resumed.since()).isEqualTo(waits.get(0).since());
                    assertThat(sources).contains(resumed.source());
                });
    }

    /** Nobody may be asked again within three of the four seconds, except by requests that were under way. */
    private void assertLeftAloneForThreeSeconds() {
        for (String source : sources()) {
            assertThat(refusals(source, 429)).as("requests to %s", source).isLessThanOrEqualTo(2 * (CONNECTIONS + 1));
        }
    }

    private Set<String> sources() {
        return lab.hubs().endpoints().keySet();
    }

    /** How often a hub and its data host said so. */
    private long refusals(String source, int status) {
        return Stream.of(source, source + "-data")
                .flatMap(host -> lab.ledger().visits(host).stream())
                .filter(visit -> visit.status() == status)
                .count();
    }

    private long sent() {
        return lab.ledger().bytesSent(FILE);
    }

    /** What the next run will not have to fetch. */
    private long present() {
        return lab.plan(MODEL.id(), Lab.from("huggingface")).items().stream()
                .filter(item -> item.file().path().equals(FILE))
                .findFirst()
                .orElseThrow()
                .present();
    }
}
