package dev.modelfetch.internal.store.partial;

import dev.modelfetch.Digest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.Digests;

/**
 * Names unfinished content, so that any later job that can prove it wants the same bytes goes on with them: by its
 * strongest digest, or by commit and path when the manifest names none.
 */
public final class PartialKey {

    private PartialKey() {}

    public static String of(RepoFile file, String commit) {
        return file.digest().map(Digest::hex).orElseGet(() -> Digests.hexOf(commit + "\0" + file.path()));
    }
}
