package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "10k, 10000",
        "10KB, 10000",
        "500MB, 500000000",
        "1.5G, 1500000000",
        "20 GB, 20000000000",
        "2tb, 2000000000000",
        "9PB, 9000000000000000",
        "7B, 7",
        "999999999999999999, 999999999999999999"
    })
    void unitsAreDecimal(String text, long bytes) {
        assertThat(Amount.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "GB", "-1", "-1GB", "1XB", "1GiB", "1,5G", "1e6", "１GB", "٣GB", "9999999PB", "1  GB", "much"
            })
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Amount.parse(text))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("\"" + text + "\"")
                .extracting(e -> ((FetchException) e).hint())
                .asString()
                .contains("20GB");
    }
}
