package dev.modelfetch.internal.store;

import java.util.regex.Pattern;

/** A commit becomes a file name; hubs are not trusted to send one that can. */
final class CommitName {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{3,127}");

    private CommitName() {}

    static boolean isPlain(String commit) {
        return PLAIN.matcher(commit).matches();
    }

    /** @throws IllegalArgumentException unless it is letters and digits */
    static String checked(String commit) {
        if (!isPlain(commit)) {
            throw new IllegalArgumentException("not a commit: " + commit);
        }
        return commit;
    }
}
