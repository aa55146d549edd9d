package dev.modelfetch.cli.screen;

import java.util.List;

/** The lines a painter has on the screen right now, and the control characters that replace them in one write. */
final class Frame {

    private static final String TO_LINE_END = "\u001b[K";
    private static final String TO_SCREEN_END = "\u001b[J";
    /** A line that is too long for a window which has just become narrower is cut and does not need a second row. */
    private static final String CUT = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private List<String> shown = List.of();

    /**
     * What to write so that these lines stand where the last ones stood; the cursor ends below them.
     *
     * @param columns of the terminal now; a narrower one than before has broken the last lines into several rows
     */
    String replacedBy(List<String> lines, int columns) {
        int height = height(columns);
        StringBuilder text = new StringBuilder(top(height));
        if (height > shown.size()) {
            text.append(TO_SCREEN_END);
        }
        text.append(CUT);
        lines.forEach(line -> text.append(line).append(TO_LINE_END).append('\n'));
        text.append(WRAP);
        if (lines.size() < height) {
            text.append(TO_SCREEN_END);
        }
        shown = List.copyOf(lines);
        return text.toString();
    }

    /** What to write so that nothing is left. */
    String erased(int columns) {
        int height = height(columns);
        shown = List.of();
        return height == 0 ? "" : top(height) + TO_SCREEN_END;
    }

    private int height(int columns) {
        return shown.stream()
                .mapToInt(line -> Math.max(1, (Cells.width(line) + columns - 1) / columns))
                .sum();
    }

    private static String top(int height) {
        return height == 0 ? "" : "\r\u001b[" + height + "A";
    }
}
