package dev.modelfetch.internal.store;

import dev.modelfetch.Manifest;

/** A commit becomes a file name; neither hubs nor what lies about on a disk are trusted to have one that can. */
final class CommitName {

    private CommitName() {}

    static boolean isPlain(String commit) {
        return Manifest.isCommit(commit);
    }

    /** @throws IllegalArgumentException unless it is letters and digits */
    static String checked(String commit) {
        if (!isPlain(commit)) {
            throw new IllegalArgumentException("not a commit: " + commit);
        }
        return commit;
    }
}
