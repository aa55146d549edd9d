package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MiniHub;
import dev.modelfetch.testing.hub.MirrorFace.Quirk;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as real hubs, mirrors and proxies give them: odd, wrong, or too short. The file is right or there is none. */
class WireQuirksTest {

    private static final String FILE = "model.bin";
    private static final long SIZE = 13L << 20;
    private static final Repository MODEL = Repository.model("acme-lab/quirky")
            .file("config.json", "{}\n")
            .file("merges.txt", Content.generated(21, 9L << 20))
            .lfs(FILE, Content.generated(22, SIZE));

    @RegisterExtension
    final Lab lab = Lab.of(MODEL).with("HF_HUB_DOWNLOAD_TIMEOUT", "2");

    static Stream<Named<Fault>> survivable() {
        return Stream.of(
                Named.of("ignores ranges", Fault.ignoreRange()),
                Named.of("does not say which range", Fault.noContentRange()),
                Named.of("does not say how long", Fault.noLength()),
                Named.of("compresses where it may", Fault.gzip()),
                Named.of("sends too much", Fault.longBody(1000)),
                Named.of("ends early", Fault.shortBody(1 << 20).times(4)),
                Named.of("ends at once", Fault.shortBody(5000).times(1)),
                Named.of("sends another range twice", Fault.wrongContentRange().times(2)),
                Named.of("refuses ranges twice", Fault.rangeRefused().times(2)),
                Named.of("is overloaded twice", Fault.status(503).times(2)),
                Named.of("wants a second of peace", Fault.limitedRetryAfter(1).times(1)),
                Named.of("falls silent once", Fault.stallAfter(1 << 20).times(1)));
    }

    @ParameterizedTest
    @MethodSource("survivable")
    void aSingleSourceThatIsOnlyOddIsEnough(Fault fault) throws IOException {
        lab.hubs().modelScope().dataFaults().add(fault);

        assertArrives(lab.fetch(MODEL.id(), "modelscope"));
    }

    static Stream<Named<Fault>> fatal() {
        return Stream.of(
                Named.of("has another length", Fault.wrongTotal(SIZE + 1)),
                Named.of("always sends another range", Fault.wrongContentRange()),
                Named.of("refuses ranges", Fault.rangeRefused()),
                Named.of("sends a web page", Fault.webPage()),
                Named.of("has lost the file", Fault.status(404)),
                Named.of("leads to a closed door", Fault.redirect(302, "http://127.0.0.1:9/elsewhere")));
    }

    @ParameterizedTest
    @MethodSource("fatal")
    void aSourceThatIsWrongIsReplaced(Fault fault) throws IOException {
        lab.hubs().modelScope().dataFaults().add(fault);

        Snapshot result = lab.fetch(MODEL.id(), Lab.from("modelscope", "mirror"));

        assertArrives(result);
        assertThat(result.files())
                .filteredOn(file -> file.path().equals(FILE))
                .allSatisfy(file -> assertThat(file.from()).containsExactly("mirror"));
    }

    @Test
    void aSourceThatContradictsItsListingAboutTheLengthIsNotBelieved() {
        lab.hubs().huggingFace().dataFaults().add(Fault.wrongTotal(SIZE - 1));

        FetchException.Unreachable e =
                lab.failure(FetchException.Unreachable.class, MODEL.id(), Lab.from("huggingface"));

        assertThat(e).hasMessageContaining(Long.toString(SIZE)).hasMessageContaining(Long.toString(SIZE - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void signedLinksThatWorkOnceAreAskedForAgain(String source) throws IOException {
        hub(source).links().linksGoodFor(1);
        hub(source).dataFaults().add(Fault.resetAfter(2 << 20).times(2));

        Snapshot result = lab.fetch(MODEL.id(), source);

        assertArrives(result);
        assertThat(lab.ledger().visits(source + "-data")).anyMatch(visit -> visit.status() == 206);
    }

    @Test
    void linksThatExpireInTheMiddleAreReplaced() throws IOException {
        hub("huggingface").dataFaults().add(Fault.shortBody(3 << 20).times(2));
        // A data host refuses what it signed too long ago.
        hub("huggingface").dataFaults().add(Fault.status(403).after(2).times(3));

        assertArrives(lab.fetch(MODEL.id(), "huggingface"));
    }

    @Test
    void modelScopesAnswer200ToARangeIsTakenForWhatItIs() throws IOException {
        Snapshot result = lab.fetch(MODEL.id(), "modelscope");

        assertArrives(result);
        assertThat(lab.ledger().visits("modelscope"))
                .anyMatch(visit -> visit.file().equals("merges.txt")
                        && visit.status() == 200
                        && visit.request().header("Range").isPresent());
        // When one connection takes over another's piece, bytes on their way to that other are sent in vain.
        assertThat(lab.ledger().bytesSent("merges.txt")).isBetween(9L << 20, (18L << 20) - 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_LINKED_HEADERS", "INVENTED_ETAGS", "NEXT_AT_ORIGIN"})
    void aMirrorsHeadersAreNotNeeded(Quirk quirk) throws IOException {
        lab.hubs().mirror().face().quirks(quirk);

        assertArrives(lab.fetch(MODEL.id(), "mirror"));
    }

    @Test
    void theOlderStorageOfTheHubServesToo() throws IOException {
        lab.hubs().huggingFace().face().legacy();

        assertArrives(lab.fetch(MODEL.id(), "huggingface"));
    }

    @Test
    void overOneConnectionTheWholeFileIsSentOnceOnly() throws IOException {
        assertArrives(lab.fetch(
                MODEL.id(), request -> Lab.from("huggingface").apply(request).connectionsPerFile(1)));

        assertThat(lab.ledger().bytesSent(FILE)).isEqualTo(SIZE);
    }

    private static void assertArrives(Snapshot result) throws IOException {
        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(MODEL));
    }

    private MiniHub<?> hub(String source) {
        return switch (source) {
            case "huggingface" -> lab.hubs().huggingFace();
            case "mirror" -> lab.hubs().mirror();
            default -> lab.hubs().modelScope();
        };
    }
}
