package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.testing.hub.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code fetch probe} without a repository: whether the hubs answer, not what they hold. */
class ReachabilityTest {

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    @Test
    void aHubThatSaysInItsOwnWordsWhatItDoesNotHaveCanBeReached() throws Exception {
        Running.Ended ended = lab.program().start("probe", "--json").end().exits(0);

        assertThat(ended.json().getAsJsonArray("probes"))
                .allSatisfy(probe -> assertThat(
                                probe.getAsJsonObject().get("verdict").getAsString())
                        .isEqualTo("usable"));
    }

    @Test
    void aWebPageOnTheWayIsNotTheHub() throws Exception {
        lab.hubs().huggingFace().faults().add(Fault.webPage());

        lab.program().start("probe", "--source", "hf").end().exits(5);
    }

    @Test
    void withARepositoryItsAbsenceIsTheAnswer() throws Exception {
        lab.program().start("probe", "acme-lab/nothing").end().exits(3);
    }

    @Test
    void hubsAreToldTheVersionThatTheProgramSaysItIs() throws Exception {
        String version = lab.program().start("--version").end().exits(0).out().strip();
        lab.program().start("probe", Samples.SMALL.id()).end().exits(0);

        assertThat(version).matches("Modelfetch \\d.*");
        assertThat(lab.ledger().visits())
                .allSatisfy(visit -> assertThat(visit.request().header("User-Agent"))
                        .hasValueSatisfying(agent -> assertThat(agent)
                                .startsWith("modelfetch/" + version.substring("Modelfetch ".length()) + " ")));
    }
}
