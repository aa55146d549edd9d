package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redirections that lead in circles or out of TLS: not followed to the end, explained, replaced by another source. */
class RedirectFaultsTest {

    private static final String SHARD = "model.safetensors";
    private static final int MOST_HOPS = 6;

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    @Test
    void aHubWhoseApiLeadsInCirclesIsLeftForTheNext() throws IOException {
        lab.hubs().huggingFace().faults().add(Fault.redirectLoop());

        Snapshot result = lab.fetch(Samples.SMALL.id(), Lab.from("huggingface", "mirror"));

        assertThat(result.source()).isEqualTo("mirror");
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(lab.ledger().visits("huggingface").size()).isLessThanOrEqualTo(MOST_HOPS);
    }

    @Test
    void aHubWhoseApiLeadsInCirclesIsNamed() throws Exception {
        lab.hubs().huggingFace().faults().add(Fault.redirectLoop());

        Running.Ended ended = lab.program()
                .run(Samples.SMALL.id(), "--source", "huggingface", "--json")
                .exits(5);

        assertThat(ended.error().get("message").getAsString())
                .contains("huggingface: too many redirects")
                .contains("127.0.0.1");
        assertThat(lab.filesAtHome()).isEmpty();
    }

    @Test
    void filesThatLeadInCirclesAtTheHubItselfAreFetchedElsewhere() throws IOException {
        lab.hubs().huggingFace().faults().add(Fault.redirectLoop().onFiles());

        Snapshot result = lab.fetch(Samples.SMALL.id(), Lab.from("huggingface", "mirror"));

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(result.files()).allSatisfy(file -> assertThat(file.from()).containsExactly("mirror"));
    }

    @Test
    void aCircleBetweenTheHubAndItsDataHostEnds() throws IOException {
        String back = lab.hubs().huggingFace().endpoint() + "/" + Samples.SMALL.id() + "/resolve/main/" + SHARD;
        lab.hubs().huggingFace().dataFaults().add(Fault.redirect(302, back));

        FetchException.Unreachable e = lab.failure(
                FetchException.Unreachable.class, Samples.SMALL.id(), Lab.impatiently(Lab.from("huggingface")));

        assertThat(e).hasMessageContaining(SHARD).hasMessageContaining("too many redirects from 127.0.0.1");
        assertThat(lab.ledger().visits("huggingface-data").size()).isLessThanOrEqualTo(MOST_HOPS);
        assertThat(lab.filesAtHome()).noneMatch(file -> file.endsWith(SHARD));
    }

    @Test
    void bytesInClearTextAreNotTakenFromAHubThatSpeaksTls() throws Exception {
        try (TlsDoor door = new TlsDoor(lab.home(), lab.hubs().huggingFace().endpoint())) {
            Running.Ended ended = lab.away()
                    .at(Map.of("huggingface", door.address()))
                    .with("JAVA_TOOL_OPTIONS", door.trust())
                    .run(Samples.SMALL.id(), "--source", "huggingface", "--json")
                    .exits(5);

            assertThat(ended.error().get("message").getAsString())
                    .contains(SHARD)
                    .contains("127.0.0.1 redirects to clear text at 127.0.0.1");
        }
        assertThat(lab.ledger().requests("/api/models/" + Samples.SMALL.id())).isNotEmpty();
        assertThat(lab.ledger().connections("huggingface-data")).isZero();
        assertThat(lab.filesAtHome()).noneMatch(file -> file.endsWith(SHARD));
    }

    @Test
    void afterARefusedDowngradeAnotherSourceDelivers() throws Exception {
        try (TlsDoor door = new TlsDoor(lab.home(), lab.hubs().huggingFace().endpoint())) {
            Running.Ended ended = lab.away()
                    .at(Map.of(
                            "huggingface",
                            door.address(),
                            "mirror",
                            lab.hubs().mirror().endpoint()))
                    .with("JAVA_TOOL_OPTIONS", door.trust())
                    .run(Samples.SMALL.id(), "--source", "huggingface,mirror");

            assertThat(Contents.of(ended.path())).isEqualTo(Contents.of(Samples.SMALL));
        }
        assertThat(lab.ledger().connections("huggingface-data")).isZero();
        assertThat(lab.ledger().bytesSent("mirror-data", SHARD)).isEqualTo(300_000);
    }
}
