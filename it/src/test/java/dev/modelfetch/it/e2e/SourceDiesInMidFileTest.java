package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verdict;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever sends the bytes stops doing so half way; somebody else sends the rest. */
class SourceDiesInMidFileTest {

    private static final long MEGABYTE = 1 << 20;

    @RegisterExtension
    final Lab lab = Lab.of(Samples.LARGE).with("HF_HUB_DOWNLOAD_TIMEOUT", "1");

    @Test
    void afterAResetTheRestComesFromTheNextSource() throws IOException {
        lab.hubs().modelScope().dataFaults().add(Fault.resetAfter(3 * MEGABYTE).times(1));
        lab.hubs().modelScope().dataFaults().add(Fault.reset().after(1));

        assertIsSharedBy("modelscope", "mirror");
    }

    @Test
    void afterSilenceTheRestComesFromTheNextSource() throws IOException {
        lab.hubs().modelScope().dataFaults().add(Fault.stallAfter(3 * MEGABYTE).times(1));
        lab.hubs().modelScope().dataFaults().add(Fault.blackHole().after(1));

        assertIsSharedBy("modelscope", "mirror");
    }

    @Test
    void afterServerErrorsTheRestComesFromTheNextSource() throws IOException {
        lab.hubs().mirror().dataFaults().add(Fault.resetAfter(3 * MEGABYTE).times(1));
        lab.hubs().mirror().dataFaults().add(Fault.status(503).after(1));

        assertIsSharedBy("mirror", "huggingface");
    }

    @Test
    void aHealthyApiWithADeadDataHostIsNotEnough() throws IOException {
        lab.hubs().modelScope().storage().refuse();

        Snapshot result = lab.fetch(Samples.LARGE.id(), Lab.from("modelscope", "mirror"));

        assertThat(item(result).from()).containsExactly("mirror");
        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(Samples.LARGE));
        assertThat(result.probes())
                .filteredOn(probe -> probe.source().equals("modelscope"))
                .allMatch(probe -> probe.verdict().kind() == Verdict.Kind.USABLE);
    }

    @Test
    void aSourceTheRaceEndedWithoutIsAskedWhenTheWinnerCannotDeliver() throws IOException {
        // The origin answers long before ModelScope's turn to be asked.
        lab.hubs().huggingFace().storage().refuse();
        lab.hubs().mirror().storage().refuse();

        Snapshot result = lab.fetch(Samples.LARGE.id());

        assertThat(result.source()).isEqualTo("huggingface");
        assertThat(item(result).from()).containsExactly("modelscope");
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.LARGE));
    }

    @Test
    void aShortInterruptionIsNoReasonToLeave() throws IOException {
        lab.hubs().modelScope().dataFaults().add(Fault.resetAfter(2 * MEGABYTE).times(3));

        Snapshot result = lab.fetch(Samples.LARGE.id(), "modelscope");

        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(Samples.LARGE));
        assertThat(lab.events().all(FetchEvent.Retrying.class)).isNotEmpty();
    }

    @Test
    void whenTheLastDataHostIsDeadTheMessageNamesIt() {
        lab.hubs().modelScope().storage().refuse();

        FetchException.Unreachable e = lab.failure(
                FetchException.Unreachable.class, Samples.LARGE.id(), Lab.impatiently(Lab.from("modelscope")));

        assertThat(e).hasMessageContaining(Samples.BIG).hasMessageContaining("modelscope");
    }

    private void assertIsSharedBy(String first, String second) throws IOException {
        Snapshot result = lab.fetch(Samples.LARGE.id(), Lab.from(first, second));

        assertThat(Contents.of(result.path())).containsAllEntriesOf(Contents.of(Samples.LARGE));
        assertThat(item(result).from()).containsExactlyInAnyOrder(first, second);
        assertThat(lab.events().all(FetchEvent.SourceSwitched.class)).anySatisfy(event -> {
            assertThat(event.from()).isEqualTo(first);
            assertThat(event.to()).isEqualTo(second);
            assertThat(event.reason()).isNotBlank();
        });
    }

    private static Snapshot.Item item(Snapshot result) {
        return result.files().stream()
                .filter(file -> file.path().equals(Samples.BIG))
                .findFirst()
                .orElseThrow();
    }
}
