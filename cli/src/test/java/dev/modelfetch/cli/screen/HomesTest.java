package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomesTest {

    private static final Homes WANG = new Homes(List.of("/home/wang"));

    @ParameterizedTest
    @CsvSource({
        "/home/wang/.cache, ~/.cache",
        "the file /home/wang/token and /home/wang, the file ~/token and ~",
        "/home/wangli/.cache, /home/wangli/.cache",
        "/home/wang.old/x, /home/wang.old/x",
        "in /home/wang., in ~.",
        "/data/hub, /data/hub"
    })
    void theHomeIsHiddenAndNothingElse(String text, String hidden) {
        assertThat(WANG.hidden(text)).isEqualTo(hidden);
    }

    @Test
    void windowsHasItsOwnSeparators() {
        assertThat(new Homes(List.of("C:\\Users\\wang")).hidden("C:\\Users\\wang\\token"))
                .isEqualTo("~\\token");
    }

    @Test
    void theVariableCountsAndTheRootIsNobodysHome() {
        assertThat(Homes.of(Map.of("HOME", "/home/wang/")).folders())
                .contains("/home/wang")
                .doesNotContain("/", "");
        assertThat(Homes.of(Map.of("HOME", "/")).hidden("/data/hub")).isEqualTo("/data/hub");
    }
}
