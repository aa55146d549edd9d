package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {

    private static Words words(String... args) {
        return Words.of(Arrays.asList(args), option -> option.equals("--source"));
    }

    @Test
    void theFirstWordMayFollowOptions() {
        Words words = words("--json", "--source", "mirror", "ls", "lab/tiny", "ls");

        assertThat(words.first()).contains("ls");
        assertThat(words.rest()).isEqualTo(List.of("--json", "--source", "mirror", "lab/tiny", "ls"));
    }

    @Test
    void theValueOfAnOptionIsNotTheFirstWord() {
        assertThat(words("--source", "ls", "lab/tiny").first()).contains("lab/tiny");
    }

    @Test
    void nothingAfterADoubleDashIsACommand() {
        assertThat(words("--", "ls").first()).isEmpty();
    }

    @Test
    void optionsAloneHaveNoFirstWord() {
        assertThat(words("--json", "--source").first()).isEmpty();
    }
}
