package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatienceTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "0s, PT0S",
        "45, PT45S",
        "30s, PT30S",
        "10m, PT10M",
        "10M, PT10M",
        "10min, PT10M",
        "12h, PT12H",
        "2d, PT48H",
        "' 5m ', PT5M",
        "36500d, PT876000H",
        "999999999, PT277777H46M39S"
    })
    void aNumberHasAUnitOrCountsSeconds(String text, Duration time) {
        assertThat(Patience.parse(text).time()).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "-5m", "soon", "m", "1.5h", "1h30m", "10 m", "5w", "1e3", "36501d", "1000000000", "∞"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Patience.parse(text))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("\"" + text + "\"")
                .extracting(e -> ((FetchException) e).hint())
                .asString()
                .contains("10m");
    }
}
