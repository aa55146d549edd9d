package dev.modelfetch.cli.screen;

import java.util.List;

/** The lines a painter has on the screen right now, and the control characters that replace them in one write. */
final class Frame {

    private static final String TO_LINE_END = "\u001b[K";
    private static final String TO_SCREEN_END = "\u001b[J";

    private int height;

    /** What to write so that these lines stand where the last ones stood; the cursor ends below them. */
    String replacedBy(List<String> lines) {
        StringBuilder text = new StringBuilder(top());
        lines.forEach(line -> text.append(line).append(TO_LINE_END).append('\n'));
        if (lines.size() < height) {
            text.append(TO_SCREEN_END);
        }
        height = lines.size();
        return text.toString();
    }

    /** What to write so that nothing is left. */
    String erased() {
        String text = height == 0 ? "" : top() + TO_SCREEN_END;
        height = 0;
        return text;
    }

    private String top() {
        return height == 0 ? "" : "\r\u001b[" + height + "A";
    }
}
