package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GaugeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, [          ]",
        "0.09, 0, [          ]",
        "0.1, 0, [>         ]",
        "0.5, 0, [====>     ]",
        "1, 0, [==========]",
        "1.5, 0, [==========]",
        "-1, 0, [          ]",
        "0.5, 0.2, [===->     ]",
        "1, 0.3, [=======---]",
        "0.5, 0.5, [---->     ]",
        "0.2, 0.9, [->        ]"
    })
    void theBarShowsWhatIsThereAndWhatOfItIsNotHashedYet(double share, double behind, String bar) {
        assertThat(Gauge.bar(share, behind, 10)).isEqualTo(bar);
    }
}
