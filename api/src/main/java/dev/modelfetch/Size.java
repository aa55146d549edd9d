package dev.modelfetch;

import java.util.Locale;

/** An amount of bytes that is told to people, in decimal units. */
record Size(long bytes) {

    private static final String UNITS = "kMGTPE";

    @Override
    public String toString() {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.95) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %sB", value, UNITS.charAt(unit));
    }
}
