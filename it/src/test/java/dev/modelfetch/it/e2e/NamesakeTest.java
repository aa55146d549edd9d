package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Identity;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verification;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Repository;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A repository of another catalogue under the same or another name: is it the one that was meant? */
class NamesakeTest {

    private static final String OTHER_NAME = "AcmeCN/Tiny-Model";
    private static final Repository SAME = Samples.SMALL.named(OTHER_NAME).at("modelscope");
    private static final Repository DIFFERENT =
            SAME.lfs("model.safetensors", Content.generated(404, 300_000)).at("modelscope");

    @RegisterExtension
    final Lab lab = Lab.of(List.of(Samples.SMALL), List.of(SAME));

    @BeforeEach
    void configureTheAlias() throws Exception {
        lab.program()
                .configured("{\"v\": 1, \"aliases\": {\"modelscope\": {\"%s\": \"%s\"}}}"
                        .formatted(Samples.SMALL.id(), OTHER_NAME));
    }

    @Test
    void equalWeightsProveAnAlias() throws Exception {
        Snapshot result = lab.fetch(Samples.SMALL.id(), Lab.from("modelscope", "mirror"));

        assertThat(result.source()).isEqualTo("modelscope");
        assertThat(result.identity()).isEqualTo(Identity.PROVED);
        assertThat(result.files())
                .filteredOn(file -> file.path().equals("model.safetensors"))
                .allMatch(file -> file.verified() == Verification.CROSS);
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(result.path()).startsWith(lab.cache().resolve("models--acme-lab--tiny"));
    }

    @Test
    void withoutAnyHubToAskItStaysUnproved() {
        Snapshot result = lab.fetch(Samples.SMALL.id(), "modelscope");

        assertThat(result.identity()).isEqualTo(Identity.UNPROVED);
        assertThat(result.files()).allMatch(file -> file.verified() == Verification.SELF);
    }

    @Test
    void otherWeightsUnderThatNameAreNotWhatWasMeant() throws Exception {
        lab.hubs().modelScope().catalogue().put(DIFFERENT);

        Snapshot result = lab.fetch(Samples.SMALL.id(), Lab.from("modelscope", "mirror"));

        assertThat(result.source()).isEqualTo("mirror");
        assertThat(result.identity()).isEqualTo(Identity.SAME);
        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(lab.ledger().bytesSent("modelscope-data", "model.safetensors"))
                .isZero();
    }

    @Test
    void whatOnlyTheNamesakeHasIsTakenAndCalledUnproved() throws Exception {
        lab.hubs().huggingFace().faults().add(Fault.reset());
        lab.hubs().mirror().faults().add(Fault.reset());

        Running.Ended ended = lab.program().run(Samples.SMALL.id(), "--json").exits(0);

        assertThat(ended.json().get("source").getAsString()).isEqualTo("modelscope");
        assertThat(ended.json().get("identity").getAsString()).isEqualTo("unproved");
        assertThat(ended.err()).contains(OTHER_NAME);
    }

    @Test
    void anAddressOfModelScopeNeedsNoProof() {
        Snapshot result = lab.fetch("modelscope://" + OTHER_NAME);

        assertThat(result.identity()).isEqualTo(Identity.SAME);
        assertThat(lab.ledger().visits("huggingface")).isEmpty();
        assertThat(lab.ledger().visits("mirror")).isEmpty();
    }
}
