package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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
        Desk desk = new Desk();
        assertThat(desk.around().console().colour()).isFalse();
        desk.terminal = true;
        assertThat(desk.around().console().colour()).isTrue();
        desk.environment.put("NO_COLOR", "1");
        assertThat(desk.around().console().colour()).isFalse();
        desk.environment.put("NO_COLOR", "");
        desk.environment.put("TERM", "dumb");
        assertThat(desk.around().console().colour()).isFalse();
    }

    @Test
    void aLineIsColouredAsAWholeAndCannotSteerTheTerminalItself() {
        Desk desk = new Desk();
        desk.terminal = true;
        desk.around().console().say(Line.bad("no \u001b[2J file"));

        assertThat(desk.err.toString(StandardCharsets.UTF_8)).isEqualTo("\u001b[31mno ?[2J file\u001b[0m\n");
    }
}
