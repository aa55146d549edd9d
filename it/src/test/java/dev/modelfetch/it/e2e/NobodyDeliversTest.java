package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.modelfetch.FetchException;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MirrorFace.Quirk;
import dev.modelfetch.testing.hub.Repository;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody can or may: one error that helps, with the status that scripts rely on. */
class NobodyDeliversTest {

    private static final String SECRET = "hf_markerOfTheReader";
    private static final Repository GATED =
            Samples.SMALL.named("acme-lab/gated").gated(SECRET);
    private static final Repository HIDDEN =
            Samples.SMALL.named("acme-lab/hidden").hidden(SECRET);

    @RegisterExtension
    final Lab lab = Lab.of(List.of(Samples.SMALL, GATED, HIDDEN), List.of(Samples.SMALL.at("modelscope")));

    @Test
    void whenAllAreDeadTheMessageNamesEveryCause() throws Exception {
        lab.hubs().huggingFace().faults().add(Fault.blackHole());
        lab.hubs().mirror().server().refuse();
        lab.hubs().modelScope().faults().add(Fault.status(503));

        Running.Ended ended = lab.program()
                .with("HF_HUB_ETAG_TIMEOUT", "1")
                .run(Samples.SMALL.id(), "--json")
                .exits(5);

        JsonObject error = ended.error();
        assertThat(error.get("code").getAsInt()).isEqualTo(5);
        assertThat(error.get("kind").getAsString()).isEqualTo("unreachable");
        assertThat(error.get("message").getAsString())
                .contains("huggingface: no answer in time")
                .contains("mirror: connection refused")
                .contains("modelscope: HTTP 503");
        assertThat(error.get("hint").getAsString()).isNotBlank();
        assertThat(ended.json().getAsJsonArray("probes")).hasSize(3);
        assertThat(lab.filesAtHome()).isEmpty();
    }

    @Test
    void whatNobodyHasIsNotFound() throws Exception {
        Running.Ended ended = lab.program().run("acme-lab/nowhere", "--json").exits(3);

        assertThat(ended.error().get("kind").getAsString()).isEqualTo("not-found");
        assertThat(ended.error().get("message").getAsString()).contains("acme-lab/nowhere");
        assertThat(lab.filesAtHome()).isEmpty();
    }

    @Test
    void whatOneLacksWhileTheOriginIsDownIsNotCalledNonexistent() {
        lab.hubs().huggingFace().faults().add(Fault.status(500));
        lab.hubs().mirror().faults().add(Fault.webPage());

        FetchException.Unreachable e = lab.failure(FetchException.Unreachable.class, "acme-lab/nowhere");

        assertThat(e).hasMessageContaining("huggingface: HTTP 500").hasMessageContaining("mirror: a web page");
    }

    @Test
    void anUnknownRevisionIsNotFound() {
        FetchException.NotFound e =
                lab.failure(FetchException.NotFound.class, Samples.SMALL.id(), request -> request.revision("v9"));

        assertThat(e).hasMessageContaining("v9");
    }

    @Test
    void aFileThatIsNotThereIsNotFound() throws Exception {
        Running.Ended ended =
                lab.program().run(Samples.SMALL.id(), "no-such.bin", "--json").exits(3);

        assertThat(ended.error().get("message").getAsString()).contains("no-such.bin");
    }

    @Test
    void aForcedMirrorThatSendsThisNetworkToTheOriginSaysSo() {
        lab.hubs().mirror().face().quirks(Quirk.MOVED_TO_ORIGIN);

        FetchException.Unreachable e =
                lab.failure(FetchException.Unreachable.class, Samples.SMALL.id(), Lab.from("mirror"));

        assertThat(e.hint()).contains("allow huggingface");
        assertThat(lab.ledger().visits("huggingface")).isEmpty();
    }

    @Test
    void aGatedModelNeedsATokenAndOpensWithOne() throws Exception {
        Running.Ended refused = lab.program().run(GATED.id(), "--json").exits(4);
        assertThat(refused.error().get("kind").getAsString()).isEqualTo("access-denied");
        assertThat(refused.error().get("message").getAsString())
                .contains("gated")
                .contains("huggingface");

        Running.Ended opened = lab.program().with("HF_TOKEN", SECRET).run(GATED.id());
        assertThat(Contents.of(opened.path())).isEqualTo(Contents.of(GATED));
    }

    @Test
    void aGatedModelStaysClosedForAStrangersToken() throws Exception {
        lab.hubs().huggingFace().catalogue().user("hf_markerOfAStranger");

        lab.program().with("HF_TOKEN", "hf_markerOfAStranger").run(GATED.id()).exits(4);
        lab.program().with("HF_TOKEN", "hf_nobodyKnowsMe").run(GATED.id()).exits(4);
    }

    @Test
    void aPrivateModelLooksAbsentToStrangersAndOpensWithAToken() throws Exception {
        // The Hub does not tell strangers which of the two it is, so the message has to name both.
        Running.Ended refused =
                lab.program().run(HIDDEN.id(), "--source", "hf", "--json").exits(3);
        assertThat(refused.error().get("message").getAsString()).contains("private");
        assertThat(refused.error().get("hint").getAsString()).contains("token");
        lab.program()
                .with("HF_TOKEN", "hf_nobodyKnowsMe")
                .run(HIDDEN.id(), "--source", "hf")
                .exits(4);

        Running.Ended opened = lab.program().reading(SECRET + "\n").run(HIDDEN.id(), "--source", "hf", "--token", "-");
        assertThat(Contents.of(opened.path())).isEqualTo(Contents.of(HIDDEN));
    }
}
