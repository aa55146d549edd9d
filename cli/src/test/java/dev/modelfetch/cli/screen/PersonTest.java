package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersonTest {

    private static final Person WANG = new Person(List.of("/home/wang"), List.of("wang"));

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
        assertThat(WANG.withoutHome(text)).isEqualTo(hidden);
    }

    @ParameterizedTest
    @CsvSource({
        "/data/wang/hub, /data/<user>/hub",
        "'(/data/wang, HF_HOME)', '(/data/<user>, HF_HOME)'",
        "/data/wangli/hub, /data/wangli/hub",
        "wang, wang",
        "/home/wang/.cache, ~/.cache"
    })
    void soIsTheNameOfTheAccountInPaths(String text, String hidden) {
        assertThat(WANG.withoutName(text)).isEqualTo(hidden);
    }

    @Test
    void windowsHasItsOwnSeparators() {
        assertThat(new Person(List.of("C:\\Users\\wang"), List.of()).withoutHome("C:\\Users\\wang\\token"))
                .isEqualTo("~\\token");
    }

    @Test
    void theVariableCountsAndTheRootIsNobodysHome() {
        assertThat(Person.of(Map.of("HOME", "/home/wang/")).homes())
                .contains("/home/wang")
                .doesNotContain("/", "");
        assertThat(Person.of(Map.of("HOME", "/")).withoutHome("/data/hub")).isEqualTo("/data/hub");
    }
}
