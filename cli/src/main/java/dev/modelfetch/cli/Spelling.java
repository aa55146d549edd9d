package dev.modelfetch.cli;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds what somebody may have meant to write. */
final class Spelling {

    /** More slips than that are another word. */
    private static final int SLIPS = 3;

    private Spelling() {}

    /** Those that end in what was typed, as when a part in front was left out, or differ by a few letters. */
    static Stream<String> near(String typed, Collection<String> right) {
        String text = typed.toLowerCase(Locale.ROOT);
        return right.stream().filter(word -> {
            String other = word.toLowerCase(Locale.ROOT);
            String ending = text.substring(text.indexOf('/') + 1);
            return (!ending.isEmpty() && other.endsWith("/" + ending))
                    || slips(text, other) <= Math.min(SLIPS, other.length() / 3);
        });
    }

    /** Letters to change, add or leave out, and neighbours to swap. */
    private static int slips(String a, String b) {
        int[][] slips = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    slips[i][j] = i + j;
                    continue;
                }
                int kept = slips[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                slips[i][j] = Math.min(kept, Math.min(slips[i - 1][j], slips[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    slips[i][j] = Math.min(slips[i][j], slips[i - 2][j - 2] + 1);
                }
            }
        }
        return slips[a.length()][b.length()];
    }
}
