package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.testing.hub.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing gets its final name for which nobody vouches as strongly as was asked for. */
class MinVerificationTest {

    private static final String REPO = Samples.SMALL.id();

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    @Test
    void whatTheOriginListsMeetsIt() throws Exception {
        Running.Ended ended = lab.program()
                .run(REPO, "--source", "huggingface", "--min-verification", "origin")
                .exits(0);

        assertThat(Contents.of(ended.path())).isEqualTo(Contents.of(Samples.SMALL));
    }

    @Test
    void whatOnlyAMirrorListsDoesNotAndNothingOfItIsAskedForOrPublished() throws Exception {
        Running.Ended ended = lab.program()
                .run(REPO, "--source", "mirror", "--min-verification", "cross", "--json")
                .exits(5);

        assertThat(ended.error().get("message").getAsString()).contains("at the level self only, and cross");
        assertThat(lab.filesAtHome()).noneMatch(file -> file.contains("/snapshots/") && file.endsWith(".safetensors"));
        assertThat(lab.ledger().connections("mirror-data")).isZero();
    }

    @Test
    void twoIndependentHubsMeetCross() throws Exception {
        lab.program()
                .run(REPO, "--source", "mirror,modelscope", "--min-verification", "cross")
                .exits(0);
    }

    @Test
    void aStoredFileIsHeldToItToo() throws Exception {
        lab.program().run(REPO, "--source", "mirror").exits(0);

        lab.program().run(REPO, "--offline", "--min-verification", "self").exits(0);
        lab.program().run(REPO, "--offline", "--min-verification", "origin").exits(8);
        lab.program()
                .run(REPO, "--source", "mirror", "--min-verification", "origin")
                .exits(5);
        lab.program()
                .run(REPO, "--source", "huggingface", "--min-verification", "origin")
                .exits(0);
    }

    @Test
    void aLevelThatDoesNotExistIsAUsageError() throws Exception {
        assertThat(lab.program()
                        .run(REPO, "--min-verification", "high")
                        .exits(2)
                        .err())
                .contains("\"high\" is not a level of verification");
    }

    @Test
    void pinsAreTheUsersOwnSoNobodyIsAskedForThem() throws Exception {
        lab.program().run(REPO, "--min-verification", "pinned").exits(2);

        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void whoWouldHaveToVouchIsNotWaitedForWhereTheWaitMayBeForEver() throws Exception {
        lab.hubs().huggingFace().faults().add(Fault.status(503));

        lab.program()
                .run(REPO, "--source", "huggingface,mirror", "--min-verification", "origin")
                .exits(5);
    }
}
