package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WindowsConsoleTest {

    @Test
    void theSizeIsReadInEveryLanguage() {
        String english = "\r\nStatus for device CON:\r\n----------------------\r\n    Lines:          30\r\n"
                + "    Columns:        120\r\n    Keyboard rate:  31\r\n    Code page:      437\r\n";
        String chinese =
                "\r\n设备状态 CON:\r\n---------\r\n    行:　          9001\r\n    列:　　         100\r\n    代码页:        936\r\n";

        assertThat(WindowsConsole.parse(english)).contains(new Size(120, 30));
        assertThat(WindowsConsole.parse(chinese)).contains(new Size(100, 24));
        assertThat(WindowsConsole.parse("The device CON is not currently available."))
                .isEmpty();
        assertThat(WindowsConsole.parse("Lines: 0 Columns: 0")).isEmpty();
    }

    @Test
    void aConsoleIsSentItsCodePageAndEverybodyElseUtf8() {
        assertThat(WindowsConsole.charset(true, "GBK", null).name()).isEqualTo("GBK");
        assertThat(WindowsConsole.charset(true, null, "ms936").name()).isEqualTo("x-mswin-936");
        assertThat(WindowsConsole.charset(false, "GBK", "ms936").name()).isEqualTo("UTF-8");
        assertThat(WindowsConsole.charset(true, "cp99999", null).name()).isEqualTo("UTF-8");
        assertThat(WindowsConsole.charset(true, null, null).name()).isEqualTo("UTF-8");
    }

    @Test
    void whereNoVariableSpeaksOfALanguageTheSystemDoes() {
        assertThat(Console.language(Map.of(), "zh", "CN")).containsEntry("LANG", "zh_CN");
        assertThat(Console.language(Map.of("LANG", "en_US.UTF-8"), "zh", "CN")).containsEntry("LANG", "en_US.UTF-8");
        assertThat(Console.language(Map.of("LC_ALL", "C"), "zh", "CN")).doesNotContainKey("LANG");
    }
}
