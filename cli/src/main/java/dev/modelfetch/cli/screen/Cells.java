package dev.modelfetch.cli.screen;

import java.util.ArrayList;
import java.util.List;

/** Text measured as a terminal shows it: one cell for a letter, two for a Chinese character. */
final class Cells {

    private static final String GAP = "..";

    /** First and last code point of each range that takes two cells (Unicode East Asian Width W and F). */
    private static final int[][] WIDE = {
        {0x1100, 0x115F},
        {0x231A, 0x231B},
        {0x2E80, 0x303E},
        {0x3041, 0xA4CF},
        {0xA960, 0xA97F},
        {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F},
        {0xFF00, 0xFF60},
        {0xFFE0, 0xFFE6},
        {0x1F300, 0x1F64F},
        {0x1F680, 0x1F6FF},
        {0x1F900, 0x1F9FF},
        {0x20000, 0x3FFFD}
    };

    private Cells() {}

    static int width(String text) {
        return text.codePoints().map(Cells::width).sum();
    }

    /** At most {@code cells} wide; the middle is left out, since both ends of a file name tell something. */
    static String shorten(String text, int cells) {
        if (width(text) <= cells) {
            return text;
        }
        if (cells <= GAP.length()) {
            return head(text, cells);
        }
        int room = cells - GAP.length();
        String end = tail(text, room / 2);
        return head(text, room - width(end)) + GAP + end;
    }

    static String padRight(String text, int cells) {
        return text + " ".repeat(Math.max(0, cells - width(text)));
    }

    static String padLeft(String text, int cells) {
        return " ".repeat(Math.max(0, cells - width(text))) + text;
    }

    /** In lines of at most that many cells, broken at blanks, or anywhere where there is none. */
    static List<String> wrapped(String text, int cells) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (width(rest) > cells) {
            String line = head(rest, Math.max(2, cells));
            int blank = rest.startsWith(" ", line.length()) ? line.length() : line.lastIndexOf(' ');
            if (blank > 0) {
                line = rest.substring(0, blank);
            }
            lines.add(line.stripTrailing());
            rest = rest.substring(line.length()).stripLeading();
        }
        lines.add(rest);
        return lines;
    }

    /** The text with every control character but the line feed replaced. */
    static String plain(String text) {
        return text.codePoints()
                .map(c -> (Character.isISOControl(c) && c != '\n') || isReordering(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isReordering(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }

    private static String head(String text, int cells) {
        int end = 0;
        int used = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            used += width(c);
            if (used > cells) {
                break;
            }
            end += Character.charCount(c);
        }
        return text.substring(0, end);
    }

    private static String tail(String text, int cells) {
        int start = text.length();
        int used = 0;
        while (start > 0) {
            int c = text.codePointBefore(start);
            used += width(c);
            if (used > cells) {
                break;
            }
            start -= Character.charCount(c);
        }
        return text.substring(start);
    }

    private static int width(int c) {
        if (c < 0x300) {
            return Character.isISOControl(c) ? 0 : 1;
        }
        switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {
                return 0;
            }
            default -> {
                for (int[] range : WIDE) {
                    if (c >= range[0] && c <= range[1]) {
                        return 2;
                    }
                }
                return 1;
            }
        }
    }
}
