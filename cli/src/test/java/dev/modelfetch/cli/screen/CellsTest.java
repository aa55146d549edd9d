package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellsTest {

    @ParameterizedTest
    @CsvSource({
        "abc, 3",
        "模型, 4",
        "模a型, 5",
        "한글, 4",
        "ｆｕｌｌ, 8",
        "'', 0",
        "e\u0301, 1",
        "\uD83D\uDE00, 2",
        "\uD840\uDC00, 2",
        "é, 1"
    })
    void aChineseCharacterTakesTwoCellsAndAnAccentNone(String text, int cells) {
        assertThat(Cells.width(text)).isEqualTo(cells);
    }

    @Test
    void aLongNameLosesItsMiddle() {
        assertThat(Cells.shorten("model-00001-of-00163.safetensors", 16)).isEqualTo("model-0..tensors");
    }

    @Test
    void aShortNameIsKept() {
        assertThat(Cells.shorten("config.json", 11)).isEqualTo("config.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model-00001-of-00163.safetensors",
                "模型/权重-第一部分-共九部分.safetensors",
                "\uD840\uDC00\uD840\uDC01\uD840\uDC02\uD840\uDC03abc",
                "a"
            })
    void aShortenedNameNeverExceedsItsRoomAndNeverSplitsACharacter(String name) {
        for (int cells = 0; cells < 50; cells++) {
            String shortened = Cells.shorten(name, cells);
            assertThat(Cells.width(shortened)).isLessThanOrEqualTo(cells);
            assertThat(shortened.codePoints()).noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
        }
    }

    @Test
    void aSentenceIsBrokenAtBlanks() {
        assertThat(Cells.wrapped("network away for 0:42, next try in 8 s", 22))
                .containsExactly("network away for 0:42,", "next try in 8 s");
        assertThat(Cells.wrapped("short", 22)).containsExactly("short");
    }

    @Test
    void aSentenceWithoutBlanksIsBrokenAnywhere() {
        assertThat(Cells.wrapped("网络中断网络中断", 7)).containsExactly("网络中", "断网络", "中断");
        assertThat(Cells.wrapped("abcdefg", 3)).containsExactly("abc", "def", "g");
    }

    @Test
    void controlCharactersOfAForeignNameDoNotReachTheTerminal() {
        assertThat(Cells.plain("a\u001b[2Jb\r\u0007\u202Ec\u009bd")).isEqualTo("a?[2Jb???c?d");
    }

    @Test
    void paddingCountsCells() {
        assertThat(Cells.padRight("模", 4) + "|" + Cells.padLeft("模", 4)).isEqualTo("模  |  模");
    }
}
