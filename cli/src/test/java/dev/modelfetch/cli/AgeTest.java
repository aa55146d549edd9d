package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgeTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "90, PT90S",
        "30s, PT30S",
        "15m, PT15M",
        "6h, PT6H",
        "7d, P7D",
        "2W, P14D",
        "3mo, P90D",
        "1y, P365D",
        "' 7d ', P7D",
        "999999999y, P364999999635D"
    })
    void hasTheUnitsOfThePythonTool(String text, Duration time) {
        assertThat(Age.parse(text).time()).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "d", "-1d", "1.5d", "7 d", "7days", "７d", "٧d", "1d2h", "9999999999", "soon"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Age.parse(text))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("\"" + text + "\"")
                .extracting(e -> ((FetchException) e).hint())
                .asString()
                .contains("7d");
    }
}
