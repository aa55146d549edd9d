package dev.modelfetch;

/** {@code fnmatch} without regular expressions: slow, and plain enough to be believed. */
final class PlainGlob {

    private PlainGlob() {}

    static boolean matches(String glob, String path) {
        if (glob.isEmpty()) {
            return path.isEmpty();
        }
        char first = glob.charAt(0);
        if (first == '*') {
            return matches(glob.substring(1), path) || (!path.isEmpty() && matches(glob, path.substring(1)));
        }
        if (path.isEmpty()) {
            return false;
        }
        int close = first == '[' ? closing(glob) : -1;
        if (close > 0) {
            return inSet(glob.substring(1, close), path.charAt(0))
                    && matches(glob.substring(close + 1), path.substring(1));
        }
        return (first == '?' || first == path.charAt(0)) && matches(glob.substring(1), path.substring(1));
    }

    /** Index of the bracket that closes the set at 0; negative if none does. */
    private static int closing(String glob) {
        int firstMember = glob.startsWith("[!") ? 2 : 1;
        return glob.indexOf(']', firstMember + 1);
    }

    private static boolean inSet(String set, char c) {
        boolean negated = set.startsWith("!");
        String rest = negated ? set.substring(1) : set;
        boolean found = false;
        while (!rest.isEmpty()) {
            boolean range = rest.length() > 2 && rest.charAt(1) == '-';
            char low = rest.charAt(0);
            char high = range ? rest.charAt(2) : low;
            found |= low <= c && c <= high;
            rest = rest.substring(range ? 3 : 1);
        }
        return found != negated;
    }
}
