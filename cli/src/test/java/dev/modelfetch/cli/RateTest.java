package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "4096, 4096",
        "500K, 500000",
        "10M, 10000000",
        "10m, 10000000",
        "1.5G, 1500000000",
        "' 2M ', 2000000",
        "0.5K, 500",
        "10MB, 10000000",
        "10MB/s, 10000000",
        "10 MB/s, 10000000",
        "800kbps, 800000",
        "10MiB, 10485760",
        "1.5GiB/s, 1610612736",
        "2Ki, 2048"
    })
    void unitsAreDecimal(String text, long bytes) {
        assertThat(Rate.parse(text).bytesPerSecond()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0M",
                "-1",
                "-5M",
                "fast",
                "10MBB",
                "10iB",
                "10/s/s",
                "10T",
                "1,5M",
                "1e6",
                "M",
                "0.1",
                "999999999999999G"
            })
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Rate.parse(text))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("\"" + text + "\"")
                .extracting(e -> ((FetchException) e).hint())
                .asString()
                .contains("10M");
    }
}
