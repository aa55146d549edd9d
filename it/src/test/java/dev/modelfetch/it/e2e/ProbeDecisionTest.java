package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.modelfetch.testing.hub.Outage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code fetch probe} says what a fetch would take, why, and who has the same; what is learned shows the next time. */
class ProbeDecisionTest {

    private static final String REPO = Samples.LARGE.id();

    @RegisterExtension
    final Lab lab = Lab.of(Samples.LARGE);

    @Test
    void itSaysWhatWouldBeTakenAndWhoHasTheSame() throws Exception {
        JsonObject said = lab.program().run("probe", REPO, "--json").exits(0).json();

        JsonObject decision = said.getAsJsonObject("decision");
        // Whoever is quickest by a hair is taken.
        String taken = decision.get("source").getAsString();
        assertThat(lab.hubs().endpoints()).containsKey(taken);
        assertThat(decision.get("commit").getAsString()).matches("[0-9a-f]{40}");
        assertThat(decision.get("reason").getAsString()).isNotBlank();
        JsonObject compared = decision.getAsJsonObject("compared");
        assertThat(compared.keySet()).hasSize(2).doesNotContain(taken);
        assertThat(said.getAsJsonArray("samples")).hasSize(3).allSatisfy(sample -> {
            assertThat(sample.getAsJsonObject().get("bytes").getAsInt()).isEqualTo(65_536);
            assertThat(sample.getAsJsonObject().get("host").getAsString()).startsWith("127.0.0.1:");
        });
        for (String source : compared.keySet()) {
            JsonObject counts = compared.getAsJsonObject(source);
            assertThat(counts.get("other").getAsInt()).as(source).isZero();
            assertThat(counts.get("same").getAsInt()).as(source).isPositive();
        }
    }

    @Test
    void itSaysSoToPeople() throws Exception {
        String out = lab.program().run("probe", REPO).exits(0).out();

        assertThat(out).contains(" would be taken, at commit ").contains("are the same, 0 differ");
    }

    @Test
    void aSourceThatAnotherSettingLeavesOutIsNamed() throws Exception {
        JsonObject said = lab.away()
                .at(java.util.Map.of("modelscope", lab.hubs().endpoints().get("modelscope")))
                .with("HF_ENDPOINT", lab.hubs().endpoints().get("mirror"))
                .run("probe", REPO, "--json")
                .exits(0)
                .json();

        assertThat(said.getAsJsonArray("probes")).anySatisfy(probe -> {
            assertThat(probe.getAsJsonObject().get("source").getAsString()).isEqualTo("huggingface");
            assertThat(probe.getAsJsonObject().get("verdict").getAsString()).isEqualTo("not-asked");
            assertThat(probe.getAsJsonObject().get("detail").getAsString()).contains("HF_ENDPOINT");
        });
    }

    @Test
    void aHubThatCouldNotBeReachedIsNotAskedByTheNextRunAndTheResultSaysWhy() throws Exception {
        lab.hubs().huggingFace().away(Outage.silent());
        Program program = lab.program().with("HF_HUB_ETAG_TIMEOUT", "1");
        program.run("probe", REPO).exits(0);
        lab.ledger().clear();

        JsonObject result = program.run(REPO, "--json").exits(0).json();

        assertThat(lab.ledger().connections("huggingface")).isZero();
        assertThat(result.getAsJsonArray("probes")).anySatisfy(probe -> {
            assertThat(probe.getAsJsonObject().get("source").getAsString()).isEqualTo("huggingface");
            assertThat(probe.getAsJsonObject().get("verdict").getAsString()).isEqualTo("not-asked");
            assertThat(probe.getAsJsonObject().get("detail").getAsString()).startsWith("could not be reached");
        });
    }

    @Test
    void askedAnewItIsAsked() throws Exception {
        lab.hubs().huggingFace().away(Outage.silent());
        Program program = lab.program().with("HF_HUB_ETAG_TIMEOUT", "1");
        program.run("probe", REPO).exits(0);
        lab.hubs().huggingFace().back();
        lab.ledger().clear();

        program.run(REPO, "--probe-fresh").exits(0);

        assertThat(lab.ledger().visits("huggingface")).isNotEmpty();
    }

    @Test
    void aStoredTokenCostsNoChoiceWhereTheNameIsNoSecret() throws Exception {
        Program program = lab.program().with("HF_HUB_ETAG_TIMEOUT", "1");
        program.run(REPO, "--dry-run").exits(0);
        program.run(REPO, "config.json").exits(0);
        lab.hubs().huggingFace().away(Outage.silent());

        JsonObject result = program.with("HF_TOKEN", "hf_stored")
                .run(REPO, "--json")
                .exits(0)
                .json();

        assertThat(result.get("source").getAsString()).isNotEqualTo("huggingface");
    }

    @Test
    void whoOnlyProbesShowsAPrivateNameToNobodyElseEither() throws Exception {
        lab.hubs().huggingFace().away(Outage.silent());

        Running.Ended ended = lab.program()
                .with("HF_HUB_ETAG_TIMEOUT", "1")
                .with("HF_TOKEN", "hf_stored")
                .run("probe", REPO, "--json");

        assertThat(ended.json().getAsJsonArray("probes"))
                .filteredOn(probe ->
                        !probe.getAsJsonObject().get("source").getAsString().equals("huggingface"))
                .hasSize(2)
                .allMatch(probe ->
                        probe.getAsJsonObject().get("verdict").getAsString().equals("not-asked"));
        assertThat(lab.ledger().visits("mirror")).isEmpty();
        assertThat(lab.ledger().visits("modelscope")).isEmpty();
    }

    @Test
    void aNameThatMayBePrivateIsShownToNobodyElse() throws Exception {
        lab.hubs().huggingFace().away(Outage.silent());

        Running.Ended ended = lab.program()
                .with("HF_HUB_ETAG_TIMEOUT", "1")
                .with("HF_TOKEN", "hf_stored")
                .run(REPO)
                .exits(5);

        assertThat(ended.err()).contains("--public");
        assertThat(lab.ledger().visits("mirror")).isEmpty();
        assertThat(lab.ledger().visits("modelscope")).isEmpty();
        lab.program()
                .with("HF_HUB_ETAG_TIMEOUT", "1")
                .with("HF_TOKEN", "hf_stored")
                .run(REPO, "--public")
                .exits(0);
    }
}
