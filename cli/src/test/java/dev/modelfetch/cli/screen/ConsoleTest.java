package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTest {

    @ParameterizedTest
    @CsvSource({
        "C, UTF-8",
        "'', UTF-8",
        "zh_CN.GBK, GBK",
        "de_DE.ISO-8859-15@euro, ISO-8859-15",
        "en_US.nonsense, UTF-8",
        "en_US.UTF-8, UTF-8"
    })
    void theCodingIsThatOfTheLocaleElseUtf8(String locale, String charset) {
        assertThat(Console.charset(Map.of("LANG", locale)).name()).isEqualTo(charset);
    }

    @Test
    void colourNeedsATerminalThatWantsIt() {
        MemoryConsole screen = new MemoryConsole();
        assertThat(screen.console().colour()).isFalse();
        screen.terminal = true;
        assertThat(screen.console().colour()).isTrue();
        screen.environment.put("NO_COLOR", "1");
        assertThat(screen.console().colour()).isFalse();
        screen.environment.put("NO_COLOR", "");
        screen.environment.put("TERM", "dumb");
        assertThat(screen.console().colour()).isFalse();
    }

    @Test
    void aQuestionNeedsAScreenAndAKeyboard() {
        MemoryConsole screen = new MemoryConsole();
        assertThat(screen.console().canAsk()).isFalse();
        screen.terminal = true;
        assertThat(screen.console().canAsk()).isFalse();
        screen.keyboard = true;
        assertThat(screen.console().canAsk()).isTrue();
        screen.environment.put("TERM", "dumb");
        assertThat(screen.console().canAsk()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"y, true", "YES, true", "' y ', true", "n, false", "'', false", "yep, false"})
    void onlyAYesIsOne(String answer, boolean yes) {
        MemoryConsole screen = new MemoryConsole();
        screen.input = answer + "\nmore";

        assertThat(screen.console().ask("Really? [y/N]")).isEqualTo(yes);
        assertThat(screen.err()).isEqualTo("Really? [y/N] ");
    }

    @Test
    void aLineIsColouredAsAWholeAndCannotSteerTheTerminalItself() {
        MemoryConsole screen = new MemoryConsole();
        screen.terminal = true;
        screen.console().say(Line.bad("no \u001b[2J file"));

        assertThat(screen.err()).isEqualTo("\u001b[31mno ?[2J file\u001b[0m\n");
    }
}
