package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Faults;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What can go wrong at the host that sends the bytes. A fault that passes is survived, one that stays is left for another
 * source, both within a bounded number of requests. What happens without another source is in {@link LastingFaultTest}.
 */
class ServerFaultsTest {

    private static final String FILE = "weights.bin";
    private static final long MEGABYTE = 1 << 20;
    private static final long SIZE = 12 * MEGABYTE;
    private static final Content CONTENT = Content.generated(41, SIZE);
    private static final Repository MODEL =
            Repository.model("acme-lab/faulty").file("config.json", "{}\n").lfs(FILE, CONTENT);

    /** Travels over one connection; with others at work a 429 may mean that they are too many. */
    private static final Repository SINGLE =
            Repository.model("acme-lab/single").lfs("model.bin", Content.generated(43, 300_000));

    /** Pieces, and one more request for everything that goes wrong at one of them. */
    private static final int FEW = 24;

    /** No piece is smaller than a quarter of a megabyte, however slow the host seemed. */
    private static final int MANY = 48 + FEW;

    @RegisterExtension
    final Lab lab = Lab.of(MODEL, SINGLE, Samples.SMALL).with("HF_HUB_DOWNLOAD_TIMEOUT", "1");

    static Stream<Named<List<Fault>>> passing() {
        return Stream.of(
                row("reset", Fault.reset().times(3)),
                row("reset in mid-body", Fault.resetAfter(MEGABYTE).times(3)),
                row("silence", Fault.blackHole().times(1)),
                row("stall in mid-body", Fault.stallAfter(MEGABYTE).times(2)),
                row("short body, full length", Fault.shortBody(MEGABYTE).times(3)),
                row("no body, full length", Fault.shortBody(0).times(3)),
                row("long body", Fault.longBody(100_000)),
                row("200 for 206", Fault.ignoreRange()),
                row("200 for 206, once", Fault.ignoreRange().times(1)),
                row(
                        "200 for 206, cut",
                        Fault.ignoreRange(),
                        Fault.shortBody(5 * MEGABYTE).times(2)),
                row("206 without Content-Range", Fault.noContentRange()),
                row("wrong Content-Range", Fault.wrongContentRange().times(2)),
                row("416", Fault.rangeRefused().times(2)),
                row("no length", Fault.noLength()),
                row(
                        "no length, cut",
                        Fault.noLength(),
                        Fault.shortBody(MEGABYTE).times(3)),
                row("no length, 200 for 206", Fault.noLength(), Fault.ignoreRange()),
                row(
                        "expired signature in mid-file",
                        Fault.shortBody(MEGABYTE).times(2),
                        expired().after(2).times(2)),
                row("429", Fault.limitedRetryAfter(1).times(3)),
                row("500 burst", Fault.status(500).times(3)),
                row("502 burst", Fault.status(502).times(3)),
                row("503 burst", Fault.status(503).times(4)),
                row(
                        "504 burst in mid-file",
                        Fault.shortBody(MEGABYTE).times(1),
                        Fault.status(504).after(1).times(3)),
                row("flipped byte", Fault.flip(FILE, 7 * MEGABYTE).times(1)),
                row(
                        "file replaced for a moment",
                        Fault.replaced(FILE, Content.generated(42, SIZE)).times(1)));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatPassesIsSurvivedByTheOnlySource(List<Fault> faults) throws IOException {
        arm(faults);

        Snapshot result = lab.fetch(MODEL.id(), "huggingface");

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
        assertThat(lab.ledger().visits("huggingface-data").size()).isLessThanOrEqualTo(FEW);
    }

    static Stream<Named<List<Fault>>> lasting() {
        return Stream.of(
                row("reset", Fault.reset()),
                row(
                        "reset in mid-body",
                        Fault.resetAfter(MEGABYTE).times(2),
                        Fault.reset().after(2)),
                row("silence", Fault.blackHole()),
                row(
                        "stall in mid-body",
                        Fault.stallAfter(MEGABYTE).times(2),
                        Fault.blackHole().after(2)),
                row("no body, full length", Fault.shortBody(0)),
                row("wrong Content-Range", Fault.wrongContentRange()),
                row("wrong total", Fault.wrongTotal(SIZE + 1)),
                row("416", Fault.rangeRefused()),
                row("expired signature", expired()),
                row("429 for longer than anybody waits", Fault.limitedRetryAfter(3600)),
                row("500", Fault.status(500)),
                row("503", Fault.status(503)),
                row("web page", Fault.webPage()),
                row("redirect loop", Fault.redirectLoop()),
                row("redirect to a closed door", Fault.redirect(302, "http://127.0.0.1:9/elsewhere")),
                row("flipped byte", Fault.flip(FILE, 7 * MEGABYTE)),
                row("file replaced", Fault.replaced(FILE, Content.generated(42, SIZE))),
                row("file replaced by a shorter one", Fault.replaced(FILE, Content.generated(42, SIZE - 1))));
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void whatStaysIsLeftForAnotherSource(List<Fault> faults) throws IOException {
        arm(faults);

        Snapshot result = lab.fetch(MODEL.id(), Lab.from("huggingface", "mirror"));

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
        assertThat(result.files())
                .filteredOn(file -> file.path().equals(FILE))
                .allSatisfy(file -> assertThat(file.from()).contains("mirror"));
        assertThat(lab.ledger().visits("huggingface-data").size()).isLessThanOrEqualTo(FEW);
        assertThat(lab.ledger().visits("mirror-data").size()).isLessThanOrEqualTo(MANY);
    }

    static Stream<Arguments> limits() {
        return Stream.of(
                Arguments.of("Retry-After: seconds", Fault.limitedRetryAfter(1), 1000, 1000),
                Arguments.of("Retry-After: fraction", Fault.limited("Retry-After", "0.75"), 750, 750),
                // Dates have whole seconds.
                Arguments.of("Retry-After: date", Fault.limitedUntil(2), 1, 2000),
                // Nobody is asked twice in no time, whatever they say.
                Arguments.of("Retry-After: date in the past", Fault.limitedUntil(-9), 0, 250),
                Arguments.of("RateLimit", Fault.limitedWindow(0), 1000, 1000),
                Arguments.of("ratelimit", Fault.limited("ratelimit", "\"resolvers\";r=0;t=1"), 2000, 2000),
                Arguments.of("RateLimit, blanks", Fault.limited("RateLimit", "\"api\" ; r = 0 ; t = 0"), 1000, 1000));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void theOnlyConnectionWaitsAsLongAsA429Asks(String form, Fault fault, long least, long most) throws IOException {
        lab.hubs().huggingFace().dataFaults().add(fault.times(1));

        Snapshot result = lab.fetch(SINGLE.id(), "huggingface");

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(SINGLE));
        assertThat(lab.events().all(FetchEvent.Retrying.class)).singleElement().satisfies(retry -> {
            assertThat(retry.reason()).contains("too many requests at 127.0.0.1");
            // What is left of it at the moment it is told.
            assertThat(retry.pause().toMillis()).isBetween(least - 250, most);
        });
        assertThat(lab.ledger().visits("huggingface-data")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 429})
    void aBurstAtTheHubItselfIsSurvived(int status) throws IOException {
        lab.hubs().huggingFace().faults().add(burst(status).onApi().times(2));
        lab.hubs().huggingFace().faults().add(burst(status).onFiles().times(2));

        Snapshot result = lab.fetch(Samples.SMALL.id(), "huggingface");

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(lab.ledger().visits("huggingface").size()).isLessThanOrEqualTo(FEW);
    }

    private static Fault burst(int status) {
        return status == 429 ? Fault.limitedRetryAfter(1) : Fault.status(status);
    }

    @Test
    void oneFlippedByteFromOneOfTwoSourcesCostsOnlyThatSourcesBytes() throws IOException {
        lab.hubs().mirror().dataFaults().add(Fault.flip(FILE, MEGABYTE));
        lab.hubs().mirror().dataFaults().add(Fault.shortBody(3 * MEGABYTE).times(1));
        lab.hubs().mirror().dataFaults().add(Fault.status(404).after(1));

        Snapshot result = lab.fetch(
                MODEL.id(),
                request -> Lab.from("mirror", "huggingface").apply(request).connectionsPerFile(1));

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(MODEL));
        assertThat(lab.events().all(FetchEvent.Verified.class))
                .filteredOn(event -> event.path().equals(FILE))
                .extracting(FetchEvent.Verified::ok)
                .containsExactly(false, true);
        assertThat(lab.ledger().bytesSent("mirror-data", FILE)).isEqualTo(3 * MEGABYTE);
        assertThat(lab.ledger().bytesSent("huggingface-data", FILE)).isEqualTo(SIZE);
    }

    private void arm(List<Fault> faults) {
        Faults host = lab.hubs().huggingFace().dataFaults();
        faults.forEach(host::add);
    }

    private static Fault expired() {
        return Fault.status(403);
    }

    private static Named<List<Fault>> row(String name, Fault... faults) {
        return Named.of(name, List.of(faults));
    }
}
