package dev.modelfetch.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A command line with its command word, if any, taken out. Only the first word that is neither an option nor an
 * option's value can be one; after that, {@code ls} is a file like any other.
 *
 * @param first that word; empty when there are only options
 * @param before what stands in front of it
 * @param after what follows it
 */
record Words(Optional<String> first, List<String> before, List<String> after) {

    /** @param takesValue whether the option of that name is followed by a value */
    static Words of(List<String> args, Predicate<String> takesValue) {
        for (int i = 0; i < args.size(); i++) {
            String word = args.get(i);
            if (word.equals("--")) {
                break;
            }
            if (!word.startsWith("-") || word.equals("-")) {
                return new Words(Optional.of(word), args.subList(0, i), args.subList(i + 1, args.size()));
            }
            if (takesValue.test(word)) {
                i++;
            }
        }
        return new Words(Optional.empty(), args, List.of());
    }

    /** Everything but the first word. */
    List<String> rest() {
        List<String> rest = new ArrayList<>(before);
        rest.addAll(after);
        return rest;
    }
}
