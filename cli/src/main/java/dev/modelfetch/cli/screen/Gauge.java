package dev.modelfetch.cli.screen;

/**
 * Per cent and bar. ASCII, because box and block characters are one or two cells wide depending on the terminal's
 * language.
 */
final class Gauge {

    private Gauge() {}

    static String percent(int percent) {
        return Cells.padLeft(percent + "%", 4);
    }

    /**
     * For example <code>[=====>    ]</code>, or <code>[===-->    ]</code> where a part still has to be hashed.
     *
     * @param share of the whole that is there
     * @param behind the part of it that is not hashed yet
     */
    static String bar(double share, double behind, int cells) {
        int full = cells(share, cells);
        int sure = Math.min(full, cells(share - behind, cells));
        String line = "=".repeat(sure) + "-".repeat(full - sure);
        if (full > 0 && full < cells) {
            line = line.substring(0, full - 1) + ">";
        }
        return "[" + line + " ".repeat(cells - full) + "]";
    }

    private static int cells(double share, int cells) {
        return (int) Math.min(cells, Math.max(0, share * cells));
    }
}
