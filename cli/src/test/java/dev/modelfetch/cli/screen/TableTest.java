package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAsWideAsTheirWidestCellInCells() {
        Table table = new Table("路径", "SIZE");
        table.row("config.json", "25 B");
        table.row("模型.bin", "1.0 GB");

        assertThat(table.lines()).containsExactly("路径         SIZE", "config.json  25 B", "模型.bin     1.0 GB");
    }

    @Test
    void aRowIsAlwaysOneLine() {
        Table table = new Table("A");
        table.row("x\ny\u001b[31m");

        assertThat(table.lines()).containsExactly("A", "x y?[31m");
    }
}
