package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesTest {

    @Test
    void bothLanguagesHaveTheSameKeysAndPlaceholders() {
        var english = Messages.english().bundle();
        var chinese = Messages.chinese().bundle();

        // handleKeySet of the Chinese bundle alone: keySet() would add the parent's.
        Set<String> translated = chinese.keySet().stream()
                // What a failure says in English stands where it is made.
                .filter(key -> !key.startsWith("fail."))
                .filter(key -> chinese.getString(key).codePoints().anyMatch(c -> c > 0x2E80)
                        || placeholdersOnly(chinese.getString(key)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(translated).isEqualTo(new TreeSet<>(english.keySet()));
        for (String key : english.keySet()) {
            assertThat(placeholders(chinese.getString(key))).as(key).isEqualTo(placeholders(english.getString(key)));
        }
    }

    @Test
    void whatHelpShowsIsNothingThatItWouldTakeForAFormat() {
        for (Messages messages : List.of(Messages.english(), Messages.chinese())) {
            var bundle = messages.bundle();
            assertThat(bundle.keySet().stream().filter(key -> key.matches("(opt|arg|help)\\..*")))
                    .isNotEmpty()
                    .allSatisfy(key -> assertThat(bundle.getString(key).replace("%n", ""))
                            .as(key)
                            .doesNotContain("%"));
        }
    }

    @Test
    void aSentenceHasTheKeyThatIsMadeOfItsWords() {
        var english = Messages.english().bundle();

        assertThat(english.keySet().stream().filter(key -> key.startsWith("say.")))
                .isNotEmpty()
                .allSatisfy(key ->
                        assertThat(Messages.keyOf(english.getString(key))).isEqualTo(key));
    }

    @Test
    void aClauseIsTranslatedWithItsNumbersAndItsPlace() {
        assertThat(Messages.chinese().clause("best usable answer, after 120 ms"))
                .isEqualTo("最佳的可用应答，120 毫秒");
        assertThat(Messages.chinese().clause("connect timed out (hub.test:8443)"))
                .endsWith(" (hub.test:8443)")
                .doesNotContain("timed");
        assertThat(Messages.chinese().clause("commit 0a1b2c")).isEqualTo("commit 0a1b2c");
        assertThat(Messages.english().clause("could not be reached 12 s ago"))
                .isEqualTo("could not be reached 12 s ago");
    }

    @Test
    void aSentenceWithoutATranslationStaysAsItIs() {
        assertThat(Messages.chinese().sentence("lab/tiny is gated at huggingface."))
                .isEqualTo("lab/tiny is gated at huggingface.");
        assertThat(Messages.chinese().sentence("Check the path.")).isEqualTo("请检查路径。");
    }

    @ParameterizedTest
    @CsvSource({
        "LANG, zh_CN.UTF-8, true",
        "LC_MESSAGES, zh_TW, true",
        "LC_ALL, zh, true",
        "LANG, en_US.UTF-8, false",
        "LANG, C, false",
        "LC_CTYPE, zh_CN.UTF-8, false"
    })
    void theLocaleDecidesTheLanguage(String variable, String value, boolean chinese) {
        String said = Messages.of(Map.of(variable, value)).say("column.path");

        assertThat(said).isEqualTo(chinese ? "路径" : "PATH");
    }

    @Test
    void theStrongestLocaleVariableWins() {
        assertThat(Messages.of(Map.of("LC_ALL", "C", "LANG", "zh_CN.UTF-8")).say("column.path"))
                .isEqualTo("PATH");
        assertThat(Messages.of(Map.of("LC_ALL", "", "LANG", "zh_CN.UTF-8")).say("column.path"))
                .isEqualTo("路径");
    }

    @Test
    void apostrophesAndBracesInValuesSurvive() {
        assertThat(Messages.english().say("tell.mismatch", "it's {1}.bin", "don't"))
                .isEqualTo("it's {1}.bin: don't");
    }

    private static boolean placeholdersOnly(String text) {
        return text.replaceAll("\\{\\d\\}", "").chars().noneMatch(Character::isLetter);
    }

    static Set<String> placeholders(String text) {
        Matcher matcher = Pattern.compile("\\{\\d\\}").matcher(text);
        Set<String> found = new TreeSet<>();
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }
}
