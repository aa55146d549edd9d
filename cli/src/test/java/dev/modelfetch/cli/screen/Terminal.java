package dev.modelfetch.cli.screen;

import java.util.ArrayList;
import java.util.List;

/** What a terminal would show after receiving some text: enough of one for the few sequences we send. */
public final class Terminal {

    private final List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
    private int row;
    private int column;

    public static List<String> shows(String text) {
        Terminal terminal = new Terminal();
        terminal.receive(text);
        List<String> rows = new ArrayList<>(terminal.rows.stream()
                .map(line -> line.toString().stripTrailing())
                .toList());
        while (!rows.isEmpty() && rows.get(rows.size() - 1).isEmpty()) {
            rows.remove(rows.size() - 1);
        }
        return rows;
    }

    private void receive(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\u001b') {
                int end = i + 2;
                while (!Character.isLetter(text.charAt(end))) {
                    end++;
                }
                control(text.charAt(end), text.substring(i + 2, end));
                i = end;
            } else if (c == '\r') {
                column = 0;
            } else if (c == '\n') {
                column = 0;
                row++;
                if (row == rows.size()) {
                    rows.add(new StringBuilder());
                }
            } else {
                StringBuilder line = rows.get(row);
                line.append(" ".repeat(Math.max(0, column - line.length() + 1)));
                line.setCharAt(column++, c);
            }
        }
    }

    private void control(char what, String argument) {
        switch (what) {
            case 'A' -> row -= Integer.parseInt(argument);
            case 'K' -> rows.get(row).setLength(Math.min(column, rows.get(row).length()));
            case 'J' -> {
                rows.get(row).setLength(Math.min(column, rows.get(row).length()));
                rows.subList(row + 1, rows.size()).clear();
            }
            case 'm', 'h', 'l' -> {}
            default -> throw new IllegalArgumentException("ESC[" + argument + what);
        }
    }
}
