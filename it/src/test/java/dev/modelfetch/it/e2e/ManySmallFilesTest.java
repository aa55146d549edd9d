package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchRequest;
import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A dataset of many small files, at a hub that takes its time before each answer. */
class ManySmallFilesTest {

    private static final int USUAL = 8;
    private static final Repository DATASET =
            Repository.dataset("acme-lab/records").files(records());

    @RegisterExtension
    final Lab lab = Lab.of(DATASET);

    @BeforeEach
    void beFarAway() {
        lab.hubs().huggingFace().faults().add(Fault.delay(Duration.ofMillis(60)).onFiles());
    }

    @Test
    void moreOfThemTravelAtOnceThanLargeOnesWould() throws IOException {
        Snapshot result = fetch(request -> request);

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(DATASET));
        assertThat(lab.ledger().peak("huggingface")).isGreaterThan(USUAL);
    }

    @Test
    void aNumberThatWasSetIsKept() throws IOException {
        Snapshot result = fetch(request -> request.maxWorkers(USUAL));

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(DATASET));
        assertThat(lab.ledger().peak("huggingface")).isLessThanOrEqualTo(USUAL);
    }

    private Snapshot fetch(UnaryOperator<FetchRequest.Builder> how) {
        return lab.fetch(
                "datasets/" + DATASET.id(),
                request -> how.apply(Lab.from("huggingface").apply(request)));
    }

    /** Enough of them to take several seconds with the usual number. */
    private static Map<String, Content> records() {
        Map<String, Content> records = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            records.put("part-%d/record-%03d.json".formatted(i % 7, i), Content.generated(i, 2_000 + i));
        }
        return records;
    }
}
