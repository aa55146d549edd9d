package dev.modelfetch.internal.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the nearest of the words that would have been right. */
public final class Suggestion {

    private static final int FARTHEST = 3;

    private Suggestion() {}

    /** Empty if none is near. */
    public static Optional<String> forWord(String typed, Collection<String> right) {
        return right.stream()
                .min(Comparator.comparingInt(word -> distance(typed, word)))
                .filter(word -> distance(typed, word) <= Math.min(FARTHEST, word.length() / 2));
    }

    /** As {@link #forWord}, of names with an owner, whose letters may be of either case; a wrong owner counts less. */
    public static Optional<String> forName(String typed, Collection<String> right) {
        String text = typed.toLowerCase(Locale.ROOT);
        Comparator<String> nearest = Comparator.comparingInt(name -> distance(text, name.toLowerCase(Locale.ROOT)));
        return right.stream()
                .filter(name -> {
                    String other = name.toLowerCase(Locale.ROOT);
                    return ending(other).equals(ending(text))
                            || distance(text, other) <= Math.min(FARTHEST, other.length() / 2);
                })
                .min(nearest);
    }

    private static String ending(String name) {
        return name.substring(name.indexOf('/') + 1);
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
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
