package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MainTest {

    @Test
    void aVariableMayHandTheWordsOverAndNeverReplacesThem() {
        Map<String, String> handed = Map.of("MODELFETCH_ARGUMENTS", "模型/tiny\n--include\n*.json\n\n\"50%\"");

        assertThat(Main.words(handed)).containsExactly("模型/tiny", "--include", "*.json", "", "\"50%\"");
        assertThat(Main.words(handed, "ls")).containsExactly("ls");
        assertThat(Main.words(Map.of())).isEmpty();
    }
}
