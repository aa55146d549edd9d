package dev.modelfetch.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void numbersStandUnderTheirHeadings() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        new Table("tool", "s", "")
                .row("a", "12.5", "note")
                .row("longer", "1", "")
                .print(new PrintStream(bytes, true, StandardCharsets.UTF_8));

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("  tool       s", "  a       12.5  note", "  longer     1");
    }
}
