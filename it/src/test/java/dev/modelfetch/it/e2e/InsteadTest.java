package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Repository;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever asks for what is not there hears what is. */
class InsteadTest {

    private static final Repository MODEL = Repository.model("acme-lab/tiny-Instruct")
            .file("config.json", "{}\n")
            .ref("v1.0");
    private static final Repository POEMS = Repository.dataset("acme-lab/poems").file("poems.txt", "roses\n");

    @RegisterExtension
    final Lab lab = Lab.of(MODEL, POEMS);

    private List<Hint> hints(String address, UnaryOperator<FetchRequest.Builder> how) {
        return lab.failure(FetchException.NotFound.class, address, how).hints();
    }

    private static UnaryOperator<FetchRequest.Builder> at(String source, String revision) {
        return request -> Lab.from(source).apply(request).revision(revision);
    }

    @Test
    void theNameThatWasMeant() {
        assertThat(hints("acme-lab/tiny-Instuct", request -> request))
                .filteredOn(hint -> hint.code().equals("did-you-mean-repo"))
                .singleElement()
                .satisfies(hint -> assertThat(hint.values()).containsExactly(MODEL.id()));
    }

    @Test
    void theOwnerThatWasMeant() {
        assertThat(hints("acme/tiny-Instruct", Lab.from("mirror")))
                .extracting(Hint::text)
                .contains("Did you mean acme-lab/tiny-Instruct?");
    }

    @Test
    void nothingThatIsFarFromIt() {
        assertThat(hints("acme-lab/something-else-altogether", request -> request))
                .extracting(Hint::code)
                .containsExactly("check-name");
    }

    @Test
    void thatItIsADataset() {
        assertThat(hints("acme-lab/poems", Lab.from("huggingface")))
                .filteredOn(hint -> hint.code().equals("other-type"))
                .singleElement()
                .satisfies(hint ->
                        assertThat(hint.values()).containsExactly("dataset", "huggingface", "datasets/acme-lab/poems"));
        assertThat(hints("acme-lab/poems", Lab.from("modelscope")))
                .extracting(Hint::code)
                .contains("other-type");
    }

    @Test
    void theBranchesAndTagsThere() {
        for (String source : List.of("huggingface", "mirror", "modelscope")) {
            assertThat(hints(MODEL.id(), at(source, "v1.1")))
                    .as(source)
                    .filteredOn(hint -> hint.code().equals("revisions-there"))
                    .singleElement()
                    .satisfies(hint -> assertThat(hint.text()).contains("v1.0"));
        }
    }

    @Test
    void aHubThatDoesNotSaySpoilsNothing() {
        lab.hubs().modelScope().faults().add(Fault.status(500).onApi());

        assertThat(hints(MODEL.id(), at("mirror", "v1.1"))).isNotEmpty();
        assertThat(hints("acme-lab/tiny-Instuct", Lab.from("mirror")))
                .extracting(Hint::code)
                .contains("did-you-mean-repo");
    }
}
