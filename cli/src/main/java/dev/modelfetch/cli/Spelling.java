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

    /** Levenshtein distance. */
    private static int slips(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
