package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Destination;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MiniHub;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The repository changes while it is fetched, or between a run that broke off and the next: one version or none. */
class ChangedUnderwayTest {

    private static final String FILE = "weights.bin";
    private static final long MEGABYTE = 1 << 20;
    private static final long SIZE = 12 * MEGABYTE;
    private static final Repository OLD = Repository.model("acme-lab/moving")
            .file("config.json", "{\"edition\": 1}\n")
            .lfs(FILE, Content.generated(51, SIZE));
    private static final Repository NEW =
            OLD.file("config.json", "{\"edition\": 2}\n").lfs(FILE, Content.generated(52, SIZE));

    @RegisterExtension
    final Lab lab = Lab.of(OLD).with("HF_HUB_DOWNLOAD_TIMEOUT", "1");

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void aPushInMidDownloadDoesNotMixEditions(String source) throws IOException {
        // Every piece is asked for anew after the push.
        hub(source).dataFaults().add(Fault.shortBody(MEGABYTE).times(3));
        AtomicBoolean pushed = new AtomicBoolean();
        Snapshot result;
        try (Modelfetch modelfetch = lab.open()) {
            FetchRequest request =
                    Lab.from(source).apply(modelfetch.request(OLD.id())).build();
            result = modelfetch.fetch(request, event -> {
                if (event instanceof FetchEvent.Progress && pushed.compareAndSet(false, true)) {
                    put(source, NEW);
                }
            });
        }

        assertThat(pushed).isTrue();
        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(OLD));
        assertThat(result.commit()).isNotEqualTo(NEW.head().id());
        assertThat(Contents.of(lab.fetch(OLD.id(), source).path())).containsAllEntriesOf(Contents.of(NEW));
    }

    @Test
    void aFileReplacedUnderTheSameCommitIsNotStored() throws IOException {
        hub("huggingface").dataFaults().add(Fault.shortBody(MEGABYTE).times(2));
        hub("huggingface")
                .dataFaults()
                .add(Fault.replaced(FILE, Content.generated(52, SIZE)).after(2));

        FetchException.Corrupt e = lab.failure(FetchException.Corrupt.class, OLD.id(), Lab.from("huggingface"));

        assertThat(e.code()).isEqualTo(6);
        assertThat(e).hasMessageContaining(FILE).hasMessageContaining("huggingface");
        assertThat(lab.filesAtHome()).noneMatch(this::isTheFile);
    }

    @Test
    void aFileReplacedByOneOfAnotherLengthIsNotStored() throws IOException {
        hub("huggingface").dataFaults().add(Fault.shortBody(MEGABYTE).times(2));
        hub("huggingface")
                .dataFaults()
                .add(Fault.replaced(FILE, Content.generated(52, SIZE + 5)).after(2));

        FetchException.Unreachable e = lab.failure(FetchException.Unreachable.class, OLD.id(), Lab.from("huggingface"));

        assertThat(e.code()).isEqualTo(5);
        assertThat(e)
                .hasMessageContaining("the file has " + (SIZE + 5) + " bytes at 127.0.0.1, the listing says " + SIZE);
        assertThat(lab.filesAtHome()).noneMatch(this::isTheFile);
    }

    @Test
    void whatASourceSentBeforeItsFileWasReplacedIsCompletedByAnother() throws IOException {
        hub("huggingface").dataFaults().add(Fault.shortBody(MEGABYTE).times(2));
        hub("huggingface")
                .dataFaults()
                .add(Fault.replaced(FILE, Content.generated(52, SIZE)).after(2));

        Snapshot result = lab.fetch(OLD.id(), Lab.from("huggingface", "mirror"));

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(OLD));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterARunThatBrokeOffAnotherEditionIsFetchedWhole(boolean toDirectory) throws IOException {
        breakOff(toDirectory);
        put("huggingface", NEW);

        Snapshot result = lab.fetch(OLD.id(), to(toDirectory));

        assertThat(result.commit()).isEqualTo(NEW.head().id());
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(NEW));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterARunThatBrokeOffANewCommitWithTheSameFileTakesItsBytesOver(boolean toDirectory) throws IOException {
        breakOff(toDirectory);
        long before = lab.ledger().bytesSent(FILE);
        Repository next = OLD.file("README.md", "# Second edition\n");
        put("huggingface", next);

        Snapshot result = lab.fetch(OLD.id(), to(toDirectory));

        assertThat(result.commit()).isEqualTo(next.head().id());
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(next));
        assertThat(before).isEqualTo(MEGABYTE);
        assertThat(lab.ledger().bytesSent(FILE)).isEqualTo(SIZE);
    }

    /** Leaves the first megabyte of the file. */
    private void breakOff(boolean toDirectory) {
        hub("huggingface").dataFaults().add(Fault.shortBody(MEGABYTE).times(1));
        hub("huggingface").dataFaults().add(Fault.redirectLoop().after(1));
        lab.failure(FetchException.Unreachable.class, OLD.id(), Lab.impatiently(to(toDirectory)));
        hub("huggingface").dataFaults().clear();
    }

    private UnaryOperator<FetchRequest.Builder> to(boolean directory) {
        return request -> {
            FetchRequest.Builder from = Lab.from("huggingface").apply(request).connectionsPerFile(1);
            return directory
                    ? from.destination(new Destination.Directory(lab.home().resolve("plain")))
                    : from;
        };
    }

    private boolean isTheFile(String path) {
        return path.endsWith(FILE)
                || path.contains(
                        "/blobs/" + OLD.head().files().get(FILE).content().sha256());
    }

    private void put(String source, Repository repository) {
        hub(source).catalogue().put(source.equals("modelscope") ? repository.at("modelscope") : repository);
    }

    private MiniHub<?> hub(String source) {
        return switch (source) {
            case "huggingface" -> lab.hubs().huggingFace();
            case "mirror" -> lab.hubs().mirror();
            default -> lab.hubs().modelScope();
        };
    }
}
