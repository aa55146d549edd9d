package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceChoiceTest {

    @ParameterizedTest
    @ValueSource(strings = {"auto", "AUTO", " Auto "})
    void autoMeansAllOfThem(String text) {
        assertThat(SourceChoice.parse(text)).isEqualTo(SourceChoice.auto());
    }

    @Test
    void oneNameIsAWallAroundThatSource() {
        assertThat(SourceChoice.parse("ModelScope")).isEqualTo(SourceChoice.only("modelscope"));
    }

    @Test
    void aListKeepsItsOrder() {
        assertThat(SourceChoice.parse("modelscope, mirror,hf"))
                .isEqualTo(new SourceChoice.Only(List.of("modelscope", "mirror", "hf")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "hf,", ",hf", "hf,,ms", "auto,hf", "hf,auto", "auto,auto"})
    void gapsAndMixturesWithAutoAreUsageErrors(String text) {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> SourceChoice.parse(text))
                .satisfies(e -> assertThat(e.hint()).contains("modelscope,mirror"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf,hf", "hf,HF", "ms, hf ,ms"})
    void namingASourceTwiceIsAUsageError(String text) {
        assertThatExceptionOfType(FetchException.Usage.class).isThrownBy(() -> SourceChoice.parse(text));
    }

    @Test
    void nobodyAtAllIsAUsageError() {
        assertThatExceptionOfType(FetchException.Usage.class).isThrownBy(SourceChoice::only);
    }

    @Test
    void aChoiceDoesNotChangeWithTheListItWasMadeFrom() {
        List<String> names = new ArrayList<>(List.of("hf"));
        SourceChoice.Only choice = new SourceChoice.Only(names);
        names.add("mirror");

        assertThat(choice.sources()).containsExactly("hf");
    }
}
