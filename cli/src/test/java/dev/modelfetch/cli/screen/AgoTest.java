package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgoTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, just now",
        "PT19S, just now",
        "-P3D, just now",
        "PT20S, 20 s ago",
        "PT59S, 59 s ago",
        "PT60S, 1 min ago",
        "PT59M29S, 59 min ago",
        "PT59M30S, 1 h ago",
        "PT23H, 23 h ago",
        "PT24H, 1 d ago",
        "P6D, 6 d ago",
        "P7D, 1 w ago",
        "P45D, 6 w ago",
        "P60D, 2 mo ago",
        "P300D, 10 mo ago",
        "P365D, 1 y ago",
        "P4000D, 11 y ago"
    })
    void theUnitGrowsWithTheTime(Duration ago, String words) {
        assertThat(Ago.words(Samples.NOON.minus(ago), Samples.NOON, Messages.english()))
                .isEqualTo(words);
    }
}
