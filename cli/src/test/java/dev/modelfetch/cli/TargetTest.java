package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.Address;
import dev.modelfetch.FetchException;
import dev.modelfetch.RepoType;
import dev.modelfetch.Selection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TargetTest {

    private static Target target(String text, RepoType type, String revision, String... files) {
        return Target.of(text, type, revision, Selection.of(List.of(files), List.of(), List.of()));
    }

    @Test
    void anOptionSaysTheTypeOfABareId() {
        assertThat(target("lab/tiny", RepoType.DATASET, null).repo().type()).isEqualTo(RepoType.DATASET);
    }

    @Test
    void anOptionMaySayAgainWhatTheAddressSays() {
        assertThat(target("datasets/lab/tiny", RepoType.DATASET, null).repo().id())
                .isEqualTo("lab/tiny");
        assertThat(target("lab/tiny@v1", null, "v1").revision()).isEqualTo("v1");
    }

    @Test
    void aTypedAddressAndAnotherTypeContradictEachOther() {
        assertThatThrownBy(() -> target("datasets/lab/tiny", RepoType.MODEL, null))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessage("\"datasets/lab/tiny\" names a dataset, but the options ask for a model.");
    }

    @Test
    void aRevisionInTheAddressAndAnotherOneContradictEachOther() {
        assertThatThrownBy(() -> target("lab/tiny@v1", null, "v2"))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("v1")
                .hasMessageContaining("v2");
    }

    @Test
    void aFileInTheAddressJoinsTheFilesNamed() {
        Target target = target("https://huggingface.co/lab/tiny/blob/main/a.txt", null, null, "b.txt");

        assertThat(target.selection())
                .isEqualTo(Selection.of(List.of("b.txt"), List.of(), List.of()).files("a.txt"));
        assertThat(target.revision()).isEqualTo("main");
    }

    @ParameterizedTest
    @EnumSource(RepoType.class)
    void theAddressReadsBackToTheSameRepository(RepoType type) {
        for (String text : List.of("lab/tiny", "hf://lab/tiny", "modelscope://lab/tiny", "gpt2")) {
            Target target = target(text, type, null);
            assertThat(Address.parse(target.address()).repo()).isEqualTo(target.repo());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lab/tiny, lab/tiny",
        "datasets/lab/tiny, datasets/lab/tiny",
        "modelscope://lab/tiny, modelscope://lab/tiny"
    })
    void theAddressHasTheTypeInFront(String text, String address) {
        assertThat(target(text, null, null).address()).isEqualTo(address);
    }
}
